//! From Markdown to HTML, once it is known where links lead and what is pasted.
//!
//! Pure, as `parse` is: a query looks everything up and hands it in. What stands in the document is trusted, HTML
//! included; it is the writer's own.
//!
//! - `html`: the walk over the document;
//! - `listing`: code blocks, and the files they paste;
//! - `highlight`: their colours.

mod highlight;
mod html;
mod listing;

pub use highlight::{highlight, style_sheet};
pub use html::{Lookups, Shown, html};
pub use listing::{Listing, listings};
