//! The house rules as functions of one file: which lines break which.

use crate::paths::paths;
use crate::tokens::{Token, closing, is_at, is_name, tokens};

/// Longest file, in lines.
const FILE: usize = 399;

/// Longest function, in lines.
const FUNCTION: usize = 60;

/// The modules of the engine, lowest layer first; imports go down only. A new module gets its place here.
const LAYERS: [&[&str]; 5] = [
    &[
        "revision", "value", "shared", "error", "event", "sync", "bug", "param",
    ],
    &["node"],
    &["scope"],
    &["runtime"],
    &["observe", "memo", "projection", "testing"],
];

/// Where the layers do not count: what re-exports, and what generated code calls.
const FREE: [&str; 6] = [
    "lib",
    "macro_support",
    "assert",
    "describe",
    "sharing",
    "views",
];

/// All that a user holds leads to an engine, and each part of his program would describe it.
const VEILED: &str =
    "an engine is shared by an `EngineArc`, which a debugger does not look through";

/// Modules of salvia 0.1 that are names only, wherever what they name lives.
const OLD_NAMES: [[&str; 2]; 2] = [["node", "input"], ["node", "query"]];

/// One file, by its path from the root of the workspace.
#[derive(Debug)]
pub(crate) struct File<'a> {
    pub(crate) path: &'a str,
    pub(crate) source: &'a str,
}

/// Every breach, as `path:line: rule`.
pub(crate) fn breaches(file: &File<'_>) -> Vec<String> {
    let tokens = tokens(file.source);
    let mut found = Vec::new();
    shape(file, &mut found);
    functions(&tokens, &mut found);
    forbidden(file, &tokens, &mut found);
    if let Some(module) = engine_module(file.path) {
        doors(&module, &tokens, &mut found);
        layers(&module, &tokens, &mut found);
    }
    found.sort();
    found.dedup();
    found
        .into_iter()
        .map(|(line, rule)| format!("{}:{line}: {rule}", file.path))
        .collect()
}

type Found = Vec<(usize, String)>;

/// `runtime`, `commit` for `salvia/src/runtime/commit.rs`; nothing outside of the engine.
fn engine_module(path: &str) -> Option<Vec<&str>> {
    let inside = path.strip_prefix("salvia/src/")?.strip_suffix(".rs")?;
    Some(inside.split('/').filter(|name| *name != "mod").collect())
}

/// A file opens with its text and has an end.
fn shape(file: &File<'_>, found: &mut Found) {
    if !file.source.starts_with("//!") {
        found.push((
            1,
            "a file opens with `//!`: what it is, which question it answers".into(),
        ));
    }
    let lines = file.source.lines().count();
    if lines > FILE {
        found.push((
            lines,
            format!("a file stays under {} lines; split it by concept", FILE + 1),
        ));
    }
}

/// No function is long.
fn functions(tokens: &[Token], found: &mut Found) {
    for at in 0..tokens.len() {
        let name = tokens
            .get(at + 1)
            .filter(|next| tokens[at].text == "fn" && is_name(&next.text));
        let (Some(name), Some(open)) = (name, body(tokens, at)) else {
            continue;
        };
        let lines = tokens[closing(tokens, open)].line - tokens[at].line + 1;
        if lines > FUNCTION {
            let rule = format!(
                "`{}` has {lines} lines; a function stays within {FUNCTION}",
                name.text
            );
            found.push((tokens[at].line, rule));
        }
    }
}

/// Where the body of the function at `at` begins; `None` for one without.
fn body(tokens: &[Token], at: usize) -> Option<usize> {
    let mut at = at;
    loop {
        match tokens.get(at)?.text.as_str() {
            "{" => return Some(at),
            ";" => return None,
            // The brackets of the parameters and of array types.
            "(" | "[" => at = closing(tokens, at) + 1,
            _ => at += 1,
        }
    }
}

