//! The folder on the disk as inputs of the engine.
//!
//! Queries read inputs, and a `Mirror` is what sets those. Each is as small as a change is:
//!
//! - `Document(path)`: the text of one document;
//! - `Presence(path)`: whether there is a file, a directory or nothing at one path, so that a new file concerns only
//!   those who link to it; and the `Stamp` of a file that is no document, for those who read it;
//! - `Folder(path)`: which documents and directories stand in one directory, so that a report finds them; and its
//!   other files.
//!
//! `listing` finds what there is, `disk` looks where something changed, `mirror` turns a look or an edit of a buffer
//! into one mutation, `watcher` and `follow` tell when to look, `checked` puts it together for who wants one answer.

mod changes;
mod checked;
mod disk;
mod follow;
mod inputs;
mod listing;
mod load;
mod mirror;
mod path;
mod watcher;

pub use changes::Changes;
pub use checked::{Answer, Workspace};
pub use disk::{Disk, Look};
pub use follow::Follower;
pub use inputs::{Content, Document, Entries, Files, Folder, Kind, Presence, Stamp, Unreadable};
pub(crate) use listing::io_reason;
pub use listing::{Found, Listing};
pub use mirror::{Applied, Mirror};
pub use path::RelPath;
pub use watcher::Watcher;
