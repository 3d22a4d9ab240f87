//! The inputs of the engine as a mirror: of the disk, and of what editors hold unsaved above it.
//!
//! However many paths changed, the inputs change in one mutation, so no answer ever mixes two states of the folder.
//! The first load is the same step as any other, from a folder in which nothing was. A buffer stands for the file of
//! its path, there or not, until it is closed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use salvia::{InputContext, Runtime, Snapshot};

use super::{
    Content, Document, Entries, Files, Folder, Kind, Listing, Look, Presence, RelPath, Stamp,
};

/// A runtime, and what its inputs were last set to.
#[derive(Debug)]
pub struct Mirror {
    runtime: Arc<Runtime>,
    /// What is on the disk.
    disk: Arc<Listing>,
    /// What the inputs say: the disk, and buffers whose files are not there.
    shown: Arc<Listing>,
    /// What buffers hide: the contents on the disk.
    hidden: BTreeMap<RelPath, Content>,
}

/// What a step changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applied {
    /// Files whose content changed, that came or went.
    pub files: usize,
    /// Directories that came or went.
    pub folders: usize,
}

impl Mirror {
    /// A mirror of nothing yet.
    pub fn new(runtime: Arc<Runtime>) -> Self {
        Mirror {
            runtime,
            disk: Arc::default(),
            shown: Arc::default(),
            hidden: BTreeMap::new(),
        }
    }

    /// The runtime whose inputs are set here.
    pub fn runtime(&self) -> &Arc<Runtime> {
        &self.runtime
    }

    /// How many documents there are.
    pub fn documents(&self) -> usize {
        self.shown.documents().count()
    }

    /// What the inputs say there is.
    pub fn listing(&self) -> &Arc<Listing> {
        &self.shown
    }

    /// Makes the inputs what a look found.
    pub async fn apply(&mut self, look: Look) -> Applied {
        let Look {
            listing,
            contents,
            stamps,
        } = look;
        let mut seen = Vec::new();
        for (path, content) in contents {
            match self.hidden.get_mut(&path) {
                Some(hidden) => *hidden = content,
                None => seen.push((path, content)),
            }
        }
        for (path, hidden) in &mut self.hidden {
            if !listing.is_document(path) {
                *hidden = Content::Missing;
            }
        }
        self.disk = listing;
        self.set(seen, stamps).await
    }

    /// Shows `text` in place of the file at `path`.
    pub async fn open(&mut self, path: RelPath, text: Arc<str>) -> Applied {
        if !self.hidden.contains_key(&path) {
            let host = Document(path.clone());
            let on_disk = self.runtime.query(async |cx| host.get(&cx).await).await;
            self.hidden.insert(path.clone(), on_disk);
        }
        self.set(vec![(path, Content::Text(text))], Vec::new())
            .await
    }

    /// Shows the file at `path` again.
    pub async fn close(&mut self, path: &RelPath) -> Applied {
        let Some(content) = self.hidden.remove(path) else {
            return Applied::default();
        };
        self.set(vec![(path.clone(), content)], Vec::new()).await
    }

    /// What requests see that come now.
    pub fn snapshot(&self) -> Snapshot {
        self.runtime.snapshot()
    }

    async fn set(
        &mut self,
        contents: Vec<(RelPath, Content)>,
        stamps: Vec<(RelPath, Stamp)>,
    ) -> Applied {
        let old = self.shown.clone();
        let unsaved: Vec<_> = self.hidden.keys().cloned().collect();
        let new = self.disk.clone().with_documents(&unsaved);
        let (from, to) = (old, new.clone());
        let applied = self
            .runtime
            .mutate(|cx| set_inputs(cx, from, to, contents, stamps))
            .await;
        self.shown = new;
        applied
    }
}

/// One mutation: from the old listing to the new one, and the contents that were read.
async fn set_inputs(
    cx: InputContext,
    old: Arc<Listing>,
    new: Arc<Listing>,
    contents: Vec<(RelPath, Content)>,
    stamps: Vec<(RelPath, Stamp)>,
) -> Applied {
    let mut files = set_contents(&cx, contents).await;
    let mut folders = BTreeSet::new();
    for (path, stamp) in stamps {
        Presence(path).set::<Stamp>(stamp, &cx).await;
    }
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
        if new.kind(path) != Kind::File {
            cx.unset::<Stamp>(Presence(path.clone())).await;
        }
        Presence(path.clone()).set::<Kind>(new.kind(path), cx).await;
        let is_folder = [old, new]
            .into_iter()
            .any(|listing| listing.kind(path) == Kind::Folder);
        changed.push((path.clone(), is_folder));
    }
    changed
}

async fn set_folders(cx: &InputContext, old: &Listing, new: &Listing) {
    let mut gone = old.folders();
    for (path, (entries, files)) in new.folders() {
        let before = gone.remove(&path);
        if before.as_ref().map(|(entries, _)| entries) != Some(&entries) {
            Folder(path.clone()).set::<Entries>(entries, cx).await;
        }
        if before.map(|(_, files)| files).as_ref() != Some(&files) {
            Folder(path).set::<Files>(files, cx).await;
        }
    }
    for path in gone.into_keys() {
        cx.unset::<Entries>(Folder(path.clone())).await;
        cx.unset::<Files>(Folder(path)).await;
    }
}
