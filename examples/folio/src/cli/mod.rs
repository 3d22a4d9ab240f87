//! The command line: from words to an exit code.
//!
//! 0 all is well, 1 problems were found, 2 bad use or a folder that cannot be worked on. What was asked for goes to
//! standard output and nothing else does; all remarks go to standard error.

mod args;
mod build;
mod check;
mod inspect;
mod lsp;
mod report;
mod serve;
mod signal;
mod watch;

use std::future::Future;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

pub use args::{Build, Check, Cli, Command, Lsp, Serve};
pub use inspect::Inspect;
use signal::end_signal;

/// Does what the command line asks for.
pub fn run(cli: Cli) -> ExitCode {
    let done = match cli.command {
        Command::Check(asked) => block_on(check::check(asked)),
        Command::Build(asked) => block_on(build::build(asked)),
        Command::Serve(asked) => block_on(serve::serve(asked)),
        Command::Lsp(asked) => block_on(lsp::lsp(asked)),
    };
    done.unwrap_or_else(|error| {
        remark(&format!("folio: {error:#}"));
        ExitCode::from(2)
    })
}

fn block_on(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new().context("cannot start")?;
    let code = runtime.block_on(work);
    // A read that hangs (a dead network mount) is not worth waiting for.
    runtime.shutdown_background();
    code
}

/// The folder by its full name: paths of changes come with full names.
fn folder(dir: &Path) -> anyhow::Result<PathBuf> {
    let root = dir
        .canonicalize()
        .with_context(|| format!("cannot open {}", dir.display()))?;
    anyhow::ensure!(root.is_dir(), "{} is not a directory", dir.display());
    Ok(root)
}

/// A line on standard error. That nobody is there to read it is no reason to stop.
pub(crate) fn remark(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
