//! `folio build`: the folder as a static site.
//!
//! Only what is another thing is written, so that who copies the site on copies little. What an earlier build wrote
//! and this one does not is removed; files of others in the same place are left alone.
//!
//! - `plan`: which files make up the site;
//! - `output`: the place they are written to.

mod output;
mod plan;

use std::io;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

pub use output::Written;
use output::{Output, copy};

use crate::core::workspace::{RelPath, Workspace};

/// Makes the site of `workspace`, which is loaded, in `out`. `base` is where it will be found.
///
/// Fails if `out` cannot be written; a file of the folder that cannot be read is told in `Written`.
pub async fn build(
    workspace: &Workspace,
    root: &Path,
    out: &Path,
    base: Option<&str>,
) -> anyhow::Result<Written> {
    let progress = workspace.progress();
    progress.begin("rendering", workspace.documents());
    let base: Option<Arc<str>> = base.map(Arc::from);
    let plan = workspace
        .runtime()
        .try_query(|cx| async move { plan::plan(base, &cx).await })
        .await?;
    progress.begin("writing", plan.texts.len() + plan.files.len());
    let (root, out, progress) = (root.to_owned(), out.to_owned(), progress.clone());
    let write = move || -> io::Result<Written> {
        let mut output = Output::open(&out)?;
        for (name, text) in &plan.texts {
            output.write(name, text.as_bytes())?;
            progress.step();
        }
        for path in &plan.files {
            copy(&mut output, &root, path)?;
            progress.step();
        }
        output.finish()
    };
    let written = tokio::task::spawn_blocking(write).await?;
    workspace.progress().end();
    written.context("cannot write the site")
}

/// The place of `out` in the folder `root`, if it is there.
pub fn inside(root: &Path, out: &Path) -> Option<RelPath> {
    RelPath::from_disk(root, out)
}
