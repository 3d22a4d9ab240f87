//! The inputs: what do queries know of the disk?
//!
//! A path nobody has set is one that is not there, which is what an input answers at first. So a link to a file that
//! does not exist yet already depends on that file's presence.

use std::sync::Arc;

use salvia::{Input, InputAccess};

use super::RelPath;
use crate::core::parse::Position;

/// Host of the text of one document.
#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
pub struct Document(pub RelPath);

/// What reading a document gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// No such file.
    Missing,
    /// Its text, without a byte order mark.
    Text(Arc<str>),
    /// It is there, and has no text for us.
    Unreadable(Unreadable),
}

/// Why something cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// In words, without a dot at the end.
    pub reason: Arc<str>,
    /// Up to where all was well.
    pub at: Position,
}

impl Unreadable {
    /// A whole file or directory that cannot be read.
    pub fn whole(reason: impl Into<Arc<str>>) -> Self {
        Unreadable {
            reason: reason.into(),
            at: Position::START,
        }
    }
}

impl Input<Content> for Document {
    fn initial(&self) -> Content {
        Content::Missing
    }
}

/// Host of what stands at one path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
pub struct Presence(pub RelPath);

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing that a link could reach.
    Nothing,
    /// A file, or a symbolic link to one.
    File,
    /// A directory, or a symbolic link to one.
    Folder,
}

impl Input<Kind> for Presence {
    fn initial(&self) -> Kind {
        Kind::Nothing
    }
}

/// A mark of what a file that is no document holds, for who reads the file: the look that saw or was told of its last
/// change. Times of the disk are too coarse for that.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stamp(pub u64);

impl Input<Stamp> for Presence {
    fn initial(&self) -> Stamp {
        Stamp::default()
    }
}

/// Host of what stands in one directory.
#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
pub struct Folder(pub RelPath);

/// What stands in a directory, as far as a report asks. In order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entries {
    /// Its documents.
    pub documents: Arc<[RelPath]>,
    /// Its directories.
    pub folders: Arc<[RelPath]>,
    /// Why it cannot be listed, if so.
    pub failure: Option<Unreadable>,
}

impl Input<Entries> for Folder {
    fn initial(&self) -> Entries {
        Entries::default()
    }
}

/// The files of a directory that are no documents. In order.
pub type Files = Arc<[RelPath]>;

impl Input<Files> for Folder {
    fn initial(&self) -> Files {
        Arc::default()
    }
}
