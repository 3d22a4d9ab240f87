//! Other views of a text: what is there to read, and what stands in its lists?

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::options;

/// The words of a document without markup, for a search.
pub fn plain_text(text: &str) -> String {
    let mut out = String::new();
    let mut is_data = false;
    for event in Parser::new_ext(text, options()) {
        match event {
            Event::Start(Tag::MetadataBlock(_)) => is_data = true,
            Event::End(TagEnd::MetadataBlock(_)) => is_data = false,
            Event::Text(text) | Event::Code(text) if !is_data => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => out.push('\n'),
            _ => {}
        }
    }
    out
}

/// An entry of a nested list, or a heading between lists.
#[derive(Debug, PartialEq, Eq)]
pub struct ListItem {
    /// How deep it stands, from 0.
    pub depth: u8,
    /// Its text.
    pub text: String,
    /// The target of its link.
    pub target: Option<String>,
}

/// The links of a summary, in lists or outside, and its headings but the first, which is its title.
pub fn list_items(text: &str) -> Vec<ListItem> {
    let mut items: Vec<ListItem> = Vec::new();
    let mut lists: u8 = 0;
    let mut open: Option<ListItem> = None;
    for event in Parser::new_ext(text, options()) {
        match event {
            Event::Start(Tag::List(_)) => lists = lists.saturating_add(1),
            Event::End(TagEnd::List(_)) => lists = lists.saturating_sub(1),
            Event::Start(Tag::Link { dest_url, .. }) => {
                open = Some(ListItem {
                    depth: lists.saturating_sub(1),
                    text: String::new(),
                    target: Some(dest_url.to_string()),
                });
            }
            Event::Start(Tag::Heading { .. }) => {
                open = Some(ListItem {
                    depth: 0,
                    text: String::new(),
                    target: None,
                });
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(open) = &mut open {
                    open.text.push_str(&text);
                }
            }
            Event::End(TagEnd::Link | TagEnd::Heading(_)) => items.extend(open.take()),
            _ => {}
        }
    }
    if items.first().is_some_and(|first| first.target.is_none()) {
        items.remove(0);
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_its_links_and_headings() {
        let text = "# Summary\n\n[Intro](i.md)\n\n## Part\n\n- [One](1.md)\n  - [Two `x`](2.md)\n- Draft\n";
        let items: Vec<_> = list_items(text)
            .into_iter()
            .map(|item| format!("{} {} {:?}", item.depth, item.text, item.target))
            .collect();
        let expected = [
            "0 Intro Some(\"i.md\")",
            "0 Part None",
            "0 One Some(\"1.md\")",
            "1 Two x Some(\"2.md\")",
        ];
        assert_eq!(items, expected);
    }

    #[test]
    fn plain_text_is_what_is_read() {
        let text = "---\na: b\n---\n# T *x*\n\nWord `code` [link](target.md)\n";
        let plain = plain_text(text);
        assert_eq!(
            plain.split_whitespace().collect::<Vec<_>>(),
            ["T", "x", "Word", "code", "link"]
        );
    }
}
