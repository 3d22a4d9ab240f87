//! From the text of one document to what can be checked in it: headings, anchors, links, images, definitions.
//!
//! Everything here is pure: one text in, one value out, nothing about other files. That is what lets the engine keep
//! a parse for as long as the text stays, and it keeps the awkward cases of Markdown testable as tables.
//!
//! - `model`: what a parse gives.
//! - `document`: walks the events of the Markdown parser.
//! - `front`: the block of data at the top.
//! - `heading`: headings and their anchors.
//! - `html`: tags and attributes of HTML in a document; ids, links and images hide there too.
//! - `include`: mdBook's `{{#include ..}}` directives.
//! - `position`: byte offsets to lines and columns.
//! - `text`: plain text, and the lists of a summary.
//! - `written`: where in a link its target is written.

mod document;
mod front;
mod heading;
mod html;
mod include;
mod model;
mod position;
mod text;
mod written;

pub use document::{options, parse};
pub use front::{FrontMatter, without_front_matter};
pub(crate) use heading::split_id;
pub use include::{Directive, part_of};
pub use model::{Definition, FrontFault, Heading, Id, Link, LinkKind, Parsed, Undefined};
pub use position::{LineIndex, Position, Span};
pub use text::{ListItem, list_items, plain_text};
