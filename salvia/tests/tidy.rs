//! Holds the house rules, so that a breach is a red test and not a remark in a review.
//!
//! The rules stand in `tidy/rules.rs`; every one of them has a snippet here that breaks it, for a check that cannot fail checks
//! nothing.

#[path = "tidy/paths.rs"]
mod paths;
#[path = "tidy/rules.rs"]
mod rules;
#[path = "tidy/tokens.rs"]
mod tokens;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use rules::{File, breaches};

/// Crates the engine may bring along, all of its dependencies' dependencies counted.
const CRATES: usize = 25;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate is in a workspace")
        .to_path_buf()
}

/// All files below `folder` with this ending, but for what is built and for the programs that are wrong on purpose.
fn files(folder: &Path, ending: &str, into: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("the tree can be read");
    for path in entries.map(|entry| entry.expect("the tree can be read").path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" && name != "ui" {
                files(&path, ending, into);
            }
        } else if name.ends_with(ending) {
            into.push(path);
        }
    }
}

/// The path from the root and the text of every source file.
fn sources() -> Vec<(String, String)> {
    let root = root();
    let mut found = Vec::new();
    files(&root, ".rs", &mut found);
    found.sort();
    let read = |path: &PathBuf| {
        let shown = path
            .strip_prefix(&root)
            .unwrap_or(path)
            .to_string_lossy()
            .into_owned();
        (
            shown,
            std::fs::read_to_string(path).expect("source is text"),
        )
    };
    found.iter().map(read).collect()
}

