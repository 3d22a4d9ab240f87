//! `folio check`: the report, once or again at each change.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use tracing_chrome::{ChromeLayerBuilder, FlushGuard};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::report::{Flow, Format, Printer};
use super::watch::watch;
use super::{Check, folder, remark};
use crate::core::cost::{counted, thousands, time};
use crate::core::problem::Problem;
use crate::core::progress::Progress;
use crate::core::queries::{Probe, problems};
use crate::core::workspace::{Answer, RelPath, Watcher, Workspace};

/// Checks, and stays if that is asked for.
pub(super) async fn check(asked: Check) -> anyhow::Result<ExitCode> {
    // Written to the end when it is dropped.
    let _trace = asked.trace.as_deref().map(trace).transpose()?;
    let root = folder(&asked.dir)?;
    let format = if asked.json {
        Format::Json
    } else {
        Format::Text
    };
    let explained = asked
        .explain
        .as_deref()
        .map(|file| explained(&root, file))
        .transpose()?;
    let mut printer = Printer::new(io::BufWriter::new(io::stdout()), format);
    let mut workspace = workspace(root.clone(), &asked)?;
    let mut watcher = None;
    if asked.watch {
        let (listening, follower) = Watcher::new(&root)?;
        workspace = workspace.watched_by(follower);
        watcher = Some(listening);
    }
    let _inspecting = asked.inspect.begin(workspace.runtime()).await?;
    let answer = workspace
        .check()
        .await
        .with_context(|| format!("cannot check {}", asked.dir.display()))?;
    let flow = printer.report(&answer.problems)?;
    remark(&summary(workspace.documents(), &answer));
    if let Some(path) = &explained {
        explain(&workspace, path).await;
    }
    match watcher {
        Some(watcher) if flow == Flow::Open => {
            remark(&format!("watching {}, Ctrl-C ends", asked.dir.display()));
            watch(watcher, workspace, printer, answer.problems, explained).await?;
            Ok(ExitCode::SUCCESS)
        }
        _ if answer.problems.is_empty() => Ok(ExitCode::SUCCESS),
        _ => Ok(ExitCode::FAILURE),
    }
}

fn workspace(root: PathBuf, asked: &Check) -> anyhow::Result<Workspace> {
    let probe = asked
        .external
        .then(|| Probe::new(Duration::from_secs(asked.external_ttl)));
    let probe = probe.transpose().context("cannot follow links")?;
    Ok(Workspace::with(
        root,
        Progress::on_terminal(),
        |builder| match probe {
            Some(probe) => builder.resource(probe),
            None => builder,
        },
    ))
}

/// Has the spans of the engine written to `file`, until the guard is dropped.
fn trace(file: &Path) -> anyhow::Result<FlushGuard> {
    let out =
        std::fs::File::create(file).with_context(|| format!("cannot write {}", file.display()))?;
    let (layer, guard) = ChromeLayerBuilder::new()
        .writer(out)
        .include_args(true)
        .build();
    tracing_subscriber::registry()
        .with(layer)
        .try_init()
        .context("cannot trace")?;
    Ok(guard)
}

/// The document that is to be explained, there or not.
fn explained(root: &Path, file: &Path) -> anyhow::Result<RelPath> {
    let full = std::path::absolute(file)?;
    let full = full.canonicalize().unwrap_or(full);
    let path = RelPath::from_disk(root, &full).filter(RelPath::is_markdown);
    path.with_context(|| format!("{} is no document of {}", file.display(), root.display()))
}

/// Says why the problems of a document were last looked for.
pub(super) async fn explain(workspace: &Workspace, path: &RelPath) {
    let path = path.clone();
    let why = workspace
        .runtime()
        .query(async |cx| cx.explain(problems(path, &cx)).to_string());
    remark(&why.await);
}

fn summary(documents: usize, answer: &Answer) -> String {
    let (found, documents) = (found(&answer.problems), counted(documents, "document"));
    let (ran, elapsed) = (thousands(answer.cost.ran), time(answer.cost.elapsed));
    format!("{found} in {documents}: {ran} queries ran, {elapsed}")
}

/// How many problems there are.
pub(super) fn found(problems: &[Problem]) -> String {
    match problems.len() {
        0 => "no problems".to_owned(),
        n => counted(n, "problem"),
    }
}
