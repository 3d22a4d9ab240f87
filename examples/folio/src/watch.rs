//! Changes on the disk, a batch at a time: what changed, and when is it quiet enough to look?
//!
//! One save is many events (a new file, a rename, a changed time). A batch begins with the first of them and ends after a
//! short silence, or after a second of steady noise. What the events say is only a hint of where to look; the
//! disk is asked what is true.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use notify::EventKind;
use notify::event::{AccessKind, AccessMode};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, timeout, timeout_at};

use crate::follow::Follower;
use crate::problem::Problem;
use crate::report::{Flow, Printer};
use crate::run::remark;
use crate::workspace::{Changes, RelPath, Workspace};

/// Longer than the steps of one save are apart, shorter than a person notices.
const QUIET: Duration = Duration::from_millis(50);
/// A build that writes without end must not keep the answer back.
const AT_MOST: Duration = Duration::from_secs(1);

type Event = notify::Result<notify::Event>;

/// Listens to changes below one folder.
#[derive(Debug)]
pub struct Watcher {
    root: PathBuf,
    /// Unbounded: the system's thread must not wait for us, and a batch takes all there is.
    events: UnboundedReceiver<Event>,
}

impl Watcher {
    /// Listens to what the follower, once it follows something, is told. Fails if the system cannot.
    pub fn new(root: &Path) -> anyhow::Result<(Self, Follower)> {
        let (sender, events) = unbounded_channel();
        let send = move |event| {
            // Fails only if the watcher is being dropped.
            let _ = sender.send(event);
        };
        let follower = Follower::new(root, send)
            .with_context(|| format!("cannot watch {}", root.display()))?;
        Ok((
            Watcher {
                root: root.to_owned(),
                events,
            },
            follower,
        ))
    }

    /// The next batch; `None` if the system stopped to tell. Nothing is lost if this is dropped before it ends a batch,
    /// but the events of the batch it was in.
    async fn next(&mut self) -> Option<Changes> {
        let mut changes = Changes::default();
        while changes == Changes::default() {
            let event = self.events.recv().await?;
            add(&mut changes, &self.root, event);
        }
        let end = Instant::now() + AT_MOST;
        while let Ok(Ok(Some(event))) = timeout_at(end, timeout(QUIET, self.events.recv())).await {
            add(&mut changes, &self.root, event);
        }
        Some(changes)
    }
}

/// Checks again on each change and prints what is different, until Ctrl-C or until nobody reads.
pub async fn watch<W: Write>(
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
        anyhow::ensure!(watcher.root.is_dir(), "{} is gone", watcher.root.display());
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

fn add(changes: &mut Changes, root: &Path, event: Event) {
    let event = match event {
        Ok(event) if event.need_rescan() => return changes.everything = true,
        Ok(event) => event,
        Err(error) => {
            remark(&format!("folio: {error}; looking at everything"));
            return changes.everything = true;
        }
    };
    // Reading is an event too, and we read.
    let is_read = matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write));
    if is_read {
        return;
    }
    let paths = event
        .paths
        .iter()
        .filter_map(|path| RelPath::from_disk(root, path));
    changes.paths.extend(paths.filter(|path| !is_of_git(path)));
}

/// Whether a path lies in a `.git`, where every command of git writes.
fn is_of_git(path: &RelPath) -> bool {
    path.as_str().split('/').any(|part| part == ".git")
}

#[cfg(unix)]
async fn end_signal() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn end_signal() -> anyhow::Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}
