//! From the text of one document to what can be checked in it: headings, anchors, links, images, definitions.
//!
//! Everything here is pure: one text in, one value out, nothing about other files. That is what lets the engine keep
//! a parse for as long as the text stays, and it keeps the awkward cases of Markdown testable as tables.
//!
//! - `model`: what a parse gives.
//! - `document`: walks the events of the Markdown parser.
//! - `html`: tags and attributes of HTML in a document; ids, links and images hide there too.
//! - `include`: mdBook's `{{#include ..}}` directives.
//! - `position`: byte offsets to lines and columns.

mod document;
mod html;
mod include;
mod model;
mod position;

pub use document::parse;
pub use model::{Definition, Heading, Id, Link, LinkKind, Parsed, Undefined};
pub use position::{LineIndex, Position};
