//! One look at the whole folder: what is there, by git's rules of what counts?
//!
//! Rules are those of `.gitignore` in and above the folder, of `.git/info/exclude` and of the user's own excludes, in a
//! repository or not. Hidden files count, `.git` does not. Symbolic links are not followed into directories, so a
//! loop of them ends; a link to a file stands for that file.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, FileType};
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use ignore::{DirEntry, WalkBuilder};

use super::{Entries, Files, Kind, RelPath, Unreadable};

/// What a look found at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file.
    File,
    /// A symbolic link to a file. The system tells of changes of the file, not of the link.
    LinkedFile,
    /// A directory that was looked into.
    Folder,
    /// A symbolic link to a directory, not looked into.
    LinkedFolder,
    /// Something that cannot be read, and why.
    Odd(Arc<str>),
}

/// Everything in the folder that is not ignored, but the folder itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    entries: BTreeMap<RelPath, Found>,
    failures: BTreeMap<RelPath, Arc<str>>,
}

impl Listing {
    /// Looks. Blocks on the disk; fails only if the folder itself is no directory any more.
    pub fn look(root: &Path) -> std::io::Result<Self> {
        fs::read_dir(root)?;
        let mut listing = Listing::default();
        let walk = WalkBuilder::new(root)
            .hidden(false)
            .ignore(false)
            .require_git(false)
            .filter_entry(|entry| entry.file_name() != ".git")
            .build();
        for entry in walk {
            match entry {
                Ok(entry) => listing.add(root, &entry),
                Err(error) => listing.fail(root, &error),
            }
        }
        Ok(listing)
    }

    /// What stands at `path`.
    pub fn kind(&self, path: &RelPath) -> Kind {
        match self.entries.get(path) {
            Some(Found::File | Found::LinkedFile) => Kind::File,
            Some(Found::Folder | Found::LinkedFolder) => Kind::Folder,
            Some(Found::Odd(_)) | None => Kind::Nothing,
        }
    }

    /// What was found at `path`.
    pub fn get(&self, path: &RelPath) -> Option<&Found> {
        self.entries.get(path)
    }

    /// The directories whose entries are listed, the folder itself first.
    pub fn open_folders(&self) -> impl Iterator<Item = RelPath> {
        let folders = self
            .entries
            .iter()
            .filter(|(_, found)| **found == Found::Folder);
        std::iter::once(RelPath::root()).chain(folders.map(|(path, _)| path.clone()))
    }

    /// Whether `path` is a directory whose entries are listed.
    pub fn is_open_folder(&self, path: &RelPath) -> bool {
        *path == RelPath::root() || self.entries.get(path) == Some(&Found::Folder)
    }

    /// All documents, in order.
    pub fn documents(&self) -> impl Iterator<Item = &RelPath> {
        self.entries
            .iter()
            .filter(|(path, found)| is_document(path, found))
            .map(|(path, _)| path)
    }

    /// The documents that are symbolic links.
    pub fn linked_documents(&self) -> impl Iterator<Item = &RelPath> {
        self.linked().filter(|path| path.is_markdown())
    }

    /// The other files that are symbolic links.
    pub fn linked_files(&self) -> impl Iterator<Item = &RelPath> {
        self.linked().filter(|path| !path.is_markdown())
    }

    fn linked(&self) -> impl Iterator<Item = &RelPath> {
        let entries = self.entries.iter();
        entries
            .filter(|(_, found)| **found == Found::LinkedFile)
            .map(|(path, _)| path)
    }

    /// Whether there is a document at `path`.
    pub fn is_document(&self, path: &RelPath) -> bool {
        self.entries
            .get(path)
            .is_some_and(|found| is_document(path, found))
    }

    /// All files that are no documents, in order.
    pub fn files(&self) -> impl Iterator<Item = &RelPath> {
        let entries = self.entries.iter();
        entries
            .filter(|(path, found)| is_asset(path, found))
            .map(|(path, _)| path)
    }

    /// The listing with a file at each of `documents`, and with the directories they are in.
    pub fn with_documents(self: Arc<Self>, documents: &[RelPath]) -> Arc<Self> {
        if documents.iter().all(|path| self.is_document(path)) {
            return self;
        }
        let mut with = (*self).clone();
        for path in documents.iter().filter(|path| path.is_markdown()) {
            let mut above = path.parent();
            while let Some(folder) = above.filter(|folder| *folder != RelPath::root()) {
                with.entries.entry(folder.clone()).or_insert(Found::Folder);
                above = folder.parent();
            }
            with.entries.entry(path.clone()).or_insert(Found::File);
        }
        Arc::new(with)
    }

    /// The documents at `path` and below it, in order.
    pub fn documents_in(&self, path: &RelPath) -> impl Iterator<Item = &RelPath> {
        let found = self.entries_in(path);
        found
            .filter(|(path, found)| is_document(path, found))
            .map(|(path, _)| path)
    }

