//! A folder under check: from "these paths changed" to a new answer.
//!
//! A `Workspace` keeps the last look at the disk and the runtime whose inputs mirror it. However many paths changed, the
//! inputs change in one mutation, so no answer ever mixes two states of the folder. The first load is the same
//! step as any other, from a folder in which nothing was.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use salvia::{InputContext, Runtime};

use super::{Content, Document, Entries, Folder, Found, Kind, Listing, Presence, RelPath};
use crate::cost::{Cost, Tally};
use crate::follow::Follower;
use crate::load::read_all;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::queries::report;

/// A folder and what is known of it.
#[derive(Debug)]
pub struct Workspace {
    root: Arc<Path>,
    runtime: Arc<Runtime>,
    listing: Arc<Listing>,
    tally: Tally,
    progress: Progress,
    /// Who watches the directories, if anybody does.
    follower: Option<Follower>,
}

/// Which paths may have changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files, and directories with all that is in them.
    pub paths: BTreeSet<RelPath>,
    /// Nobody knows: look at everything.
    pub everything: bool,
}

impl Changes {
    /// Whether something at `path`, or a directory it is in, may have changed.
    pub fn touch(&self, path: &RelPath) -> bool {
        let up = std::iter::successors(Some(path.clone()), RelPath::parent);
        self.everything || up.into_iter().any(|path| self.paths.contains(&path))
    }
}

/// What a step changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applied {
    /// Files whose content changed, that came or went.
    pub files: usize,
    /// Directories that came or went.
    pub folders: usize,
}

/// A report and its cost.
#[derive(Debug, Clone)]
pub struct Answer {
    /// All problems, in order.
    pub problems: Arc<[Problem]>,
    /// What it took to know them.
    pub cost: Cost,
}

impl Workspace {
    /// A workspace over `root`, in which nothing is known yet. Needs a tokio runtime around it.
    pub fn new(root: PathBuf, progress: Progress) -> Self {
        let tally = Tally::default();
        let runtime = Runtime::builder()
            .resource(tally.clone())
            .resource(progress.clone())
            .build();
        Workspace {
            root: root.into(),
            runtime,
            listing: Arc::default(),
            tally,
            progress,
            follower: None,
        }
    }

    /// Has the directories watched, from the next look on.
    pub fn watched_by(mut self, follower: Follower) -> Self {
        self.follower = Some(follower);
        self
    }

    /// How many documents there are.
    pub fn documents(&self) -> usize {
        self.listing.documents().count()
    }

    /// Looks at everything and checks it. Fails if the folder cannot be listed.
    pub async fn check(&mut self) -> io::Result<Answer> {
        let start = Instant::now();
        let applied = self
            .apply(&Changes {
                everything: true,
                ..Changes::default()
            })
            .await?;
        let answer = self.answer(start, applied).await;
        self.progress.end();
        answer
    }

    /// Looks at what changed and checks again; `None` if nothing changed that matters. Fails as `check` does.
    pub async fn update(&mut self, changes: &Changes) -> io::Result<Option<Answer>> {
        let start = Instant::now();
        let applied = self.apply(changes).await?;
        if applied == Applied::default() {
            return Ok(None);
        }
        self.answer(start, applied).await.map(Some)
    }

    async fn answer(&self, start: Instant, applied: Applied) -> io::Result<Answer> {
        let (before, _) = self.tally.read();
        self.progress.begin("checking", self.documents());
        let problems = self
            .runtime
            .try_query(|cx| async move { report(&cx).await })
            .await;
        let problems = problems.map_err(io::Error::other)?;
        let (after, known) = self.tally.read();
        let Applied { files, folders } = applied;
        let (ran, count) = (after - before, problems.len());
        let cost = Cost {
            files,
            folders,
            ran,
            known,
            problems: count,
            elapsed: start.elapsed(),
        };
        Ok(Answer { problems, cost })
    }

    /// Makes the inputs what the disk says.
    async fn apply(&mut self, changes: &Changes) -> io::Result<Applied> {
        let old = self.listing.clone();
        let new = self.look(changes).await?;
        let documents = to_read(&old, &new, changes);
        self.progress.begin("reading", documents.len());
        let contents = read_all(&self.root, &new, documents.into_iter().collect(), || {
            self.progress.step()
        })
        .await;
        let applied = self
            .runtime
            .mutate(|cx| set_inputs(cx, old, new.clone(), contents))
            .await;
        self.listing = new;
        Ok(applied)
    }

    /// The listing as it is now: the old one, unless a changed path says that it cannot be right.
    async fn look(&mut self, changes: &Changes) -> io::Result<Arc<Listing>> {
        let (root, old, changes) = (self.root.clone(), self.listing.clone(), changes.clone());
        let mut follower = self.follower.take();
        let look = move || {
            let is_stale = || {
                changes
                    .paths
                    .iter()
                    .any(|path| makes_stale(&root, &old, path))
            };
            let listing = if changes.everything || is_stale() {
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
    let mut is_early = follower
        .follow(&listing, changes)
        .map_err(io::Error::other)?;
    while is_early {
        listing = Listing::look(root)?;
        is_early = follower
            .follow(&listing, &Changes::default())
            .map_err(io::Error::other)?;
    }
    Ok(listing)
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

/// One mutation: from the old listing to the new one, and the contents that were read.
async fn set_inputs(
    cx: InputContext,
    old: Arc<Listing>,
    new: Arc<Listing>,
    contents: Vec<(RelPath, Content)>,
) -> Applied {
    let mut files = set_contents(&cx, contents).await;
    let mut folders = BTreeSet::new();
    if !Arc::ptr_eq(&old, &new) {
        for (path, is_folder) in set_presence(&cx, &old, &new).await {
            if is_folder {
                folders.insert(path)
            } else {
                files.insert(path)
            };
        }
        set_folders(&cx, &old, &new).await;
    }
    Applied {
        files: files.len(),
        folders: folders.len(),
    }
}

async fn set_contents(cx: &InputContext, contents: Vec<(RelPath, Content)>) -> BTreeSet<RelPath> {
    let mut changed = BTreeSet::new();
    for (path, content) in contents {
        let document = Document(path.clone());
        if document.clone().get(cx).await != content {
            document.set(content, cx).await;
            changed.insert(path);
        }
    }
    changed
}

/// Tells what came, went or became something else, and whether it is or was a directory.
async fn set_presence(cx: &InputContext, old: &Listing, new: &Listing) -> Vec<(RelPath, bool)> {
    let mut changed = Vec::new();
    for path in old.differing(new) {
        if old.is_document(path) && !new.is_document(path) {
            cx.unset::<Content>(Document(path.clone())).await;
        }
        Presence(path.clone()).set(new.kind(path), cx).await;
        let is_folder = [old, new]
            .into_iter()
            .any(|listing| listing.kind(path) == Kind::Folder);
        changed.push((path.clone(), is_folder));
    }
    changed
}

async fn set_folders(cx: &InputContext, old: &Listing, new: &Listing) {
    let mut gone = old.folders();
    for (path, entries) in new.folders() {
        if gone.remove(&path).as_ref() != Some(&entries) {
            Folder(path).set(entries, cx).await;
        }
    }
    for path in gone.into_keys() {
        cx.unset::<Entries>(Folder(path)).await;
    }
}
