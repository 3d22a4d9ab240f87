//! The folder on the disk as inputs of the engine.
//!
//! Queries never touch the disk: they read inputs, and a `Workspace` is what sets those. Three kinds of inputs, each as
//! small as a change is:
//!
//! - `Document(path)`: the text of one document;
//! - `Presence(path)`: whether there is a file, a directory or nothing at one path, so that a new file concerns only
//!   those who link to it;
//! - `Folder(path)`: which documents and directories stand in one directory, so that a report finds them.
//!
//! `listing` finds what there is, `mirror` turns a difference between two looks at the disk into one mutation.

mod inputs;
mod listing;
mod mirror;
mod path;

pub use inputs::{Content, Document, Entries, Folder, Kind, Presence, Unreadable};
pub(crate) use listing::io_reason;
pub use listing::{Found, Listing};
pub use mirror::{Answer, Applied, Changes, Workspace};
pub use path::RelPath;
