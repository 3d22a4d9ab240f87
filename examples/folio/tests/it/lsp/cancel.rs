//! A request that the client cancels while its query is at work.
//!
//! The gate is a named pipe: an image of the folder is a symbolic link to it, so the query that asks for the size of the
//! image waits in the middle of reading until somebody writes, and opening the pipe for writing waits until the query
//! reads. That the query was dropped is what the engine tells its inspector.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::channel;
use std::time::Instant;

use serde_json::json;

use super::client::Client;
use crate::http::Inspected;
use crate::lines::DEADLINE;
use crate::tree::{Tree, png};

/// Updates that were given up so far, as the inspector shows them.
fn given_up(inspected: &Inspected) -> Vec<String> {
    let edit = inspected.json("revision");
    let runs = edit["runs"].as_array().unwrap().iter();
    let given_up = runs.filter(|run| run["outcome"] == "given up");
    given_up
        .map(|run| run["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Makes a closed gate of a file.
fn close(gate: &Path) {
    fs::remove_file(gate).unwrap();
    let made = Command::new("mkfifo").arg(gate).status().unwrap();
    assert!(made.success());
}

/// Waits until somebody reads, and lets nothing through until the value is dropped.
fn wait_for_reader(gate: &Path) -> File {
    let (sender, opened) = channel();
    let gate = gate.to_owned();
    std::thread::spawn(move || sender.send(File::options().write(true).open(gate)));
    let opened = opened.recv_timeout(DEADLINE);
    opened.expect("the query reads the image").unwrap()
}

#[test]
fn a_cancelled_request_is_dropped_while_its_query_is_at_work() {
    let outside = Tree::new(&[]);
    outside.write("image.png", png(7, 5));
    let tree = Tree::new(&[("a.md", "# A\n\n![image](image.png) [gone](gone.md)\n")]);
    let gate = outside.path("image.png");
    std::os::unix::fs::symlink(&gate, tree.path("image.png")).unwrap();
    let (mut client, inspected) = Client::inspected(&tree);
    client.problems("a.md", 1);
    close(&gate);

    let id = client.send_at("textDocument/hover", "a.md", 2, 3);
    let held = wait_for_reader(&gate);
    assert_eq!(given_up(&inspected), [] as [&str; 0]);
    client.tell("$/cancelRequest", json!({ "id": id }));
    let answer = client.answer(id);
    assert_eq!(answer["error"]["code"], -32800, "{answer}");
    // The answer may be on its way a moment before the future is gone.
    let end = Instant::now() + DEADLINE;
    while given_up(&inspected).is_empty() {
        assert!(Instant::now() < end, "the query was not dropped");
    }
    assert!(
        given_up(&inspected)
            .iter()
            .all(|name| name.starts_with("image_size")),
        "{:?}",
        given_up(&inspected)
    );

    // What comes next waits for nothing: not another question, and not the same one once the image can be read.
    let broken = client.at("textDocument/hover", "a.md", 2, 25);
    assert!(broken["contents"]["value"].as_str().is_some(), "{broken}");
    fs::remove_file(&gate).unwrap();
    outside.write("image.png", png(7, 5));
    let hover = client.at("textDocument/hover", "a.md", 2, 3);
    assert_eq!(
        hover["contents"]["value"], "`image.png` — 7 × 5 pixels",
        "{hover}"
    );
    drop(held);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_request_that_is_answered_cannot_be_cancelled_any_more() {
    let tree = Tree::new(&[("a.md", "# A\n")]);
    let mut client = Client::start(&tree);
    let id = client.send("workspace/symbol", json!({ "query": "" }));
    assert!(client.answer(id)["result"].is_array());
    client.tell("$/cancelRequest", json!({ "id": id }));
    client.tell("$/cancelRequest", json!({ "id": "of nobody" }));
    let symbols = client.ask("workspace/symbol", json!({ "query": "" }));
    assert_eq!(symbols.as_array().map(Vec::len), Some(1));
    assert_eq!(client.end(), Some(0));
}
