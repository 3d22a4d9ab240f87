//! The walk over a document that writes its HTML.
//!
//! The Markdown parser writes what is ordinary. Replaced are what folio knows more about: headings get their anchors,
//! links their addresses (or a mark that they are broken), images their size, listings their colours, and a directive
//! what it pastes.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use maud::html as markup;
use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd};

use crate::core::parse::{Directive, Heading, LineIndex, Parsed, Position, options, split_id};

/// How a link or an image is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// Its address.
    pub address: String,
    /// What is wrong about it.
    pub fault: Option<String>,
    /// It leaves the folder.
    pub is_external: bool,
    /// The width and the height of an image.
    pub size: Option<(usize, usize)>,
}

/// What is known of the parts of a document, by where they start.
#[derive(Debug, Default)]
pub struct Lookups {
    /// Links and images.
    pub links: HashMap<Position, Shown>,
    /// Code blocks, as HTML.
    pub listings: HashMap<usize, Arc<str>>,
    /// Directives that paste a document, as HTML.
    pub pasted: HashMap<Position, Arc<str>>,
}

/// The HTML of `text`, whose parse is `parsed`.
pub fn html(text: &str, parsed: &Parsed, known: &Lookups) -> String {
    let mut writer = Writer {
        text,
        index: LineIndex::new(text),
        known,
        parsed,
        headings: parsed
            .headings
            .iter()
            .map(|heading| (heading.at, heading))
            .collect(),
        events: Vec::new(),
        open_heading: None,
        image: None,
        is_in_listing: false,
    };
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        writer.event(event, range);
    }
    let mut out = String::with_capacity(text.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut out, writer.events.into_iter());
    out
}

struct Writer<'w> {
    text: &'w str,
    index: LineIndex<'w>,
    known: &'w Lookups,
    parsed: &'w Parsed,
    headings: HashMap<Position, &'w Heading>,
    events: Vec<Event<'w>>,
    open_heading: Option<&'w Heading>,
    /// The description of the image the walk is in, and how deep images are nested.
    image: Option<(usize, String, Shown)>,
    is_in_listing: bool,
}

impl<'w> Writer<'w> {
    fn event(&mut self, event: Event<'w>, range: Range<usize>) {
        if self.image.is_some() {
            return self.in_image(event);
        }
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.heading(level as u8, &range),
            Event::End(TagEnd::Heading(level)) => self.end_heading(level as u8),
            Event::Start(Tag::Link { .. }) => self.link(&range),
            Event::End(TagEnd::Link) => self.raw("</a>"),
            Event::Start(Tag::Image { .. }) => {
                let shown = self.shown(&range);
                self.image = Some((1, String::new(), shown));
            }
            Event::Start(Tag::Table(_)) => {
                self.raw("<div class=\"table\">");
                self.events.push(event);
            }
            Event::End(TagEnd::Table) => {
                self.events.push(event);
                self.raw("</div>");
            }
            Event::Start(Tag::CodeBlock(_)) if self.known.listings.contains_key(&range.start) => {
                self.raw(&self.known.listings[&range.start]);
                self.is_in_listing = true;
            }
            Event::End(TagEnd::CodeBlock) if self.is_in_listing => self.is_in_listing = false,
            Event::Text(_) if self.is_in_listing => {}
            Event::Text(text) => self.prose(text, &range),
            Event::Html(_) => {
                let html = self.with_addresses(&range);
                self.events.push(Event::Html(html.into()));
            }
            Event::InlineHtml(_) => {
                let html = self.with_addresses(&range);
                self.raw(&html);
            }
            other => self.events.push(other),
        }
    }

    fn raw(&mut self, html: &str) {
        self.events.push(Event::InlineHtml(html.to_owned().into()));
    }

    fn shown(&self, range: &Range<usize>) -> Shown {
        let at = self.index.position(range.start);
        self.known.links.get(&at).cloned().unwrap_or_default()
    }

    fn heading(&mut self, level: u8, range: &Range<usize>) {
        self.open_heading = self
            .headings
            .get(&self.index.position(range.start))
            .copied();
        let anchor = self
            .open_heading
            .map_or("", |heading| heading.anchor.as_str());
        let id = markup! { (anchor) }.into_string();
        self.raw(&format!("<h{level} id=\"{id}\">"));
    }

    fn end_heading(&mut self, level: u8) {
        if let Some(heading) = self.open_heading.take() {
            // An anchor set by hand is written behind the text, and is no part of it.
            if heading.slug.is_none()
                && let Some(Event::Text(text)) = self.events.last_mut()
            {
                *text = CowStr::from(split_id(text).0.trim_end().to_owned());
            }
            let link = markup! {
                " " a.anchor href={ "#" (heading.anchor) } aria-label="Link to this heading" { "#" }
            };
            self.raw(&link.into_string());
        }
        self.raw(&format!("</h{level}>\n"));
    }

    fn link(&mut self, range: &Range<usize>) {
        let shown = self.shown(range);
        let tag = match &shown.fault {
            Some(fault) => markup! { a.broken href=(shown.address) title=(fault) {} },
            None if shown.is_external => {
                markup! { a.external href=(shown.address) rel="noopener" {} }
            }
            None => markup! { a href=(shown.address) {} },
        };
        let tag = tag.into_string();
        self.raw(tag.strip_suffix("</a>").unwrap_or(&tag));
    }

    fn in_image(&mut self, event: Event<'w>) {
        let Some((depth, description, _)) = &mut self.image else {
            return;
        };
        match event {
            Event::Start(Tag::Image { .. }) => *depth += 1,
            Event::End(TagEnd::Image) => *depth -= 1,
            Event::Text(text) | Event::Code(text) => description.push_str(&text),
            Event::SoftBreak | Event::HardBreak => description.push(' '),
            _ => {}
        }
        if *depth == 0
            && let Some((_, description, shown)) = self.image.take()
        {
            self.raw(&image(&description, &shown));
        }
    }

    /// Text, in which a directive may stand.
    fn prose(&mut self, text: CowStr<'w>, range: &Range<usize>) {
        let start = self.index.position(range.start);
        // Text comes in pieces; a directive is taken whole at its first, and the others are passed over.
        let pasted = self.known.pasted.get(&start);
        let directive = Directive::parse(&self.text[range.start..]);
        match (pasted, directive) {
            (Some(html), Some(directive)) if directive.source.len() <= range.len() => {
                self.raw(html);
                let rest = &self.text[range.start + directive.source.len()..range.end];
                self.events.push(Event::Text(rest.into()));
            }
            _ => self.events.push(Event::Text(text)),
        }
    }

    /// HTML with the addresses of its links and images replaced.
    fn with_addresses(&self, range: &Range<usize>) -> String {
        let mut out = self.text[range.clone()].to_owned();
        let span = self.index.span(range);
        let first = self
            .parsed
            .links
            .partition_point(|link| link.at < span.start);
        let inside = self.parsed.links[first..]
            .iter()
            .take_while(|link| link.at < span.end);
        let inside: Vec<_> = inside.collect();
        for link in inside.into_iter().rev() {
            let (Some(written), Some(shown)) = (link.written, self.known.links.get(&link.at))
            else {
                continue;
            };
            let written = self.index.offset(written.start)..self.index.offset(written.end);
            if written.start >= range.start && written.end <= range.end {
                let written = written.start - range.start..written.end - range.start;
                let address = markup! { (shown.address) }.into_string();
                out.replace_range(written, &address);
            }
        }
        out
    }
}

