//! `folio check --watch`: the answer again at each change, until somebody ends it.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context;

use crate::cli::report::{Flow, Printer};
use crate::cli::{end_signal, remark};
use crate::core::problem::Problem;
use crate::core::workspace::{Watcher, Workspace};

/// Checks again on each change and prints what is different, until Ctrl-C or until nobody reads.
pub(super) async fn watch<W: Write>(
    mut watcher: Watcher,
    mut workspace: Workspace,
    mut printer: Printer<W>,
    mut problems: Arc<[Problem]>,
) -> anyhow::Result<()> {
    let mut end = std::pin::pin!(end_signal());
    loop {
        let changes = tokio::select! {
            changes = watcher.next() => changes.context("the system stopped to report changes")?,
            ended = &mut end => return ended,
        };
        anyhow::ensure!(
            watcher.root().is_dir(),
            "{} is gone",
            watcher.root().display()
        );
        let Some(answer) = workspace
            .update(&changes)
            .await
            .context("cannot check the folder")?
        else {
            continue;
        };
        let flow = printer.change(&problems, &answer.problems, &answer.cost)?;
        problems = answer.problems;
        remark(&match problems.len() {
            0 => "no problems".to_owned(),
            1 => "1 problem".to_owned(),
            n => format!("{n} problems"),
        });
        if flow == Flow::Closed {
            return Ok(());
        }
    }
}
