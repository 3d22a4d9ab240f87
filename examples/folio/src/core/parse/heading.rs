//! Headings: what is their text, which anchor do they have, and where are they written?

use std::ops::Range;

use super::model::Heading;
use super::{LineIndex, html};
use crate::core::slug::{Slugger, slug};

/// A heading as the walk finds it.
pub(super) struct RawHeading {
    pub(super) level: u8,
    pub(super) text: String,
    pub(super) range: Range<usize>,
    /// What is inside of it, from the first event to the last.
    pub(super) inside: Option<Range<usize>>,
}

/// `<h2>text</h2>`: a heading to GitHub as well.
pub(super) fn html_heading(html: &str, tag: &html::Tag<'_>, base: usize) -> Option<RawHeading> {
    let level = match tag.name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => digit - b'0',
        _ => return None,
    };
    let inside = &html[tag.end..];
    let length = inside.find(&format!("</{}", tag.name))?;
    let text = html::text(&inside[..length]).trim().to_owned();
    Some(RawHeading {
        level,
        text,
        range: base + tag.start..base + tag.end + length,
        inside: None,
    })
}

/// The headings with their anchors, in the order of the document.
pub(super) fn anchored(headings: &[RawHeading], index: &LineIndex<'_>) -> Vec<Heading> {
    let mut slugger = Slugger::default();
    let anchored = headings.iter().map(|raw| {
        let (text, id) = split_id(&raw.text);
        let (anchor, slug) = match id {
            Some(id) => (id.to_owned(), None),
            None => (slugger.next(text), Some(slug(text))),
        };
        Heading {
            level: raw.level,
            text: text.to_owned(),
            anchor,
            slug,
            at: index.position(raw.range.start),
            written: raw
                .inside
                .as_ref()
                .map(|inside| index.span(&without_id(index, inside, id))),
        }
    });
    anchored.collect()
}

/// What is written of a heading before its `{#id}`.
fn without_id(index: &LineIndex<'_>, inside: &Range<usize>, id: Option<&str>) -> Range<usize> {
    let text = &index.text()[inside.clone()];
    let text = match text.rfind('{') {
        Some(brace) if id.is_some() => &text[..brace],
        _ => text,
    };
    inside.start..inside.start + text.trim_end().len()
}

/// Splits mdBook's `{#id .class}` off the end of a heading. Other braces are text: `Sets {a, b}`.
pub(crate) fn split_id(text: &str) -> (&str, Option<&str>) {
    let attributes = || text.trim_end().strip_suffix('}')?.rsplit_once('{');
    let Some((before, attributes)) = attributes() else {
        return (text, None);
    };
    let mut parts = attributes.split_whitespace().peekable();
    let are_attributes =
        parts.peek().is_some() && parts.clone().all(|part| part.starts_with(['#', '.']));
    match are_attributes {
        true => (
            before.trim_end(),
            parts
                .find_map(|part| part.strip_prefix('#'))
                .filter(|id| !id.is_empty()),
        ),
        false => (text, None),
    }
}

/// The heading a tag stands in, or right before with nothing but tags and white space between.
pub(super) fn heading_of(text: &str, tag: &Range<usize>, headings: &[RawHeading]) -> Option<usize> {
    let next = headings.partition_point(|heading| heading.range.start <= tag.start);
    let inside = next
        .checked_sub(1)
        .filter(|&last| headings[last].range.contains(&tag.start));
    inside.or_else(|| {
        let gap = &text[tag.end..headings.get(next)?.range.start.max(tag.end)];
        is_blank(gap).then_some(next)
    })
}

/// Stops at the first character of text, so that many tags far from a heading cost little.
fn is_blank(mut gap: &str) -> bool {
    loop {
        gap = gap.trim_start();
        let Some(tag) = gap.strip_prefix('<') else {
            return gap.is_empty();
        };
        let Some((_, behind)) = tag.split_once('>') else {
            return false;
        };
        gap = behind;
    }
}
