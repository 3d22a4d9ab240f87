//! `folio check`: the report, once or again at each change.

use std::io;
use std::process::ExitCode;

use anyhow::Context;

use super::report::{Flow, Format, Printer};
use super::watch::watch;
use super::{Check, folder, remark};
use crate::core::cost::{thousands, time};
use crate::core::progress::Progress;
use crate::core::workspace::{Answer, Watcher, Workspace};

/// Checks, and stays if that is asked for.
pub(super) async fn check(asked: Check) -> anyhow::Result<ExitCode> {
    let root = folder(&asked.dir)?;
    let format = if asked.json {
        Format::Json
    } else {
        Format::Text
    };
    let mut printer = Printer::new(io::BufWriter::new(io::stdout()), format);

    let mut workspace = Workspace::new(root.clone(), Progress::on_terminal());
    let mut watcher = None;
    if asked.watch {
        let (listening, follower) = Watcher::new(&root)?;
        workspace = workspace.watched_by(follower);
        watcher = Some(listening);
    }
    let answer = workspace
        .check()
        .await
        .with_context(|| format!("cannot check {}", asked.dir.display()))?;
    let flow = printer.report(&answer.problems)?;
    remark(&summary(workspace.documents(), &answer));
    match watcher {
        Some(watcher) if flow == Flow::Open => {
            remark(&format!("watching {}, Ctrl-C ends", asked.dir.display()));
            watch(watcher, workspace, printer, answer.problems).await?;
            Ok(ExitCode::SUCCESS)
        }
        _ if answer.problems.is_empty() => Ok(ExitCode::SUCCESS),
        _ => Ok(ExitCode::FAILURE),
    }
}

fn summary(documents: usize, answer: &Answer) -> String {
    let count = |n: usize, what: &str| {
        let ending = if n == 1 { "" } else { "s" };
        format!("{} {what}{ending}", thousands(n as u64))
    };
    let found = match answer.problems.len() {
        0 => "no problems".to_owned(),
        n => count(n, "problem"),
    };
    let (ran, elapsed) = (thousands(answer.cost.ran), time(answer.cost.elapsed));
    format!(
        "{found} in {}: {ran} queries ran, {elapsed}",
        count(documents, "document")
    )
}
