//! Which anchors of a document are asked for twice?
//!
//! Two kinds of places can be after one anchor. Headings: GitHub numbers a repeated one (`setup`, `setup-1`), so a link
//! to `#setup` reaches only the first, and the number moves when a heading is added above. Ids set by hand: only the
//! first is ever reached.
//!
//! Two things look alike and are fine. Headings that repeat in different sections (`Fixed` under every version of a
//! change log) are told apart by their section. An id right at the heading of the same anchor leads to the same place.

use std::collections::HashMap;

use crate::core::parse::{Heading, Id, Position};

/// An anchor that was taken already.
#[derive(Debug, PartialEq, Eq)]
pub struct Duplicate<'d> {
    /// The anchor both ask for.
    pub anchor: &'d str,
    /// Where it is asked for again.
    pub at: Position,
    /// Where it was first.
    pub first: Position,
    /// The anchor this one has instead, if it has one.
    pub instead: Option<&'d str>,
}

/// The anchors of one document that are taken already where they are asked for.
pub fn duplicates<'d>(headings: &'d [Heading], ids: &'d [Id]) -> Vec<Duplicate<'d>> {
    let mut found = repeated_headings(headings);
    found.extend(repeated_ids(headings, ids));
    found
}

fn repeated_headings(headings: &[Heading]) -> Vec<Duplicate<'_>> {
    let parents = parents(headings);
    let mut seen: HashMap<(&str, Option<usize>), usize> = HashMap::new();
    let mut found = Vec::new();
    for (this, heading) in headings.iter().enumerate() {
        let Some(slug) = heading.slug.as_deref().filter(|slug| !slug.is_empty()) else {
            continue;
        };
        let above = std::iter::successors(parents[this], |&parent| parents[parent]);
        let sibling = seen.get(&(slug, parents[this])).copied();
        let ancestor = || {
            above
                .into_iter()
                .find(|&parent| headings[parent].slug.as_deref() == Some(slug))
        };
        if let Some(first) = sibling.or_else(ancestor) {
            found.push(Duplicate {
                anchor: slug,
                at: heading.at,
                first: headings[first].at,
                instead: Some(&heading.anchor),
            });
        }
        seen.entry((slug, parents[this])).or_insert(this);
    }
    found
}

/// For each heading the section it is in: the nearest heading above of a lower level.
fn parents(headings: &[Heading]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut parents = Vec::with_capacity(headings.len());
    for (this, heading) in headings.iter().enumerate() {
        while open
            .last()
            .is_some_and(|&last| headings[last].level >= heading.level)
        {
            open.pop();
        }
        parents.push(open.last().copied());
        open.push(this);
    }
    parents
}

/// One place that is after an anchor by its exact name.
struct Claim<'d> {
    anchor: &'d str,
    at: Position,
    /// The anchor of the heading it stands at, or is.
    heading: Option<&'d str>,
    by_hand: bool,
}

fn repeated_ids<'d>(headings: &'d [Heading], ids: &'d [Id]) -> Vec<Duplicate<'d>> {
    let of_heading = |heading: &'d Heading| Claim {
        anchor: &heading.anchor,
        at: heading.at,
        heading: Some(&heading.anchor),
        by_hand: heading.slug.is_none(),
    };
    let of_id = |id: &'d Id| Claim {
        anchor: &id.id,
        at: id.at,
        heading: id.heading.as_deref(),
        by_hand: true,
    };
    let mut claims: Vec<_> = headings
        .iter()
        .map(of_heading)
        .chain(ids.iter().map(of_id))
        .collect();
    claims.sort_by_key(|claim| claim.at);

    let mut first: HashMap<&str, Claim<'_>> = HashMap::new();
    let mut found = Vec::new();
    for claim in claims {
        let Some(earlier) = first.get(claim.anchor) else {
            first.insert(claim.anchor, claim);
            continue;
        };
        // Both lead to the heading of that very anchor.
        let same_place =
            earlier.heading == Some(claim.anchor) && claim.heading == Some(claim.anchor);
        let one_is_a_heading = !(earlier.by_hand && claim.by_hand);
        if !(same_place && one_is_a_heading) {
            found.push(Duplicate {
                anchor: claim.anchor,
                at: claim.at,
                first: earlier.at,
                instead: None,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::parse::parse;

    fn found(text: &str) -> Vec<String> {
        let parsed = parse(text);
        let duplicates = duplicates(&parsed.headings, &parsed.ids);
        duplicates
            .iter()
            .map(|d| format!("{} {} after {}", d.at.line, d.anchor, d.first.line))
            .collect()
    }

    #[test]
    fn a_repeated_heading_is_a_duplicate_unless_its_section_tells_it_apart() {
        let table: [(&str, &[&str]); 9] = [
            ("# A\n# B\n", &[]),
            ("# A\n# A\n", &["2 a after 1"]),
            ("# T\n## A\n## A\n## A\n", &["3 a after 2", "4 a after 2"]),
            ("# T\n## A!\n## a\n", &["3 a after 2"]),
            ("# 1.0\n## Fixed\n# 2.0\n## Fixed\n", &[]),
            ("# A\n## A\n", &["2 a after 1"]),
            ("# A\n## B\n### A\n", &["3 a after 1"]),
            ("# !\n# ?\n", &[]),
            ("# A {#x}\n# A\n", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn an_id_is_a_duplicate_unless_it_stands_at_its_heading() {
        let table: [(&str, &[&str]); 8] = [
            ("<a id=x></a>\n\ntext <a id=x></a>\n", &["3 x after 1"]),
            ("<a id=a></a>\n## A\n", &[]),
            ("## A <a id=a-></a>\n", &[]),
            ("## A\n\ntext\n\n<a id=a></a>\n", &["5 a after 1"]),
            ("<a id=a></a>\n\ntext\n\n## A\n", &["5 a after 1"]),
            ("# A {#x}\n# B {#x}\n", &["2 x after 1"]),
            ("# A {#x}\n\ntext <a id=x></a>\n", &["3 x after 1"]),
            ("<a id=b></a>\n<a id=b></a>\n## B\n", &["2 b after 1"]),
        ];
        for (text, expected) in table {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
