//! The harness itself: the suite runs under the scheduling it was told to, all of it.

use std::path::{Path, PathBuf};

use salvia::{QueryContext, Scheduling, query};

use crate::kit::{runtime, scheduling, soon};

/// The task that runs a body, asked for in this one.
#[query]
async fn here(_cx: &QueryContext) -> Option<String> {
    tokio::task::try_id().map(|id| id.to_string())
}

/// A run that is to give every update a task does so.
#[tokio::test]
async fn the_suite_has_the_scheduling_it_asked_for() {
    soon(async {
        let asking = tokio::spawn(async {
            let there = runtime().query(async |cx| here(&cx).await).await;
            there == tokio::task::try_id().map(|id| id.to_string())
        });
        let in_place = asking.await.expect("it has its answer");
        assert_eq!(in_place, scheduling() == Scheduling::Adaptive);
    })
    .await;
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the tests can be read") {
        let path = entry.expect("the tests can be read").path();
        if path.is_dir() {
            sources(&path, into);
        } else {
            into.push(path);
        }
    }
}

/// A runtime that is made elsewhere would be the same in both runs, and nobody would notice.
#[test]
fn every_test_makes_its_runtimes_in_the_kit() {
    // The last two are about how a program of 0.1 makes its runtime, and about the future that `Runtime::new` is.
    const FREE: [&str; 4] = ["kit.rs", "harness.rs", "compat.rs", "send.rs"];
    const MADE: [&str; 3] = [
        "Runtime::new()",
        "Runtime::builder()",
        "Runtime::with_tokio(",
    ];
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it"),
        &mut files,
    );
    assert!(files.len() > 30, "looked in the wrong place");
    let mut found = Vec::new();
    for path in files {
        if FREE.iter().any(|free| path.ends_with(free)) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("source is text");
        for (line, code) in (1..).zip(text.lines()) {
            let ours = code.replace("tokio::runtime::Runtime::new()", "");
            let made = MADE.iter().any(|made| ours.contains(made));
            if made && !code.trim_start().starts_with("//") {
                found.push(format!(
                    "{}:{line}: `kit::runtime()` or `kit::builder()` instead",
                    path.display()
                ));
            }
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}
