//! The paths a file mentions, with the groups of its imports taken apart: `a::{b, c::d}` is `a::b` and `a::c::d`.

use crate::tokens::{Token, is_at, is_name};

/// One path, as far as it is written, and the line it ends on.
#[derive(Debug)]
pub(crate) struct Path {
    names: Vec<String>,
    pub(crate) line: usize,
}

impl Path {
    pub(crate) fn names(&self) -> Vec<&str> {
        self.names.iter().map(String::as_str).collect()
    }
}

/// All paths of two names or more.
pub(crate) fn paths(tokens: &[Token]) -> Vec<Path> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let starts = begins(&tokens[at].text) && is_at(tokens, at + 1, "::");
        at = if starts {
            tree(tokens, at, &[], &mut found)
        } else {
            at + 1
        };
    }
    found
}

/// Whether a path may begin so: before a `::` that stands for the root of all crates there is a keyword or nothing.
fn begins(text: &str) -> bool {
    is_name(text)
        && !matches!(
            text,
            "use" | "as" | "dyn" | "impl" | "in" | "return" | "mut"
        )
}

/// Reads one path or tree of paths from `at` on; gives where it ends.
fn tree(tokens: &[Token], at: usize, prefix: &[String], found: &mut Vec<Path>) -> usize {
    let mut names = prefix.to_vec();
    let mut at = at;
    loop {
        match tokens.get(at).map(|token| token.text.as_str()) {
            Some("{") => return group(tokens, at + 1, &names, found),
            Some(name) if is_name(name) => names.push(name.to_string()),
            // `*`, or the `<` of a turbofish: the path is known far enough.
            _ => break,
        }
        at += 1;
        if !is_at(tokens, at, "::") {
            break;
        }
        at += 1;
    }
    let line = tokens[at.min(tokens.len()) - 1].line;
    found.push(Path { names, line });
    at.max(1)
}

/// Reads the trees of a group, after its brace.
fn group(tokens: &[Token], at: usize, prefix: &[String], found: &mut Vec<Path>) -> usize {
    let mut at = at;
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "}" => return at + 1,
            // A new name is no path.
            "as" => at += 2,
            name if is_name(name) => at = tree(tokens, at, prefix, found),
            _ => at += 1,
        }
    }
    at
}

/// Its own test.
#[test]
fn groups_are_taken_apart() {
    let found = |source: &str| {
        let paths = paths(&crate::tokens::tokens(source));
        paths
            .iter()
            .map(|path| format!("{} {}", path.names().join("::"), path.line))
            .collect::<Vec<_>>()
    };
    let group = "use std::{\n  sync::{Arc, Mutex as M},\n  fmt,\n};";
    assert_eq!(
        found(group),
        ["std::sync::Arc 2", "std::sync::Mutex 2", "std::fmt 3"]
    );
    assert_eq!(
        found("a::b(c::<D>::e, crate::f::*)"),
        ["a::b 1", "c 1", "crate::f 1"]
    );
    assert!(found("a : b").is_empty());
}
