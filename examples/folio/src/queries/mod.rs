//! The questions folio asks, as queries: who reads what, and where does an edit stop to matter?
//!
//! ```text
//! Document ── parsed ─┬─ outline ──────────────────────┐
//!                     ├─ definitions ──────────────────┤
//!                     ├─ links ────────────────────────┼─ problems ── folder_problems ── report
//!                     ├─ includes ─┬─ include_cycle ───┤                    │
//!                     └─ anchors ──┴─ all_anchors ─┐   │                  Folder
//! Presence ── located ─────────────────────────────┴─ fault
//! ```
//!
//! `parsed` runs at every edit. The five that read it take one part each, and an edit of prose gives them equal values
//! (or moved places, which stay in this document): nothing about another document runs. `fault` is asked once for each
//! target, however many documents link to it.
//!
//! No query asks for itself around a circle: documents that include each other are walked with a list of what was seen.
//!
//! - `document`: one document, by itself.
//! - `include`: what a document pastes, and what that adds to its anchors.
//! - `target`: what a link leads to.
//! - `report`: what is wrong, of a document, a directory, everything.

mod document;
mod include;
mod report;
mod target;

pub use document::{Anchors, anchors, definitions, links, outline, parsed};
pub use include::{all_anchors, include_cycle, includes};
pub use report::{folder_problems, problems, report};
pub use target::{Located, fault, located};
