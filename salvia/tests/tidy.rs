//! Holds the house rules, so that a breach is a red test and not a remark in a review.
//!
//! The rules stand in `tidy/rules.rs`; every one of them has a snippet here that breaks it, for a check that cannot fail checks
//! nothing.

#[path = "tidy/document.rs"]
mod document;
#[path = "tidy/paths.rs"]
mod paths;
#[path = "tidy/rules.rs"]
mod rules;
#[path = "tidy/tokens.rs"]
mod tokens;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use document::{exists, is_test, names, tests_named};
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

/// `forbid` cannot be taken back further down, so it is enough that every other crate takes the lints of the workspace.
#[test]
fn no_crates_but_those_of_pointers_may_be_unsafe() {
    let mut manifests = Vec::new();
    files(&root(), "Cargo.toml", &mut manifests);
    let read = |path: &PathBuf| std::fs::read_to_string(path).expect("a manifest is text");
    let workspace = read(&root().join("Cargo.toml"));
    let lints = workspace.split("[workspace.lints.rust]").nth(1);
    let forbids = |lints: &str| lints.lines().any(|line| line == "unsafe_code = \"forbid\"");
    assert!(lints.is_some_and(forbids));
    // Those of `benches` are workspaces of their own, and no part of the product.
    let is_part = |path: &&PathBuf| !path.starts_with(root().join("benches"));
    let crates = manifests.iter().filter(is_part);
    let mut free: Vec<_> = crates
        .filter(|path| read(path).contains("[package]"))
        .filter(|path| !read(path).contains("[lints]\nworkspace = true"))
        .map(|path| path.parent().and_then(Path::file_name))
        .collect();
    free.sort();
    let pointers = ["salvia-counted", "salvia-thin"];
    assert_eq!(free, pointers.map(|name| Some(name.as_ref())));
}

