//! Changes on the disk, a batch at a time: what changed, and when is it quiet enough to look?
//!
//! One save is many events (a new file, a rename, a changed time). A batch begins with the first of them and ends after a
//! short silence, or after a second of steady noise. What the events say is only a hint of where to look; the
//! disk is asked what is true.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use notify::EventKind;
use notify::event::{AccessKind, AccessMode};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, timeout, timeout_at};

use super::{Changes, Follower, RelPath};

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
    /// What has come of the next batch so far.
    batch: Changes,
    /// When it ends at the latest; there once it has begun.
    end: Option<Instant>,
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
                batch: Changes::default(),
                end: None,
            },
            follower,
        ))
    }

    /// The folder that is watched.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The next batch. Nothing is lost if this is dropped: a batch that has begun is kept for the next call.
    ///
    /// # Errors
    ///
    /// If the system has stopped to tell, or the folder is gone.
    pub async fn next(&mut self) -> anyhow::Result<Changes> {
        while self.batch == Changes::default() {
            let event = self.events.recv().await;
            let event = event.context("the system stopped to report changes")?;
            add(&mut self.batch, &self.root, event);
        }
        let end = *self.end.get_or_insert_with(|| Instant::now() + AT_MOST);
        while let Ok(Ok(Some(event))) = timeout_at(end, timeout(QUIET, self.events.recv())).await {
            add(&mut self.batch, &self.root, event);
        }
        self.end = None;
        anyhow::ensure!(self.root.is_dir(), "{} is gone", self.root.display());
        Ok(std::mem::take(&mut self.batch))
    }
}

fn add(changes: &mut Changes, root: &Path, event: Event) {
    let event = match event {
        Ok(event) if event.need_rescan() => return changes.everything = true,
        Ok(event) => event,
        // Something was lost, and nobody knows what.
        Err(_) => return changes.everything = true,
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
