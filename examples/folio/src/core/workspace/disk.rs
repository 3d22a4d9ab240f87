//! One folder on the disk: from "these paths may have changed" to what is true now.
//!
//! A `Disk` remembers its last look, so that a small change is a small look. It sets nothing: a `Look` is a value, and a
//! `Mirror` makes the inputs of it.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use notify::ErrorKind;

use super::load::read_all;
use super::{Changes, Content, Follower, Found, Listing, RelPath, Stamp};
use crate::core::progress::Progress;

/// A folder and the last look at it.
#[derive(Debug)]
pub struct Disk {
    root: Arc<Path>,
    listing: Arc<Listing>,
    /// Who watches the directories, if anybody does.
    follower: Option<Follower>,
    /// How many looks there were.
    looks: u64,
    progress: Progress,
}

/// What a look found.
#[derive(Debug, Clone)]
pub struct Look {
    pub(super) listing: Arc<Listing>,
    /// The documents that were read.
    pub(super) contents: Vec<(RelPath, Content)>,
    /// The other files that may hold something else now.
    pub(super) stamps: Vec<(RelPath, Stamp)>,
}

impl Disk {
    /// The folder `root`, not looked at yet.
    pub fn new(root: PathBuf, progress: Progress) -> Self {
        Disk {
            root: root.into(),
            listing: Arc::default(),
            follower: None,
            looks: 0,
            progress,
        }
    }

    /// Has the directories watched, from the next look on.
    pub fn watched_by(&mut self, follower: Follower) {
        self.follower = Some(follower);
    }

    /// Where the folder is.
    pub fn root(&self) -> &Arc<Path> {
        &self.root
    }

    /// Looks at what changed. Fails if the folder cannot be listed.
    pub async fn look(&mut self, changes: &Changes) -> io::Result<Look> {
        let old = self.listing.clone();
        let new = self.list(changes).await?;
        self.looks += 1;
        let documents = to_read(&old, &new, changes);
        self.progress.begin("reading", documents.len());
        let step = || self.progress.step();
        let documents = documents.into_iter().collect();
        let contents = read_all(&self.root, &new, documents, step).await;
        let stamps = self.stamps(&old, &new, changes);
        self.listing = new.clone();
        Ok(Look {
            listing: new,
            contents,
            stamps,
        })
    }

    /// The listing as it is now: the old one, unless a changed path says that it cannot be right.
    async fn list(&mut self, changes: &Changes) -> io::Result<Arc<Listing>> {
        let (root, old, changes) = (self.root.clone(), self.listing.clone(), changes.clone());
        let mut follower = self.follower.take();
        let look = move || {
            let mut paths = changes.paths.iter();
            let listing = if changes.everything || paths.any(|path| makes_stale(&root, &old, path))
            {
                look_and_follow(&root, &changes, follower.as_mut()).map(Arc::new)
            } else {
                Ok(old)
            };
            (listing, follower)
        };
        let (listing, follower) = tokio::task::spawn_blocking(look).await?;
        self.follower = follower;
        listing
    }

    /// Marks of the files that are no documents, as far as they may have changed.
    fn stamps(
        &self,
        old: &Arc<Listing>,
        new: &Arc<Listing>,
        changes: &Changes,
    ) -> Vec<(RelPath, Stamp)> {
        let told = changes.paths.iter().flat_map(|path| new.files_in(path));
        let is_same = Arc::ptr_eq(old, new) && !changes.everything;
        let others = (!is_same).then(|| new.files()).into_iter().flatten();
        let others = others.filter(|path| changes.everything || old.get(path) != new.get(path));
        // Of a link nobody tells what is behind it.
        let paths: BTreeSet<_> = told.chain(others).chain(new.linked_files()).collect();
        let stamp = Stamp(self.looks);
        paths
            .into_iter()
            .map(|path| (path.clone(), stamp))
            .collect()
    }
}

/// Looks until all that is listed was watched before it was looked at.
fn look_and_follow(
    root: &Path,
    changes: &Changes,
    follower: Option<&mut Follower>,
) -> io::Result<Listing> {
    let mut listing = Listing::look(root)?;
    let Some(follower) = follower else {
        return Ok(listing);
    };
    let mut is_early = follower.follow(&listing, changes).map_err(unwatched)?;
    while is_early {
        listing = Listing::look(root)?;
        let follow = follower.follow(&listing, &Changes::default());
        is_early = follow.map_err(unwatched)?;
    }
    Ok(listing)
}

/// Why a folder cannot be watched, and what can be done about it.
fn unwatched(error: notify::Error) -> io::Error {
    match error.kind {
        ErrorKind::MaxFilesWatch => io::Error::other(
            "the system has no more watches to give, and each directory takes one: raise `fs.inotify.max_user_watches`, or have git ignore what is not needed",
        ),
        _ => io::Error::other(error),
    }
}

/// Whether the listing cannot be right if `path` changed.
fn makes_stale(root: &Path, listing: &Listing, path: &RelPath) -> bool {
    let is_whole_or_rule = *path == RelPath::root() || path.name() == ".gitignore";
    let now = fs::symlink_metadata(path.to_disk(root)).ok();
    match (listing.get(path), now) {
        _ if is_whole_or_rule => true,
        (Some(Found::File), Some(now)) => !now.is_file(),
        // A directory may be another one by now, or may have become readable.
        (Some(_), _) => true,
        // What is new in an ignored directory is ignored too.
        (None, Some(_)) => path
            .parent()
            .is_some_and(|parent| listing.is_open_folder(&parent)),
        (None, None) => false,
    }
}

/// The documents whose content may not be what it was.
fn to_read(old: &Arc<Listing>, new: &Arc<Listing>, changes: &Changes) -> BTreeSet<RelPath> {
    if changes.everything {
        return new.documents().cloned().collect();
    }
    let touched = changes.paths.iter().flat_map(|path| new.documents_in(path));
    let touched = touched.chain(new.linked_documents());
    let is_new = |path: &&RelPath| old.get(path) != new.get(path);
    let new_documents = (!Arc::ptr_eq(old, new)).then(|| new.documents().filter(is_new));
    touched
        .chain(new_documents.into_iter().flatten())
        .cloned()
        .collect()
}
