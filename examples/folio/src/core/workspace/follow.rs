//! Of which directories does the system tell us changes?
//!
//! Of those that are listed. Where a watch is one directory (Linux) each gets its own: an ignored directory costs
//! nothing, and one that may not be read does not spoil the rest. Elsewhere one watch covers the whole folder.
//!
//! The order is what matters: a directory is watched first and looked at afterwards, so whatever happens in it is
//! either seen by that look or told. So `follow` says whether the look it was given came too early.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use notify::{
    Config, ErrorKind, EventHandler, RecommendedWatcher, RecursiveMode, Watcher as _, WatcherKind,
};

use super::{Changes, Listing, RelPath};

/// Watches the directories of a folder. Ends with the value.
#[derive(Debug)]
pub struct Follower {
    source: RecommendedWatcher,
    root: PathBuf,
    watched: BTreeSet<RelPath>,
}

impl Follower {
    /// Watches nothing yet.
    pub fn new(root: &Path, on_event: impl EventHandler) -> notify::Result<Self> {
        let config = Config::default().with_follow_symlinks(false);
        let source = RecommendedWatcher::new(on_event, config)?;
        Ok(Follower {
            source,
            root: root.to_owned(),
            watched: BTreeSet::new(),
        })
    }

    /// Watches what is listed, and what is at or below a changed path anew: it may be another directory of that name.
    /// True if a look has to follow. Fails if the system has no more watches to give.
    pub fn follow(&mut self, listing: &Listing, changes: &Changes) -> notify::Result<bool> {
        if RecommendedWatcher::kind() != WatcherKind::Inotify {
            return self.follow_all();
        }
        let listed: BTreeSet<_> = listing.open_folders().collect();
        for gone in self.watched.difference(&listed) {
            // Fails if the directory is gone, and its watch with it.
            let _ = self.source.unwatch(&gone.to_disk(&self.root));
        }
        let mut is_early = false;
        for folder in &listed {
            if !self.watched.contains(folder) || changes.touch(folder) {
                watch(&mut self.source, &folder.to_disk(&self.root))?;
                is_early = true;
            }
        }
        self.watched = listed;
        Ok(is_early)
    }

    fn follow_all(&mut self) -> notify::Result<bool> {
        let is_early = self.watched.insert(RelPath::root());
        if is_early {
            self.source.watch(&self.root, RecursiveMode::Recursive)?;
        }
        Ok(is_early)
    }
}

/// One directory that cannot be watched is no failure: it went away, which its parent tells, or it may not be read,
/// which the report tells. Every other error would be met again.
fn watch(source: &mut RecommendedWatcher, path: &Path) -> notify::Result<()> {
    match source.watch(path, RecursiveMode::NonRecursive) {
        Err(error) if is_of_this_one(&error.kind) => Ok(()),
        result => result,
    }
}

fn is_of_this_one(kind: &ErrorKind) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};

    match kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => {
            matches!(error.kind(), NotFound | PermissionDenied | NotADirectory)
        }
        _ => false,
    }
}
