//! What folio knows of a folder, whoever asks: the command line, a browser, an editor.
//!
//! - `workspace`: the disk, and unsaved buffers, as inputs of the engine;
//! - `parse`, `slug`, `resolve`, `duplicates`: pure knowledge of Markdown, of anchors and of links;
//! - `place`, `render`: addresses and HTML;
//! - `queries`: who asks what, and so what an edit costs;
//! - `problem`, `cost`, `progress`: what is said about it.

pub mod cost;
pub mod duplicates;
pub mod parse;
pub mod place;
pub mod problem;
pub mod progress;
pub mod queries;
pub mod render;
pub mod resolve;
pub mod slug;
pub mod workspace;
