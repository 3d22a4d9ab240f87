//! Style sheet and script, which are a part of the program.

use crate::core::render::style_sheet;

/// The names of all, below `_folio/`.
pub const ASSETS: [&str; 2] = ["style.css", "search.js"];

/// The text of one.
pub fn asset(name: &str) -> Option<String> {
    match name {
        "style.css" => Some(format!("{}\n{}", style_sheet(), include_str!("style.css"))),
        "search.js" => Some(include_str!("search.js").to_owned()),
        _ => None,
    }
}