#[test]
fn the_source_keeps_the_house_rules() {
    let sources = sources();
    assert!(
        sources.iter().any(|(path, _)| path == "salvia/src/lib.rs"),
        "looked in the wrong place"
    );
    let found: Vec<_> = sources
        .iter()
        .flat_map(|(path, source)| breaches(&File { path, source }))
        .collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_engine_brings_few_crates() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let arguments = [
        "tree",
        "-p",
        "salvia",
        "-e",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--offline",
    ];
    let output = Command::new(cargo)
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8_lossy(&output.stdout).into_owned();
    // Name and version; the rest of a line says where it lies and whether it was listed before.
    let name = |line: &str| {
        line.split_whitespace()
            .take(2)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let crates: BTreeSet<_> = tree
        .lines()
        .map(name)
        .filter(|name| !name.is_empty() && !name.starts_with("salvia "))
        .collect();
    assert!(
        (2..=CRATES).contains(&crates.len()),
        "{} crates, {CRATES} allowed:\n{crates:#?}",
        crates.len()
    );
}

/// What the code map of the design document names is there.
#[test]
fn the_code_map_names_what_exists() {
    let Ok(document) = std::fs::read_to_string(root().join("DESIGN_DOC.md")) else {
        return;
    };
    let sources = sources();
    let names: BTreeSet<_> = sources
        .iter()
        .flat_map(|(_, source)| tokens::tokens(source))
        .map(|token| token.text)
        .collect();
    let missing: Vec<_> = code_map(&document)
        .into_iter()
        .filter(|(_, name)| !exists(name, &sources, &names))
        .map(|(line, name)| {
            format!("DESIGN_DOC.md:{line}: the code map names `{name}`, which is not there")
        })
        .collect();
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

/// A path from the root or from the sources of a crate, or a name that the code uses.
fn exists(name: &str, sources: &[(String, String)], names: &BTreeSet<String>) -> bool {
    let is_path = name.contains('/')
        || name.ends_with(".rs")
        || name.ends_with(".md")
        || name.ends_with(".toml");
    if is_path {
        let places = ["", "salvia/src", "salvia-macros/src", "salvia"];
        return places
            .iter()
            .any(|place| root().join(place).join(name).exists())
            || sources
                .iter()
                .any(|(path, _)| path.ends_with(&format!("/{name}")));
    }
    let last = name.rsplit("::").next().unwrap_or(name);
    names.contains(last.trim_end_matches("()").trim_end_matches('!'))
}

/// The names in backticks below a heading that speaks of the code map, with their lines.
fn code_map(document: &str) -> Vec<(usize, &str)> {
    let (mut inside, mut fenced, mut found) = (false, false, Vec::new());
    for (number, line) in document.lines().enumerate() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if line.starts_with('#') && !fenced {
            inside = line.to_lowercase().contains("code map");
        } else if inside && !fenced {
            let names = line.split('`').skip(1).step_by(2);
            // Whole expressions and commands are for the reader.
            found.extend(
                names
                    .filter(|name| !name.contains([' ', '<', '#', '[']))
                    .map(|name| (number + 1, name)),
            );
        }
    }
    found
}

/// Each snippet breaks the rule beside it, on the line beside it, and no other.
#[test]
fn every_rule_can_be_broken() {
    let long_function = format!("//! x\nfn long() {{{}}}", "\n".repeat(60));
    let long_file = format!("//! x{}", "\n".repeat(400));
    let cases = [
        ("salvia/src/lib.rs", "fn a() {}", 1, "opens with"),
        ("salvia/src/lib.rs", &long_file, 400, "under 400 lines"),
        (
            "tests/hygiene/src/lib.rs",
            &long_function,
            2,
            "`long` has 61 lines",
        ),
        (
            "salvia/tests/it/a.rs",
            "//! x\n#[ignore = \"slow\"]\nfn a() {}",
            2,
            "never ignored",
        ),
        (
            "examples/folio/src/main.rs",
            "//! x\nfn a() { todo!() }",
            2,
            "todo",
        ),
        (
            "salvia-macros/src/lib.rs",
            "//! x\n#[allow(dead_code)]\nfn a() {}",
            2,
            "dead_code",
        ),
        (
            "salvia-macros/src/lib.rs",
            "//! x\n#![allow(unused)]\n",
            2,
            "for a crate",
        ),
        (
            "salvia-macros/src/lib.rs",
            "//! x\nfn a() {\n  b().unwrap()\n}",
            3,
            "unwrap",
        ),
        (
            "salvia/src/value.rs",
            "//! x\n#[cfg(test)]\nmod tests {}\nfn a() { b.unwrap(); }",
            4,
            "unwrap",
        ),
        (
            "salvia/src/node/edge.rs",
            "//! x\nasync fn a() {}",
            2,
            "no `async`",
        ),
        (
            "salvia/src/node/mod.rs",
            "//! x\nfn a() { b.await }",
            2,
            "no `await`",
        ),
        (
            "salvia/src/node/edge.rs",
            "//! x\nuse tokio::task;",
            2,
            "no `tokio`",
        ),
        (
            "salvia/src/runtime/mod.rs",
            "//! x\nuse std::{\n  fmt,\n  sync::Arc,\n};",
            4,
            "`std::sync` only",
        ),
        (
            "salvia/src/macro_support.rs",
            "//! x\ntype A = tokio::sync::Notify;",
            2,
            "`tokio::sync` only",
        ),
        (
            "salvia/src/runtime/store.rs",
            "//! x\nuse arc_swap::ArcSwap;",
            2,
            "`arc_swap` only",
        ),
        (
            "salvia/src/runtime/store.rs",
            "//! x\ntype A = parking_lot::Mutex<u8>;",
            2,
            "`parking_lot` only",
        ),
        (
            "salvia/src/node/edge.rs",
            "//! x\nuse crate::runtime::Store;",
            2,
            "`node` is below `runtime`",
        ),
        (
            "salvia/src/error.rs",
            "//! x\nuse super::node::Edge;",
            2,
            "`error` is below `node`",
        ),
        (
            "salvia/src/runtime/commit.rs",
            "//! x\nuse super::super::{memo::M, node};",
            2,
            "below `memo`",
        ),
        (
            "salvia/src/sync.rs",
            "//! x\nfn a() -> crate::node::Edge { b }",
            2,
            "`sync` is below `node`",
        ),
        (
            "salvia/src/runtime/mod.rs",
            "//! x\nuse crate::Revision;",
            2,
            "the module it lives in",
        ),
        (
            "salvia/src/revision.rs",
            "//! x\nuse crate::macro_support::Key;",
            2,
            "the module it lives in",
        ),
        ("salvia/src/news.rs", "//! x\n", 1, "no layer"),
    ];
    for (path, source, line, rule) in cases {
        let found = breaches(&File { path, source });
        assert_eq!(found.len(), 1, "{path}: {source}\n{found:?}");
        assert!(
            found[0].starts_with(&format!("{path}:{line}: ")) && found[0].contains(rule),
            "{found:?}"
        );
    }
}

/// What is allowed is not found.
#[test]
fn the_rules_leave_good_code_alone() {
    let cases = [
        (
            "salvia/src/lib.rs",
            "//! `x.unwrap()`, todo!\npub use runtime::{Runtime, store};\npub use crate::memo::Memo;",
        ),
        (
            "salvia/src/sync.rs",
            "//! x\npub use std::sync::{Arc, Mutex};\npub use arc_swap::ArcSwap;",
        ),
        (
            "salvia/src/error.rs",
            "//! x\nuse crate::sync::Arc;\nuse super::revision::Revision;",
        ),
        (
            "salvia/src/runtime/mod.rs",
            "//! x\nuse crate::node::{edge, memo};\nuse super::runtime::store;\nasync fn a() {}",
        ),
        (
            "salvia/src/node/mod.rs",
            "//! async\n/// use tokio::sync;\nfn a() -> &'static str { \"tokio\" }",
        ),
        (
            "salvia/src/node/memo.rs",
            "//! x\nuse super::edge::Edge;\n#[cfg(test)]\nmod tests { fn a() { b.unwrap() } }",
        ),
        (
            "salvia/src/node/memo/tests.rs",
            "//! x\nuse super::super::edge::Edge;\nfn a() { b.unwrap() }",
        ),
        (
            "salvia/src/observe/mod.rs",
            "//! x\nuse crate::{error::QueryError, runtime::Runtime};",
        ),
        (
            "salvia/src/runtime/mod.rs",
            "//! x\nfn a() { b.unwrap_or(1) }\n#[cfg(loom)]\nfn c() {}",
        ),
        (
            "salvia-macros/src/emit.rs",
            "//! x\nfn a() { quote!(::std::sync::Arc) }",
        ),
        (
            "salvia/tests/it/a.rs",
            "//! x\n#[expect(dead_code, reason = \"why\")]\nfn a() { b.unwrap() }",
        ),
    ];
    for (path, source) in cases {
        let found = breaches(&File { path, source });
        assert!(found.is_empty(), "{found:?}");
    }
}

/// The code map is the part below its heading, without code.
#[test]
fn the_code_map_is_read_to_its_end() {
    let document =
        "# A\n`no`\n## Code map\n- `node/`, `Memo`: `a b`\n```\n# `no`\n```\n## Next\n`no`";
    assert_eq!(code_map(document), [(4, "node/"), (4, "Memo")]);
}