/// What the design document names is there.
#[test]
fn the_design_document_names_what_exists() {
    let Ok(document) = std::fs::read_to_string(root().join("DESIGN_DOC.md")) else {
        return;
    };
    let sources = sources();
    let words: BTreeSet<_> = sources
        .iter()
        .flat_map(|(_, source)| tokens::tokens(source))
        .map(|token| token.text)
        .collect();
    let missing: Vec<_> = names(&document)
        .into_iter()
        .filter(|(_, name)| !exists(&root(), name, &sources, &words))
        .map(|(line, name)| format!("DESIGN_DOC.md:{line}: it names `{name}`, which is not there"))
        .collect();
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

/// The failure catalogue names tests that are there, and has not been lost.
#[test]
fn the_failure_catalogue_names_tests_that_exist() {
    let document = std::fs::read_to_string(root().join("DESIGN_DOC.md"));
    let document = document.expect("the document is there");
    let (named, sources) = (tests_named(&document), sources());
    assert!(named.len() > 40, "{named:?}");
    let missing: Vec<_> = named
        .iter()
        .filter(|(_, name)| !is_test(name, &sources))
        .map(|(line, name)| format!("DESIGN_DOC.md:{line}: no test `{name}`"))
        .collect();
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

/// Every rule that can be taken out is taken out by the script, and the script knows no others.
#[test]
fn every_planted_bug_is_looked_for() {
    let sources = sources();
    let engine = sources
        .iter()
        .filter(|(path, _)| path.starts_with("salvia/src/"));
    let planted: BTreeSet<_> = engine
        .flat_map(|(_, source)| source.split("planted(\"").skip(1))
        .filter_map(|rest| Some(rest.split_once('"')?.0))
        .collect();
    let script = std::fs::read_to_string(root().join("salvia/tests/planted.sh"));
    let script = script.expect("the script is there");
    let list = script
        .split_once("bugs=(")
        .and_then(|(_, rest)| rest.split_once("\n)"));
    let (list, _) = list.expect("it has a list");
    let listed: BTreeSet<_> = list
        .lines()
        .filter_map(|line| line.trim().trim_start_matches('"').split(' ').next())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .collect();
    assert_eq!(planted, listed);
}

/// The snippet breaks the rule, on that line, and no other.
fn breaks(path: &str, line: usize, rule: &str, source: &str) {
    let found = breaches(&File { path, source });
    assert_eq!(found.len(), 1, "{path}: {source}\n{found:?}");
    let place = format!("{path}:{line}: ");
    assert!(
        found[0].starts_with(&place) && found[0].contains(rule),
        "{found:?}"
    );
}

#[test]
fn the_rules_of_shape_can_be_broken() {
    let path = "tests/hygiene/src/lib.rs";
    breaks(path, 1, "opens with", "fn a() {}");
    let source = format!("//! x{}", "\n".repeat(400));
    breaks(path, 400, "under 400 lines", &source);
    let source = format!("//! x\nfn long() {{{}}}", "\n".repeat(60));
    breaks(path, 2, "`long` has 61 lines", &source);
}

#[test]
fn the_rules_against_words_can_be_broken() {
    let path = "salvia/tests/it/a.rs";
    breaks(
        path,
        2,
        "never ignored",
        "//! x\n#[ignore = \"slow\"]\nfn a() {}",
    );
    breaks(path, 2, "todo", "//! x\nfn a() { todo!() }");
    breaks(
        path,
        2,
        "dead_code",
        "//! x\n#[allow(dead_code)]\nfn a() {}",
    );
    breaks(path, 2, "for a crate", "//! x\n#![allow(unused)]\n");
    let path = "salvia-macros/src/emit.rs";
    breaks(path, 2, "`EngineArc`", "//! x\nfn a(b: &Arc<Engine>) {}");
    breaks(path, 2, "`EngineArc`", "//! x\nstruct A(Weak<Engine>);");
    breaks(path, 3, "unwrap", "//! x\nfn a() {\n  b().unwrap()\n}");
    let after_tests = "//! x\n#[cfg(test)]\nmod tests {}\nfn a() { b.unwrap(); }";
    breaks(path, 4, "unwrap", after_tests);
}

#[test]
fn the_doors_can_be_missed() {
    let path = "salvia/src/node/edge.rs";
    breaks(path, 2, "no `async`", "//! x\nasync fn a() {}");
    breaks(path, 2, "no `await`", "//! x\nfn a() { b.await }");
    breaks(path, 2, "no `tokio`", "//! x\nuse tokio::task;");
    let path = "salvia/src/runtime/store.rs";
    let group = "//! x\nuse std::{\n  fmt,\n  sync::Arc,\n};";
    breaks(path, 4, "`std::sync` only", group);
    breaks(
        path,
        2,
        "`tokio::sync` only",
        "//! x\ntype A = tokio::sync::Notify;",
    );
    breaks(path, 2, "`hazarc` only", "//! x\nuse hazarc::AtomicArc;");
    breaks(
        path,
        2,
        "`parking_lot` only",
        "//! x\ntype A = parking_lot::Mutex<u8>;",
    );
    breaks(
        "salvia/src/macro_support.rs",
        2,
        "`std::sync` only",
        "//! x\nuse ::std::sync::Arc;",
    );
}

#[test]
fn the_layers_can_be_mixed_up() {
    let path = "salvia/src/node/edge.rs";
    breaks(
        path,
        2,
        "`node` is below `runtime`",
        "//! x\nuse crate::runtime::Store;",
    );
    let path = "salvia/src/error.rs";
    breaks(
        path,
        2,
        "`error` is below `node`",
        "//! x\nuse super::node::Edge;",
    );
    breaks(
        path,
        2,
        "the module it lives in",
        "//! x\nuse crate::macro_support::Key;",
    );
    let path = "salvia/src/runtime/commit.rs";
    breaks(
        path,
        2,
        "below `memo`",
        "//! x\nuse super::super::{memo::M, node};",
    );
    breaks(
        path,
        2,
        "the module it lives in",
        "//! x\nuse crate::Revision;",
    );
    let path = "salvia/src/sync.rs";
    let in_code = "//! x\nfn a() -> crate::node::Edge { b }";
    breaks(path, 2, "`sync` is below `node`", in_code);
    breaks("salvia/src/news.rs", 1, "no layer", "//! x\n");
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
            "//! x\npub use std::sync::{Arc, Mutex};\npub use hazarc::AtomicArc;",
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
