//! One walk over the events of the Markdown parser: what does this document hold, and where?
//!
//! The walk collects byte offsets; they become lines and columns once, at the end. Extensions are GitHub's: tables,
//! footnotes (which are no links), strike-through, task lists, a block of YAML or TOML at the top.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, CowStr, Event, LinkType, MetadataBlockKind, OffsetIter, Options, Parser, Tag,
    TagEnd,
};

use super::heading::{RawHeading, anchored, heading_of, html_heading};
use super::model::{Definition, FrontFault, Id, Link, LinkKind, Parsed, Undefined};
use super::{LineIndex, front, html, include, written};

/// Takes a document apart. Never fails: every text is some Markdown.
pub fn parse(text: &str) -> Parsed {
    let undefined = RefCell::new(Vec::new());
    let note = |broken: BrokenLink<'_>| {
        // `[text]` alone is ordinary text to most writers, and `[^1]` is a footnote.
        let is_meant = matches!(broken.link_type, LinkType::Reference | LinkType::Collapsed);
        if is_meant && !broken.reference.starts_with('^') {
            undefined
                .borrow_mut()
                .push((broken.span.start, one_line(&broken.reference)));
        }
        None::<(CowStr<'_>, CowStr<'_>)>
    };
    let mut events =
        Parser::new_with_broken_link_callback(text, options(), Some(note)).into_offset_iter();
    let mut walk = Walk {
        text,
        ..Walk::default()
    };
    for (event, range) in events.by_ref() {
        walk.event(event, range);
    }
    let known = events.reference_definitions();
    for link in &mut walk.links {
        let label = link.label.take();
        let definition = label.as_ref().and_then(|label| known.get(label));
        if let Some(definition) = definition {
            let source = &text[definition.span.clone()];
            let at = written::in_definition(source);
            link.written = at.map(|at| shifted(at, definition.span.start));
        }
    }
    let definitions = definitions(&events, &walk.labels, &LineIndex::new(text));
    drop(events);
    walk.finish(definitions, undefined.into_inner())
}

/// The extensions that are understood, here and where a document is shown.
pub fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
}

/// The definitions in order. `[//]: # (remark)` is a way to write a comment, not a definition.
fn definitions<'t, F>(
    events: &OffsetIter<'t, F>,
    labels: &HashSet<CowStr<'t>>,
    index: &LineIndex<'_>,
) -> Vec<Definition>
where
    F: pulldown_cmark::BrokenLinkCallback<'t>,
{
    let known = events.reference_definitions();
    // The parser finds a label by its own rules (case, white space); a definition is told by its place.
    let used: HashSet<_> = labels
        .iter()
        .filter_map(|label| Some(known.get(label)?.span.start))
        .collect();
    let remark = |target: &str| target.is_empty() || target == "#";
    let real = known
        .iter()
        .filter(|(_, definition)| !remark(&definition.dest));
    let mut real: Vec<_> = real
        .map(|(label, definition)| (definition.span.start, one_line(label)))
        .collect();
    real.sort();
    let definition = |(start, label)| Definition {
        label,
        at: index.position(start),
        used: used.contains(&start),
    };
    real.into_iter().map(definition).collect()
}

/// A link as the walk finds it.
struct RawLink<'t> {
    kind: LinkKind,
    target: String,
    range: Range<usize>,
    written: Option<Range<usize>>,
    /// The definition it refers to.
    label: Option<CowStr<'t>>,
}

/// What the walk has seen so far.
#[derive(Default)]
struct Walk<'t> {
    text: &'t str,
    /// The heading the walk is in, with its text up to here.
    open: Option<RawHeading>,
    /// The text inside an image is its description, and no part of a heading's text.
    images: usize,
    headings: Vec<RawHeading>,
    ids: Vec<(Range<usize>, String)>,
    links: Vec<RawLink<'t>>,
    /// The block at the top: its kind, where it is, and its text.
    front: Option<(MetadataBlockKind, usize, String)>,
    is_in_front: bool,
    labels: HashSet<CowStr<'t>>,
    code: Vec<Range<usize>>,
}