fn image(description: &str, shown: &Shown) -> String {
    let (width, height) = shown.size.map_or((None, None), |(w, h)| (Some(w), Some(h)));
    let tag = match &shown.fault {
        Some(fault) => markup! {
            span.broken.missing title=(fault) { "missing image: " (description) }
        },
        None => markup! {
            img src=(shown.address) alt=(description) width=[width] height=[height] loading="lazy";
        },
    };
    tag.into_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::parse::parse;

    fn shown(address: &str) -> Shown {
        Shown {
            address: address.to_owned(),
            ..Shown::default()
        }
    }

    fn rendered(text: &str, shown: Shown) -> String {
        let parsed = parse(text);
        let links = parsed
            .links
            .iter()
            .map(|link| (link.at, shown.clone()))
            .collect();
        html(
            text,
            &parsed,
            &Lookups {
                links,
                ..Lookups::default()
            },
        )
    }

    #[test]
    fn what_folio_knows_is_written_into_the_page() {
        let broken = Shown {
            fault: Some("gone & away".to_owned()),
            ..shown("x")
        };
        let sized = Shown {
            size: Some((3, 4)),
            ..shown("i.png")
        };
        let table = [
            (
                "[a *b*](x.md)",
                shown("/x?a&b"),
                "<p><a href=\"/x?a&amp;b\">a <em>b</em></a></p>\n",
            ),
            (
                "[a](x)",
                broken.clone(),
                "<p><a class=\"broken\" href=\"x\" title=\"gone &amp; away\">a</a></p>\n",
            ),
            (
                "![a *b*](i)",
                sized,
                "<p><img src=\"i.png\" alt=\"a b\" width=\"3\" height=\"4\" loading=\"lazy\"></p>\n",
            ),
            (
                "![a](i)",
                broken,
                "<p><span class=\"broken missing\" title=\"gone &amp; away\">missing image: a</span></p>\n",
            ),
            (
                "x <a id=y href=\"z.md\">t</a>",
                shown("/z"),
                "<p>x <a id=y href=\"/z\">t</a></p>\n",
            ),
        ];
        for (text, shown, expected) in table {
            assert_eq!(rendered(text, shown), expected, "{text}");
        }
    }

    #[test]
    fn a_heading_has_its_anchor_and_not_what_sets_it() {
        let html = rendered("# One {#own}\n\n## Two\n\n## Two\n", Shown::default());
        assert!(html.contains("<h1 id=\"own\">One <a"), "{html}");
        assert!(
            html.contains("<h2 id=\"two\">") && html.contains("<h2 id=\"two-1\">"),
            "{html}"
        );
    }

    #[test]
    fn a_directive_is_what_it_pastes() {
        let text = "{{#include b.md}}\n";
        let parsed = parse(text);
        let pasted = HashMap::from([(Position::START, Arc::from("<p>b</p>"))]);
        let html = html(
            text,
            &parsed,
            &Lookups {
                pasted,
                ..Lookups::default()
            },
        );
        assert!(html.contains("<p>b</p>") && !html.contains("{{"), "{html}");
    }
}
