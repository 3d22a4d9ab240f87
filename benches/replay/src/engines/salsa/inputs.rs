//! What the queries read, and what they are asked by.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use ::salsa::Storage;
use folio::core::parse::LinkKind;
use folio::core::resolve::Destination;
use folio::core::workspace::{Entries, Kind, RelPath};

#[salsa::db]
#[derive(Clone, Default)]
pub(super) struct Db {
    storage: Storage<Self>,
}

#[salsa::db]
impl salsa::Database for Db {}

/// One document.
#[salsa::input]
pub(super) struct File {
    #[returns(ref)]
    pub(super) path: RelPath,
    #[returns(ref)]
    pub(super) text: Arc<str>,
}

/// What there is.
#[salsa::input(singleton)]
pub(super) struct Listing {
    #[returns(ref)]
    pub(super) tree: Arc<Tree>,
}

/// A path that is asked about. It is never collected, so that reading it needs no check.
#[salsa::interned(revisions = usize::MAX)]
pub(super) struct Place<'db> {
    #[returns(ref)]
    pub(super) path: RelPath,
}

/// What a link of some kind names.
#[salsa::interned(revisions = usize::MAX)]
pub(super) struct Named<'db> {
    #[returns(copy)]
    pub(super) kind: LinkKind,
    #[returns(ref)]
    pub(super) destination: Destination,
}

/// Documents by path, and what stands in each directory.
#[derive(PartialEq, Eq)]
pub(super) struct Tree {
    pub(super) files: HashMap<RelPath, File>,
    pub(super) folders: BTreeMap<RelPath, Entries>,
}

impl Tree {
    pub(super) fn new(files: HashMap<RelPath, File>) -> Self {
        let mut documents: BTreeMap<RelPath, Vec<RelPath>> = BTreeMap::new();
        let mut folders: BTreeMap<RelPath, Vec<RelPath>> = BTreeMap::new();
        documents.entry(RelPath::root()).or_default();
        for path in files.keys() {
            let mut folder = path.parent().unwrap_or_else(RelPath::root);
            documents
                .entry(folder.clone())
                .or_default()
                .push(path.clone());
            while let Some(above) = folder.parent() {
                documents.entry(above.clone()).or_default();
                let beside = folders.entry(above.clone()).or_default();
                if !beside.contains(&folder) {
                    beside.push(folder);
                }
                folder = above;
            }
        }
        let sorted = |mut paths: Vec<RelPath>| -> Arc<[RelPath]> {
            paths.sort();
            paths.into()
        };
        let entries = documents.into_iter().map(|(path, documents)| {
            let folders = folders.remove(&path).unwrap_or_default();
            let entries = Entries {
                documents: sorted(documents),
                folders: sorted(folders),
                failure: None,
            };
            (path, entries)
        });
        let folders = entries.collect();
        Tree { files, folders }
    }

    pub(super) fn kind(&self, path: &RelPath) -> Kind {
        if self.files.contains_key(path) {
            Kind::File
        } else if self.folders.contains_key(path) {
            Kind::Folder
        } else {
            Kind::Nothing
        }
    }
}
