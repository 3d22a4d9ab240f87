//! The questions folio asks, as queries: who reads what, and where does an edit stop to matter?
//!
//! ```text
//! Document ── parsed ─┬─ outline ──────────────────────┐
//!                     ├─ definitions, front ───────────┤
//!                     ├─ links ────────────────────────┼─ problems ── folder_problems ── report
//!                     ├─ includes ─┬─ include_cycle ───┤                    │
//!                     └─ anchors ──┴─ all_anchors ─┐   │                  Folder
//! Presence ── located ─────────────────────────────┴─ fault
//! ```
//!
//! `parsed` runs at every edit. Those that read it take one part each, and an edit of prose gives them equal values
//! (or moved places, which stay in this document): nothing about another document runs. `fault` is asked once for each
//! target, however many documents link to it.
//!
//! What is gathered from all documents (`backlinks`, `tags`, the search) goes through shards, see `shard`.
//!
//! No query asks for itself around a circle: documents that include each other are walked with a list of what was seen.
//!
//! - `document`: one document, by itself.
//! - `include`: what a document pastes, and what that adds to its anchors.
//! - `target`, `external`: what a link leads to, in the folder and out of it.
//! - `report`: what is wrong, of a document, a directory, everything.
//! - `folder`, `nav`: what there is, and how a reader gets around.
//! - `shard`, `backlinks`, `tags`, `search`: all documents at once.
//! - `file`, `root`: files that are no documents.
//! - `render`: how a document is shown, and at which address.

mod backlinks;
mod document;
mod external;
mod file;
mod folder;
mod include;
mod nav;
mod render;
mod report;
mod root;
mod search;
mod shard;
mod tags;
mod target;

pub use backlinks::{Backlinks, backlinks, outgoing};
pub use document::{Anchors, anchors, contents, definitions, front, links, outline, parsed, title};
pub use external::{Probe, dead};
pub use file::{file_text, image_size, is_file};
pub use folder::{documents_below, files_below, folders_below};
pub use include::{all_anchors, include_cycle, includes};
pub use nav::{
    Nav, NavItem, folder_nav, folder_title, navigation, neighbours, summary, summary_of, toc,
};
pub use render::{address, body, highlighted};
pub use report::{folder_problems, problems, report};
pub use root::Root;
pub use search::{Bucket, Words, bucket_of, search_bucket, words, words_of};
pub use shard::{SHARDS, shard_documents, shard_of, shards};
pub use tags::{Tags, tags, tags_of};
pub use target::{Located, fault, landing, located};
