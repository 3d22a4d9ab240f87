//! `folio check --watch`: the answer again at each change, until somebody ends it.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context;

use super::check::{explain, found};
use super::report::{Flow, Printer};
use super::{end_signal, remark};
use crate::core::problem::Problem;
use crate::core::queries::report;
use crate::core::workspace::{RelPath, Watcher, Workspace};

/// Checks again on each change and prints what is different, until Ctrl-C or until nobody reads. `explained` is said to
/// be looked at why.
pub(super) async fn watch<W: Write>(
    mut watcher: Watcher,
    mut workspace: Workspace,
    mut printer: Printer<W>,
    mut problems: Arc<[Problem]>,
    explained: Option<RelPath>,
) -> anyhow::Result<()> {
    let mut end = std::pin::pin!(end_signal());
    // Answers of other people's servers become old without any change on the disk.
    let mut reports = workspace
        .runtime()
        .watch(|cx| async move { report(&cx).await });
    loop {
        let answer = tokio::select! {
            biased;
            ended = &mut end => return ended,
            changes = watcher.next() => {
                workspace.update(&changes?).await
            }
            newest = reports.next() => {
                newest.context("the engine has ended")?;
                workspace.expired(&problems).await
            }
        };
        let Some(answer) = answer.context("cannot check the folder")? else {
            continue;
        };
        let flow = printer.change(&problems, &answer.problems, &answer.cost)?;
        problems = answer.problems;
        remark(&found(&problems));
        if let Some(path) = &explained {
            explain(&workspace, path).await;
        }
        if flow == Flow::Closed {
            return Ok(());
        }
    }
}
