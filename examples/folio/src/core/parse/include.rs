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
    /// The whole directive.
    pub(super) range: Range<usize>,
    /// Where the path is written.
    pub(super) written: Range<usize>,
}

/// The directives of `text` outside the ranges of `code`, which are in order.
pub(super) fn includes<'t>(text: &'t str, code: &[Range<usize>]) -> Vec<Include<'t>> {
    let found = text
        .match_indices("{{#")
        .filter(|&(offset, _)| !text[..offset].ends_with('\\'));
    let outside = found.filter(|&(offset, _)| !is_in(code, offset));
    outside
        .filter_map(|(offset, _)| {
            let directive = Directive::parse(&text[offset..])?;
            let path = directive.path;
            let start = offset + directive.source.find(path)?;
            Some(Include {
                path,
                range: offset..offset + directive.source.len(),
                written: start..start + path.len(),
            })
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

/// What a directive says.
#[derive(Debug, PartialEq, Eq)]
pub struct Directive<'t> {
    /// From `{{` to `}}`.
    pub source: &'t str,
    /// The path as written.
    pub path: &'t str,
    /// What stands behind the path: lines, or an anchor.
    pub part: Option<&'t str>,
}

impl<'t> Directive<'t> {
    /// The directive that `text` begins with.
    pub fn parse(text: &'t str) -> Option<Self> {
        let line = text.lines().next()?;
        let inner = line.strip_prefix("{{#")?.split_once("}}")?.0;
        let (name, argument) = inner.trim().split_once(char::is_whitespace)?;
        if !matches!(name, "include" | "rustdoc_include") {
            return None;
        }
        let argument = argument.trim();
        let (path, part) = match argument.split_once(':') {
            Some((path, part)) => (path.trim(), Some(part)),
            None => (argument, None),
        };
        let source = &text[..inner.len() + "{{#}}".len()];
        (!path.is_empty()).then_some(Directive { source, path, part })
    }
}

/// The part of a file that a directive asks for: `2`, `2:5`, `:5`, or the name of an anchor. Lines that mark anchors
/// are no part of anything.
pub fn part_of(text: &str, part: Option<&str>) -> String {
    let is_mark = |line: &&str| line.contains("ANCHOR: ") || line.contains("ANCHOR_END: ");
    let part = part.unwrap_or("");
    let numbers = part
        .split(':')
        .all(|n| n.is_empty() || n.parse::<usize>().is_ok());
    let lines: Vec<&str> = if numbers {
        let (first, last) = part
            .split_once(':')
            .unwrap_or((part, if part.is_empty() { "" } else { part }));
        let first = first.parse().unwrap_or(1).max(1);
        let last = last.parse().unwrap_or(usize::MAX);
        text.lines()
            .skip(first - 1)
            .take(last.saturating_sub(first - 1))
            .collect()
    } else {
        let name = part.split(':').next().unwrap_or(part);
        let marks = |line: &str, mark: &str| {
            line.split_once(mark)
                .is_some_and(|(_, found)| found.split_whitespace().next() == Some(name))
        };
        let inside = text
            .lines()
            .skip_while(|line| !marks(line, "ANCHOR: "))
            .skip(1);
        inside
            .take_while(|line| !marks(line, "ANCHOR_END: "))
            .collect()
    };
    lines
        .into_iter()
        .filter(|line| !is_mark(line))
        .collect::<Vec<_>>()
        .join("\n")
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

    #[test]
    fn a_directive_asks_for_a_part_of_a_file() {
        let text = "one\n// ANCHOR: x\ntwo\nthree\n// ANCHOR_END: x\nfour\n";
        let table = [
            (None, "one\ntwo\nthree\nfour"),
            (Some("1"), "one"),
            (Some("3:4"), "two\nthree"),
            (Some("4:"), "three\nfour"),
            (Some(":3"), "one\ntwo"),
            (Some("x"), "two\nthree"),
            (Some("gone"), ""),
            (Some("9:3"), ""),
        ];
        for (part, expected) in table {
            assert_eq!(part_of(text, part), expected, "{part:?}");
        }
    }
}
