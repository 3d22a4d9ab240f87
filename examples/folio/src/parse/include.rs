//! mdBook's include directives: which files does a document paste?
//!
//! `{{#include path}}` and `{{#rustdoc_include path}}`, with an optional `:lines` or `:anchor` behind the path.
//! Directives in code are left alone: they paste listings, and a listing is not part of the document's structure.
//! `\{{#include ..}}` is mdBook's way to show a directive.

use std::ops::Range;

/// A directive and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Include<'t> {
    /// The path as written, without lines or anchor.
    pub(super) path: &'t str,
    /// The offset of `{{`.
    pub(super) offset: usize,
}

/// The directives of `text` outside the ranges of `code`, which are in order.
pub(super) fn includes<'t>(text: &'t str, code: &[Range<usize>]) -> Vec<Include<'t>> {
    let found = text
        .match_indices("{{#")
        .filter(|&(offset, _)| !text[..offset].ends_with('\\'));
    let outside = found.filter(|&(offset, _)| !is_in(code, offset));
    outside
        .filter_map(|(offset, _)| {
            let path = path_of(&text[offset..])?;
            Some(Include { path, offset })
        })
        .collect()
}

/// Ranges may nest (code in HTML does not, but a parser is free to), so the last start is not enough.
fn is_in(ranges: &[Range<usize>], offset: usize) -> bool {
    let started = ranges.partition_point(|range| range.start <= offset);
    ranges[..started]
        .iter()
        .rev()
        .any(|range| range.contains(&offset))
}

fn path_of(directive: &str) -> Option<&str> {
    let line = directive.lines().next()?;
    let inner = line.strip_prefix("{{#")?.split_once("}}")?.0;
    let (name, argument) = inner.trim().split_once(char::is_whitespace)?;
    if !matches!(name, "include" | "rustdoc_include") {
        return None;
    }
    let path = argument.trim().split(':').next()?.trim();
    (!path.is_empty()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directive_names_a_path() {
        let table = [
            ("{{#include a.md}}", Some("a.md")),
            ("{{ #include a.md}}", None),
            ("{{#include  ../a.md }}", Some("../a.md")),
            ("{{#include a.rs:2:10}}", Some("a.rs")),
            ("{{#rustdoc_include a.rs:all}}", Some("a.rs")),
            ("{{#title Hello}}", None),
            ("{{#include}}", None),
            ("{{#include a.md", None),
            ("\\{{#include a.md}}", None),
        ];
        for (text, expected) in table {
            let paths: Vec<_> = includes(text, &[])
                .iter()
                .map(|include| include.path)
                .collect();
            assert_eq!(paths.first().copied(), expected, "{text}");
        }
    }

    #[test]
    fn code_is_left_alone() {
        let text = "{{#include a.md}} `{{#include b.md}}` {{#include c.md}}";
        let code = 18..37;
        let paths: Vec<_> = includes(text, &[code])
            .iter()
            .map(|include| include.path)
            .collect();
        assert_eq!(paths, ["a.md", "c.md"]);
    }
}
