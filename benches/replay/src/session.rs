//! What is typed: one document, key by key.
//!
//! A round of it is prose, a link whose target is wrong until its last letter (an editor closes brackets by itself), a
//! heading that others link to, under another name for a moment, and a new paragraph.

use std::sync::Arc;

use folio::core::workspace::RelPath;

use crate::ask::WORD;
use crate::corpus;
use crate::world::{DOCUMENTS, World};

/// The document that is typed in: others link to its sections.
const DOCUMENT: usize = DOCUMENTS / 2;

/// The document after each edit.
pub(crate) struct Session {
    pub(crate) path: RelPath,
    pub(crate) texts: Vec<Arc<str>>,
}

impl Session {
    pub(crate) fn new(world: &World, edits: usize) -> Self {
        let (path, text) = &world.documents[DOCUMENT];
        let mut typist = Typist {
            text: text.to_string(),
            cursor: 0,
            texts: Vec::new(),
        };
        while typist.texts.len() < edits {
            typist.round();
        }
        typist.texts.truncate(edits);
        Session {
            path: path.clone(),
            texts: typist.texts,
        }
    }
}

struct Typist {
    text: String,
    /// In bytes; all that is typed is ASCII.
    cursor: usize,
    texts: Vec<Arc<str>>,
}

impl Typist {
    fn round(&mut self) {
        self.go_behind_section(0);
        self.type_in(" It reads as it is written. See ");
        self.type_in("[here]");
        self.insert("()");
        self.cursor -= 1;
        self.type_in(&corpus::target(self.texts.len() * 7919 % DOCUMENTS, 3));
        self.cursor += 1;
        self.type_in(".");
        self.go_behind(&corpus::heading(DOCUMENT, 2));
        self.type_in(&format!(" {WORD}"));
        for _ in 0..=WORD.len() {
            self.erase();
        }
        self.go_behind_section(3);
        self.type_in("\n\nAnother thought.");
    }

    fn go_behind(&mut self, what: &str) {
        let at = self.text.find(what).expect("nobody erased it");
        self.cursor = at + what.len();
    }

    /// To the end of the last paragraph before the next heading.
    fn go_behind_section(&mut self, section: usize) {
        let next = format!("\n\n## {}", corpus::heading(DOCUMENT, section + 1));
        self.cursor = self.text.find(&next).expect("nobody erased it");
    }

    fn type_in(&mut self, what: &str) {
        for letter in what.chars() {
            self.insert(letter.encode_utf8(&mut [0; 4]));
        }
    }

    fn insert(&mut self, what: &str) {
        self.text.insert_str(self.cursor, what);
        self.cursor += what.len();
        self.texts.push(self.text.as_str().into());
    }

    fn erase(&mut self) {
        self.cursor -= 1;
        self.text.remove(self.cursor);
        self.texts.push(self.text.as_str().into());
    }
}
