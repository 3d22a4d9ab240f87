//! From a command to an exit code: 0 nothing found, 1 problems, 2 bad use or a folder that cannot be checked.
//!
//! The report goes to standard output and nothing else does; all remarks go to standard error.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use crate::cli::{Check, Cli, Command};
use crate::cost::{thousands, time};
use crate::progress::Progress;
use crate::report::{Flow, Format, Printer};
use crate::watch::{Watcher, watch};
use crate::workspace::{Answer, Workspace};

/// Does what the command line asks for.
pub fn run(cli: Cli) -> ExitCode {
    let Command::Check(check) = cli.command;
    match block_on_check(check) {
        Ok(code) => code,
        Err(error) => {
            remark(&format!("folio: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn block_on_check(asked: Check) -> anyhow::Result<ExitCode> {
    let root = folder(&asked.dir)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start")?;
    let code = runtime.block_on(check(root, &asked));
    // A read that hangs (a dead network mount) is not worth waiting for.
    runtime.shutdown_background();
    code
}

async fn check(root: PathBuf, asked: &Check) -> anyhow::Result<ExitCode> {
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

/// The folder by its full name: paths of changes come with full names.
fn folder(dir: &Path) -> anyhow::Result<PathBuf> {
    let root = dir
        .canonicalize()
        .with_context(|| format!("cannot open {}", dir.display()))?;
    anyhow::ensure!(root.is_dir(), "{} is not a directory", dir.display());
    Ok(root)
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

/// A line on standard error. That nobody is there to read it is no reason to stop.
pub(crate) fn remark(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