/// Words that are not to be there at all, and those that are not to be in what users run.
fn forbidden(file: &File<'_>, tokens: &[Token], found: &mut Found) {
    let everywhere = [
        (
            "# [ ignore",
            "a test is never ignored: assert today's behaviour and say why it is wrong",
        ),
        ("todo !", "no `todo!`"),
        (
            "allow ( dead_code",
            "no `allow(dead_code)`: what is not used goes",
        ),
        (
            "# ! [ allow",
            "a lint is never silenced for a crate: `#[expect(.., reason)]` on the item",
        ),
    ];
    let shipped =
        file.path.starts_with("salvia/src/") || file.path.starts_with("salvia-macros/src/");
    let tests = test_code(file.path, tokens);
    for at in 0..tokens.len() {
        for (pattern, rule) in everywhere {
            if is_at(tokens, at, pattern) {
                found.push((tokens[at].line, rule.into()));
            }
        }
        if shipped && (is_at(tokens, at, "Arc < Engine") || is_at(tokens, at, "Weak < Engine")) {
            found.push((tokens[at].line, VEILED.into()));
        }
        if shipped
            && is_at(tokens, at, ". unwrap (")
            && !tests.iter().any(|range| range.contains(&at))
        {
            found.push((
                tokens[at].line,
                "no `unwrap()`; `expect` with the reason it cannot fail".into(),
            ));
        }
    }
}

/// The ranges of tokens that are tests.
fn test_code(path: &str, tokens: &[Token]) -> Vec<std::ops::Range<usize>> {
    if path.ends_with("/tests.rs") || path.contains("/tests/") {
        return std::iter::once(0..tokens.len()).collect();
    }
    let starts = (0..tokens.len())
        .filter(|at| is_at(tokens, *at, "# [ cfg ( test ) ]") || is_at(tokens, *at, "# [ test ]"));
    let open =
        |at: usize| (at..tokens.len()).find(|at| matches!(tokens[*at].text.as_str(), "{" | ";"));
    starts
        .filter_map(|at| open(at).map(|open| at..closing(tokens, open) + 1))
        .collect()
}

/// `node/` does not wait, and concurrency comes through one door.
fn doors(module: &[&str], tokens: &[Token], found: &mut Found) {
    for (at, token) in tokens.iter().enumerate() {
        let text = token.text.as_str();
        if module[0] == "node" && matches!(text, "async" | "await" | "tokio") {
            found.push((
                token.line,
                format!("`node/` decides and never waits: no `{text}`"),
            ));
        }
        if module[0] != "sync"
            && matches!(text, "parking_lot" | "hazarc" | "loom" | "shuttle")
            && !is_at(tokens, at, "loom )")
        {
            found.push((token.line, format!("`{text}` only through `sync`")));
        }
    }
    if module[0] == "sync" {
        return;
    }
    for path in paths(tokens) {
        if let [root @ ("std" | "core" | "alloc" | "tokio"), "sync", ..] = path.names()[..] {
            found.push((path.line, format!("`{root}::sync` only through `sync`")));
        }
    }
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// Imports go down only.
fn layers(module: &[&str], tokens: &[Token], found: &mut Found) {
    let home = module[0];
    if FREE.contains(&home) || OLD_NAMES.iter().any(|old| old == module) {
        return;
    }
    let Some(layer) = layer_of(home) else {
        return found.push((
            1,
            format!("`{home}` has no layer: give it one in the table of this test"),
        ));
    };
    for path in paths(tokens) {
        let Some(target) = target(module, &path.names()) else {
            continue;
        };
        match layer_of(target) {
            Some(below) if below <= layer => {}
            Some(_) => found.push((
                path.line,
                format!("`{home}` is below `{target}` and does not import it"),
            )),
            None => found.push((
                path.line,
                format!("`crate::{target}`: import it from the module it lives in"),
            )),
        }
    }
}

/// The module of the crate that a path leads to, if it leaves its own.
fn target<'a>(module: &[&'a str], names: &[&'a str]) -> Option<&'a str> {
    match names {
        ["crate", target, ..] => Some(target),
        ["super", ..] => {
            let up = names.iter().take_while(|name| **name == "super").count();
            // Within an inline module `super` goes less far than it seems, never further: guess in its favour.
            match module.len().checked_sub(up)? {
                0 => names.get(up).copied(),
                _ => None,
            }
        }
        _ => None,
    }
}