impl<'t> Walk<'t> {
    fn event(&mut self, event: Event<'t>, range: Range<usize>) {
        if let Some(heading) = &mut self.open
            && !matches!(event, Event::End(TagEnd::Heading(_)))
        {
            let start = heading
                .inside
                .as_ref()
                .map_or(range.start, |inside| inside.start);
            let end = heading
                .inside
                .as_ref()
                .map_or(range.end, |inside| inside.end.max(range.end));
            heading.inside = Some(start..end);
        }
        match event {
            Event::Start(Tag::MetadataBlock(kind)) => {
                self.front = Some((kind, range.start, String::new()));
                self.is_in_front = true;
            }
            Event::End(TagEnd::MetadataBlock(_)) => self.is_in_front = false,
            Event::Start(Tag::Heading { level, .. }) => {
                self.open = Some(RawHeading {
                    level: level as u8,
                    text: String::new(),
                    range,
                    inside: None,
                });
            }
            Event::End(TagEnd::Heading(_)) => self.headings.extend(self.open.take()),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                id,
                ..
            }) => {
                self.link(LinkKind::Link, link_type, &dest_url, id, range);
            }
            Event::Start(Tag::Image {
                link_type,
                dest_url,
                id,
                ..
            }) => {
                self.images += 1;
                self.link(LinkKind::Image, link_type, &dest_url, id, range);
            }
            Event::End(TagEnd::Image) => self.images -= 1,
            Event::Start(Tag::CodeBlock(_)) => self.code.push(range),
            Event::Start(Tag::HtmlBlock) => self.html(range, true),
            Event::InlineHtml(_) => self.html(range, false),
            Event::Code(code) => {
                self.heading_text(&code);
                self.code.push(range);
            }
            Event::Text(text) => self.plain_text(&text),
            Event::SoftBreak | Event::HardBreak => self.heading_text("\n"),
            _ => {}
        }
    }

    fn plain_text(&mut self, text: &str) {
        match &mut self.front {
            Some((_, _, front)) if self.is_in_front => front.push_str(text),
            _ => self.heading_text(text),
        }
    }

    fn heading_text(&mut self, text: &str) {
        if let Some(heading) = self.open.as_mut().filter(|_| self.images == 0) {
            heading.text.push_str(text);
        }
    }

    fn link(
        &mut self,
        kind: LinkKind,
        link_type: LinkType,
        target: &str,
        label: CowStr<'t>,
        range: Range<usize>,
    ) {
        let is_reference = matches!(
            link_type,
            LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut
        );
        if is_reference {
            self.labels.insert(label.clone());
        }
        if link_type == LinkType::Email {
            return;
        }
        let source = self.text[range.clone()].trim_start_matches('!');
        let base = range.end - source.len();
        let written = if is_reference {
            None
        } else {
            written::in_link(source)
        };
        self.links.push(RawLink {
            kind,
            target: target.to_owned(),
            written: written.map(|written| shifted(written, base)),
            range,
            label: is_reference.then_some(label),
        });
    }

    fn html(&mut self, range: Range<usize>, is_block: bool) {
        let html = &self.text[range.clone()];
        for tag in html::tags(html) {
            let start = range.start + tag.start;
            let end = range.start + tag.end;
            let name = tag.attribute("name").filter(|_| tag.name == "a");
            let id = tag.attribute("id");
            self.ids.extend(id.map(|id| (start..end, html::decode(id))));
            self.ids.extend(
                name.filter(|&name| id != Some(name))
                    .map(|name| (start..end, html::decode(name))),
            );
            let target = match tag.name.as_str() {
                "a" => tag.attribute("href").map(|target| (LinkKind::Link, target)),
                "img" => tag.attribute("src").map(|target| (LinkKind::Image, target)),
                _ => None,
            };
            let links = target.map(|(kind, target)| RawLink {
                kind,
                target: html::decode(target),
                range: start..end,
                written: html[tag.start..tag.end]
                    .find(target)
                    .map(|at| start + at..start + at + target.len()),
                label: None,
            });
            self.links.extend(links);
            if is_block {
                self.headings.extend(html_heading(html, &tag, range.start));
            }
        }
    }

    fn finish(
        mut self,
        definitions: Vec<Definition>,
        mut undefined: Vec<(usize, String)>,
    ) -> Parsed {
        let index = LineIndex::new(self.text);
        let at = |offset| index.position(offset);
        for include in include::includes(self.text, &self.code) {
            self.links.push(RawLink {
                kind: LinkKind::Include,
                target: include.path.to_owned(),
                range: include.range,
                written: Some(include.written),
                label: None,
            });
        }
        self.links.sort_by_key(|link| link.range.start);
        self.headings.sort_by_key(|heading| heading.range.start);
        undefined.sort();
        let headings = anchored(&self.headings, &index);
        let ids = self.ids.iter().map(|(range, id)| Id {
            id: id.clone(),
            at: at(range.start),
            heading: heading_of(self.text, range, &self.headings)
                .map(|owner| headings[owner].anchor.clone()),
        });
        let front = match &self.front {
            Some((kind, start, text)) => {
                front::read(*kind, text)
                    .map(Into::into)
                    .map_err(|reason| FrontFault {
                        reason: reason.into(),
                        at: at(*start),
                    })
            }
            None => Ok(Default::default()),
        };
        Parsed {
            front,
            ids: ids.collect(),
            links: self.links.iter().map(|raw| link(raw, &index)).collect(),
            definitions: definitions.into(),
            undefined: undefined
                .into_iter()
                .map(|(offset, label)| Undefined {
                    label,
                    at: at(offset),
                })
                .collect(),
            headings: headings.into(),
        }
    }
}

fn link(raw: &RawLink<'_>, index: &LineIndex<'_>) -> Link {
    Link {
        kind: raw.kind,
        target: raw.target.as_str().into(),
        at: index.position(raw.range.start),
        end: index.position(raw.range.end),
        written: raw.written.as_ref().map(|written| index.span(written)),
    }
}

fn shifted(range: Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

/// A label may go over several lines; a message may not.
fn one_line(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
