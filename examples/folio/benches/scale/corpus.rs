//! A folder of documents to measure with: prose, sections, and links that lead to each other's sections.
//!
//! A document is a function of its number, so that whoever makes the folder knows every heading in it.

use std::fmt::Write as _;

/// Documents of a directory.
pub(crate) const FOLDER: usize = 50;

/// Sections of a document.
pub(crate) const SECTIONS: usize = 6;

/// One document in so many has a link that leads nowhere.
const BROKEN: usize = 20;

/// The frequent ones first, as in any language.
const WORDS: [&str; 96] = [
    "the", "of", "and", "a", "to", "in", "is", "that", "for", "it", "with", "as", "on", "by",
    "this", "be", "are", "from", "or", "an", "which", "when", "one", "all", "each", "value",
    "query", "change", "read", "write", "file", "folder", "page", "link", "name", "place", "order",
    "state", "line", "word", "part", "look", "find", "call", "open", "close", "keep", "move",
    "build", "check", "point", "form", "mark", "print", "load", "store", "cache", "graph", "node",
    "edge", "path", "table", "index", "field", "group", "count", "time", "event", "signal", "task",
    "thread", "lock", "wait", "start", "end", "cost", "work", "plan", "step", "rule", "case",
    "test", "draft", "note", "view", "list", "tree", "root", "leaf", "branch", "input", "output",
    "number", "text", "letter", "language",
];
const BEGINNINGS: [&str; 8] = ["", "re", "un", "pre", "over", "sub", "inter", "out"];
const ENDINGS: [&str; 6] = ["", "s", "ing", "ed", "er", "able"];

/// The path of a document.
pub(crate) fn path(n: usize) -> String {
    format!("part-{:03}/document-{n}.md", n / FOLDER)
}

/// A heading of a document: no other section of it has the same.
pub(crate) fn heading(n: usize, section: usize) -> String {
    let (one, other) = (n * 7 + section * 13, n * 3 + 31);
    format!(
        "{} and {}",
        capital(WORDS[24 + one % 72]),
        WORDS[24 + other % 72]
    )
}

/// The fragment that leads to a section.
pub(crate) fn anchor(n: usize, section: usize) -> String {
    heading(n, section).to_lowercase().replace(' ', "-")
}

/// A link from one document to a section of another.
pub(crate) fn target(to: usize, section: usize) -> String {
    format!("../{}#{}", path(to), anchor(to, section))
}

/// The text of a document, one of so many.
pub(crate) fn text(n: usize, documents: usize) -> String {
    let mut random =
        Random(0x9e37_79b9_7f4a_7c15 ^ (n as u64 + 1).wrapping_mul(0xd134_2543_de82_ef95));
    let mut text = format!(
        "---\ntags: [subject-{}]\n---\n# {} {n}\n\n",
        n % 50,
        capital(WORDS[24 + n % 72])
    );
    for section in 0..SECTIONS {
        let _ = write!(text, "## {}\n\n", heading(n, section));
        for _ in 0..2 {
            let to = random.below(documents);
            let link = format!(
                "[{}]({})",
                WORDS[24 + to % 72],
                target(to, random.below(SECTIONS))
            );
            paragraph(&mut text, &mut random, &link);
        }
    }
    if n.is_multiple_of(4) {
        let _ = write!(
            text,
            "```rust\nfn example_{n}() -> u32 {{\n    {n}\n}}\n```\n\n"
        );
    }
    if n.is_multiple_of(BROKEN) {
        text += "This was [moved](elsewhere.md) a while ago.\n";
    }
    text
}

/// Three sentences, a link in the second.
fn paragraph(text: &mut String, random: &mut Random, link: &str) {
    for sentence in 0..3 {
        let words = 6 + random.below(5);
        for at in 0..words {
            let word = random.word();
            match at {
                0 => *text += &capital(&word),
                3 if sentence == 1 => *text += link,
                _ => *text += &word,
            }
            *text += if at + 1 < words { " " } else { "." };
        }
        *text += if sentence < 2 { " " } else { "\n\n" };
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Xorshift: the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    fn word(&mut self) -> String {
        let all = WORDS.len() * BEGINNINGS.len() * ENDINGS.len();
        let rank = self.below(all).min(self.below(all)).min(self.below(all));
        let (word, rest) = (WORDS[rank % WORDS.len()], rank / WORDS.len());
        let (beginning, ending) = (rest % BEGINNINGS.len(), rest / BEGINNINGS.len());
        format!("{}{word}{}", BEGINNINGS[beginning], ENDINGS[ending])
    }
}
