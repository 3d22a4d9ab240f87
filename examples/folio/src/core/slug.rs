//! GitHub's anchors of headings: which fragment reaches which heading?
//!
//! The rule: lower-case; keep letters, marks, decimal digits, connectors (`_`) and hyphens; a space becomes a hyphen;
//! everything else is dropped. A slug that is taken gets `-1`, `-2`, .. in the order of the document. No two
//! headings of one document have the same anchor.

use std::collections::HashMap;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The slug of a heading's text, before a number makes it unique.
pub fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' => out.push('-'),
            '-' => out.push('-'),
            c if is_word(c) => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out
}

/// What `\p{Word}` of GitHub's own rule means. `char::is_alphanumeric` is close, but it takes `²` and leaves out
/// combining accents.
fn is_word(c: char) -> bool {
    use GeneralCategory::*;
    matches!(
        c.general_category(),
        UppercaseLetter
            | LowercaseLetter
            | TitlecaseLetter
            | ModifierLetter
            | OtherLetter
            | NonspacingMark
            | SpacingMark
            | EnclosingMark
            | DecimalNumber
            | ConnectorPunctuation
    )
}

/// Numbers the slugs of one document.
#[derive(Debug, Default)]
pub struct Slugger {
    /// How many times a slug was asked for again; an entry is also what "taken" means.
    taken: HashMap<String, usize>,
}

impl Slugger {
    /// The anchor of the next heading.
    pub fn next(&mut self, text: &str) -> String {
        let base = slug(text);
        let mut anchor = base.clone();
        while self.taken.contains_key(&anchor) {
            let again = self.taken.entry(base.clone()).or_insert(0);
            *again += 1;
            anchor = format!("{base}-{again}");
        }
        self.taken.insert(anchor.clone(), 0);
        anchor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_follows_githubs_rule() {
        let table = [
            ("Hello World", "hello-world"),
            ("  spaces  ", "--spaces--"),
            ("What's new?", "whats-new"),
            ("A.B, (C) & D", "ab-c--d"),
            (
                "`Rc<T>`, the Reference Counted",
                "rct-the-reference-counted",
            ),
            ("snake_case and kebab-case", "snake_case-and-kebab-case"),
            ("1.2.3 – 2024", "123--2024"),
            ("Überblick für Größe", "überblick-für-größe"),
            ("日本語 の 見出し", "日本語-の-見出し"),
            ("Привет, мир!", "привет-мир"),
            ("cafe\u{301}", "cafe\u{301}"),
            ("m² and ½", "m-and-"),
            ("🚀 Launch", "-launch"),
            ("C++ / C#", "c--c"),
            ("tab\there", "tabhere"),
            ("!!!", ""),
        ];
        for (text, expected) in table {
            assert_eq!(slug(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_taken_slug_is_numbered() {
        let table: [(&[&str], &[&str]); 4] = [
            (&["Foo", "foo", "FOO!"], &["foo", "foo-1", "foo-2"]),
            (&["Foo", "Foo 1", "Foo"], &["foo", "foo-1", "foo-2"]),
            (&["Foo", "Foo", "Foo 1"], &["foo", "foo-1", "foo-1-1"]),
            (&["!", "?"], &["", "-1"]),
        ];
        for (headings, expected) in table {
            let mut slugger = Slugger::default();
            let anchors: Vec<_> = headings.iter().map(|text| slugger.next(text)).collect();
            assert_eq!(anchors, expected);
        }
    }
}
