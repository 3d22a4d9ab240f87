//! Code blocks: which listings does a document hold, in which language?

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::core::parse::options;

/// A code block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The byte it starts at.
    pub start: usize,
    /// Its language, without mdBook's attributes; empty if it has none.
    pub language: String,
    /// The code.
    pub code: String,
}

/// The code blocks of a document, in order.
pub fn listings(text: &str) -> Vec<Listing> {
    let mut found: Vec<Listing> = Vec::new();
    let mut is_inside = false;
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                is_inside = true;
                let info = match &kind {
                    CodeBlockKind::Fenced(info) => info.as_ref(),
                    CodeBlockKind::Indented => "",
                };
                let language = info.split([',', ' ', '{']).next().unwrap_or_default();
                found.push(Listing {
                    start: range.start,
                    language: language.to_owned(),
                    code: String::new(),
                });
            }
            Event::End(TagEnd::CodeBlock) => is_inside = false,
            Event::Text(text) if is_inside => {
                if let Some(listing) = found.last_mut() {
                    listing.code.push_str(&text);
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_has_a_language_and_its_code() {
        let text =
            "a\n\n```rust,ignore\nfn x() {}\n```\n\n    plain\n\n- ```console\n  $ y\n  ```\n";
        let found: Vec<_> = listings(text)
            .into_iter()
            .map(|listing| (listing.language, listing.code))
            .collect();
        let expected = [
            ("rust", "fn x() {}\n"),
            ("", "plain\n"),
            ("console", "$ y\n"),
        ];
        assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }
}