    /// The files at `path` and below it that are no documents, in order.
    pub fn files_in(&self, path: &RelPath) -> impl Iterator<Item = &RelPath> {
        let found = self.entries_in(path);
        found
            .filter(|(path, found)| is_asset(path, found))
            .map(|(path, _)| path)
    }

    fn entries_in(&self, path: &RelPath) -> impl Iterator<Item = (&RelPath, &Found)> {
        // Between `a` and `a/b` stand `a-b` and other neighbours.
        let below = match path.borrow() {
            "" => String::new(),
            text => format!("{text}/"),
        };
        let inside = self
            .entries
            .range::<str, _>((Bound::Excluded(below.as_str()), Bound::Unbounded));
        let inside =
            inside.take_while(move |(path, _)| Borrow::<str>::borrow(*path).starts_with(&below));
        self.entries.get_key_value(path).into_iter().chain(inside)
    }

    /// Every path that is listed here or there and is not the same in both.
    pub fn differing<'l>(&'l self, other: &'l Listing) -> BTreeSet<&'l RelPath> {
        let paths = self.entries.keys().chain(other.entries.keys());
        paths
            .filter(|path| self.entries.get(*path) != other.entries.get(*path))
            .collect()
    }

    /// What stands in each directory, by its path: documents and directories, and the other files.
    pub fn folders(&self) -> BTreeMap<RelPath, (Entries, Files)> {
        let mut lists: BTreeMap<RelPath, Lists> = BTreeMap::new();
        lists.entry(RelPath::root()).or_default();
        for (path, found) in &self.entries {
            let Some(parent) = path.parent() else {
                continue;
            };
            let list = lists.entry(parent).or_default();
            if *found == Found::Folder {
                list.folders.push(path.clone());
                lists.entry(path.clone()).or_default();
            } else if is_document(path, found) {
                list.documents.push(path.clone());
            } else if is_asset(path, found) {
                list.files.push(path.clone());
            }
        }
        let folder = |(path, list): (RelPath, Lists)| {
            let failure = self.failures.get(&path);
            let entries = Entries {
                documents: list.documents.into(),
                folders: list.folders.into(),
                failure: failure.map(|reason| Unreadable::whole(reason.clone())),
            };
            (path, (entries, list.files.into()))
        };
        lists.into_iter().map(folder).collect()
    }

    fn add(&mut self, root: &Path, entry: &DirEntry) {
        let Some(path) =
            RelPath::from_disk(root, entry.path()).filter(|path| *path != RelPath::root())
        else {
            return;
        };
        let found = match entry.file_type() {
            Some(kind) if kind.is_dir() => Found::Folder,
            _ if entry.path().to_str().is_none() => Found::Odd("its name is not Unicode".into()),
            Some(kind) if kind.is_symlink() => behind_link(entry.path()),
            Some(kind) => plain(kind),
            None => Found::Odd("not a file".into()),
        };
        self.entries.insert(path, found);
    }

    fn fail(&mut self, root: &Path, error: &ignore::Error) {
        let Some(path) = path_of(error).and_then(|path| RelPath::from_disk(root, path)) else {
            return;
        };
        let reason = error
            .io_error()
            .map_or_else(|| error.to_string(), io_reason);
        self.failures.insert(path, reason.into());
    }
}

/// An error of the system in our words: its own text ends with a number that says nothing. An error that was wrapped on
/// the way has a text that names full paths; of that only the kind is told.
pub(crate) fn io_reason(error: &std::io::Error) -> String {
    if error.raw_os_error().is_none() {
        return error.kind().to_string();
    }
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

fn is_document(path: &RelPath, found: &Found) -> bool {
    path.is_markdown() && matches!(found, Found::File | Found::LinkedFile | Found::Odd(_))
}

/// A file to show or to hand out as it is.
fn is_asset(path: &RelPath, found: &Found) -> bool {
    !path.is_markdown() && matches!(found, Found::File | Found::LinkedFile)
}

fn plain(kind: FileType) -> Found {
    if kind.is_file() {
        Found::File
    } else {
        Found::Odd("not a regular file".into())
    }
}

fn behind_link(path: &Path) -> Found {
    match fs::metadata(path) {
        Ok(target) if target.is_dir() => Found::LinkedFolder,
        Ok(target) if target.is_file() => Found::LinkedFile,
        Ok(target) => plain(target.file_type()),
        Err(error) => {
            Found::Odd(format!("a symbolic link that leads nowhere: {}", io_reason(&error)).into())
        }
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    use ignore::Error::*;
    match error {
        WithPath { path, .. } => Some(path),
        WithDepth { err, .. } | WithLineNumber { err, .. } => path_of(err),
        Loop { child, .. } => Some(child),
        Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}

/// What is found in one directory.
#[derive(Default)]
struct Lists {
    documents: Vec<RelPath>,
    folders: Vec<RelPath>,
    files: Vec<RelPath>,
}

#[cfg(test)]
mod tests;
