//! `folio build`: the folder as a static site.

use std::path::absolute;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;

use super::{Build, folder, remark};
use crate::build;
use crate::core::cost::{counted, thousands, time};
use crate::core::progress::Progress;
use crate::core::workspace::Workspace;

/// Builds, and says what was written.
pub(super) async fn build(asked: Build) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    let root = folder(&asked.dir)?;
    std::fs::create_dir_all(&asked.out)
        .with_context(|| format!("cannot make {}", asked.out.display()))?;
    let out = absolute(&asked.out)?.canonicalize()?;
    let mut workspace = Workspace::new(root.clone(), Progress::on_terminal());
    workspace
        .load()
        .await
        .with_context(|| format!("cannot read {}", asked.dir.display()))?;
    if let Some(inside) = build::inside(&root, &out) {
        let is_taken = workspace.mirror().listing().is_open_folder(&inside);
        anyhow::ensure!(
            !is_taken,
            "{} is a part of {}: the site would become a part of itself; choose another place, or have git ignore it",
            asked.out.display(),
            asked.dir.display(),
        );
    }
    let done = build::build(&workspace, &root, &out, asked.base.as_deref()).await?;
    for failure in &done.failures {
        remark(&format!("folio: cannot copy {failure}"));
    }
    remark(&format!(
        "{}, {}: {} written, {} removed, {}",
        counted(workspace.documents(), "document"),
        counted(done.files, "file"),
        thousands(done.written as u64),
        thousands(done.removed as u64),
        time(start.elapsed())
    ));
    Ok(match done.failures.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
