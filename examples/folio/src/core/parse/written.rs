//! Where in the source of a link is its target written?
//!
//! The Markdown parser tells what a target is, not where. It is looked for behind the text of the link, so what the
//! text says does not matter. What is not found has no place, and cannot be renamed; nothing else depends on it.

use std::ops::Range;

/// The target in `source`, which is a whole inline link, image or `<address>`.
pub(super) fn in_link(source: &str) -> Option<Range<usize>> {
    if source.starts_with('<') {
        return (source.len() > 2).then(|| 1..source.len() - 1);
    }
    let behind_text = behind_text(source)?;
    let inside = source[behind_text..].strip_prefix('(')?;
    let white = inside.len() - inside.trim_start().len();
    from(source, behind_text + 1 + white)
}

/// The target in `source`, which is a definition: `[label]: target "title"`.
pub(super) fn in_definition(source: &str) -> Option<Range<usize>> {
    let colon = source.find("]:")? + 2;
    let rest = &source[colon..];
    from(source, colon + rest.len() - rest.trim_start().len())
}

/// The target that begins at `start`: up to white space, or to the bracket that closes.
fn from(source: &str, start: usize) -> Option<Range<usize>> {
    let rest = &source[start..];
    if let Some(inside) = rest.strip_prefix('<') {
        return Some(start + 1..start + 1 + inside.find('>')?);
    }
    let mut depth = 0;
    let mut is_escaped = false;
    for (at, c) in rest.char_indices() {
        match c {
            _ if is_escaped => {}
            '(' => depth += 1,
            ')' if depth == 0 => return Some(start..start + at),
            ')' => depth -= 1,
            c if c.is_whitespace() => return Some(start..start + at),
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    Some(start..source.len())
}

/// The offset behind the `]` that closes the text. Code spans may hold brackets; they are passed over.
fn behind_text(source: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut depth = 0;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'`' => at += behind_code(&source[at..]) - 1,
            b'[' => depth += 1,
            b']' if depth == 1 => return Some(at + 1),
            b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The length of a code span; of its opening ticks if nothing closes it.
fn behind_code(text: &str) -> usize {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let mut at = ticks;
    while let Some(found) = text[at..].find('`') {
        let run = text[at + found..].len() - text[at + found..].trim_start_matches('`').len();
        at += found + run;
        if run == ticks {
            return at;
        }
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_found_behind_the_text() {
        let table = [
            ("[a](b.md)", Some("b.md")),
            ("[a]( <b c.md> \"t\")", Some("b c.md")),
            ("[a](b.md 'x](y)')", Some("b.md")),
            ("![a [x](y)](b(1).md)", Some("b(1).md")),
            ("[`](`](b.md)", Some("b.md")),
            ("[\\]](b.md)", Some("b.md")),
            ("[a](\nb.md\n)", Some("b.md")),
            ("[a]()", Some("")),
            ("<https://x.org>", Some("https://x.org")),
            ("[a][b]", None),
        ];
        for (source, expected) in table {
            let found = in_link(source).map(|range| &source[range]);
            assert_eq!(found, expected, "{source}");
        }
    }

    #[test]
    fn a_definition_has_its_target_behind_the_colon() {
        let table = [
            ("[a]: b.md", Some("b.md")),
            ("[a]:\n  <b c.md> 't'", Some("b c.md")),
            ("[a]: b.md \"t\"\n", Some("b.md")),
        ];
        for (source, expected) in table {
            let found = in_definition(source).map(|range| &source[range]);
            assert_eq!(found, expected, "{source}");
        }
    }
}
