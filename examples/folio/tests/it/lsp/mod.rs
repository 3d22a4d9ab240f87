//! `folio lsp`: whole sessions of a real client, from `initialize` to `exit`.

#[cfg(unix)]
mod cancel;
mod client;

use serde_json::{Value, json};

use self::client::{Client, place};
use crate::tree::{Tree, png};

fn book() -> Tree {
    let tree = Tree::new(&[
        (
            "README.md",
            "# Home\n\n[start](docs/start.md#two) and [gone](gone.md)\n",
        ),
        (
            "docs/start.md",
            "# Start\n\nFirst words.\n\n## Two\n\nMore 🚀 [home](../README.md) ![pic](i.png) [ref][r]\n\n## Two\n\n[r]: other.md\n",
        ),
        (
            "docs/other.md",
            "# Other\n\n[a](start.md#two) [b](/docs/start.md#two-1)\n",
        ),
    ]);
    tree.write("docs/i.png", png(7, 5));
    tree
}

/// Path and place of a location.
fn shown(location: &Value) -> String {
    let (_, name) = location["uri"].as_str().unwrap().rsplit_once('/').unwrap();
    format!("{name} {}", place(&location["range"]))
}

fn all(locations: &Value) -> Vec<String> {
    locations.as_array().unwrap().iter().map(shown).collect()
}

/// The edits of a rename: document, place and text; and the file that moves.
fn edits(edit: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for change in edit["documentChanges"].as_array().unwrap() {
        if change["kind"] == "rename" {
            let name = |uri: &Value| uri.as_str().unwrap().rsplit_once('/').unwrap().1.to_owned();
            all.push(format!(
                "{} becomes {}",
                name(&change["oldUri"]),
                name(&change["newUri"])
            ));
        }
        for edit in change["edits"].as_array().into_iter().flatten() {
            let uri = change["textDocument"]["uri"].as_str().unwrap();
            let (_, name) = uri.rsplit_once('/').unwrap();
            all.push(format!(
                "{name} {} {}",
                place(&edit["range"]),
                edit["newText"].as_str().unwrap()
            ));
        }
    }
    all
}

#[test]
fn a_session_from_hello_to_goodbye() {
    let tree = book();
    let mut client = Client::start(&tree);
    assert_eq!(
        client.problems("README.md", 1),
        ["2:31-2:46 broken link: `gone.md`: there is no `gone.md`"]
    );
    assert_eq!(
        shown(&client.at("textDocument/definition", "README.md", 2, 3)),
        "start.md 4:3-4:6"
    );
    assert_eq!(
        shown(&client.at("textDocument/definition", "docs/start.md", 6, 10)),
        "README.md 0:0-0:0"
    );
    assert_eq!(
        client.at("textDocument/definition", "README.md", 2, 35),
        Value::Null
    );
    let references = client.at("textDocument/references", "docs/start.md", 4, 4);
    assert_eq!(
        all(&references),
        [
            "start.md 4:3-4:6",
            "README.md 2:0-2:26",
            "other.md 2:0-2:17"
        ]
    );
    let lenses = client.at("textDocument/codeLens", "docs/start.md", 0, 0);
    let lenses: Vec<_> = lenses
        .as_array()
        .unwrap()
        .iter()
        .map(|lens| {
            format!(
                "{} {}",
                place(&lens["range"]),
                lens["command"]["title"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        lenses,
        [
            "0:0-0:0 2 backlinks",
            "4:3-4:6 2 references",
            "8:3-8:6 1 reference"
        ]
    );
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_hover_shows_what_a_link_leads_to() {
    let tree = book();
    let mut client = Client::start(&tree);
    let mut hover = |path, line, character| {
        let hover = client.at("textDocument/hover", path, line, character);
        hover["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(
        hover("docs/other.md", 2, 3),
        "**Start** — `docs/start.md`\n\n---\n\n## Two\n\nMore 🚀 [home](../README.md) ![pic](i.png) [ref][r]"
    );
    // Columns are units of UTF-16: the rocket takes two.
    assert_eq!(hover("docs/start.md", 6, 33), "`docs/i.png` — 7 × 5 pixels");
    assert_eq!(
        hover("README.md", 2, 40),
        "**Broken**: there is no `gone.md`"
    );
    assert_eq!(hover("docs/start.md", 2, 3), "");
    assert_eq!(client.end(), Some(0));
}

#[test]
fn paths_and_anchors_are_completed() {
    let tree = book();
    let mut client = Client::start(&tree);
    let text = "# New\n\n[a](\n[b](docs/\n[c](docs/start.md#\n[d](#\n![e](docs/i\n";
    client.open("new.md", text);
    let mut labels = |line, character| {
        let items = client.at("textDocument/completion", "new.md", line, character);
        let label = |item: &Value| {
            format!(
                "{}={}",
                item["label"].as_str().unwrap(),
                item["textEdit"]["newText"].as_str().unwrap()
            )
        };
        items
            .as_array()
            .unwrap()
            .iter()
            .map(label)
            .collect::<Vec<_>>()
    };
    assert_eq!(labels(2, 4), ["README.md=README.md", "docs/=docs/"]);
    assert_eq!(
        labels(3, 9),
        [
            "other.md=other.md",
            "start.md=start.md",
            "i.png=i.png",
            "../=../"
        ]
    );
    assert_eq!(labels(4, 18), ["start=start", "two=two", "two-1=two-1"]);
    assert_eq!(labels(5, 5), ["new=new"]);
    assert_eq!(labels(0, 3), [] as [&str; 0]);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn headings_are_symbols() {
    let tree = book();
    let mut client = Client::start(&tree);
    let symbols = client.at("textDocument/documentSymbol", "docs/start.md", 0, 0);
    let start = &symbols[0];
    assert_eq!(
        (&start["name"], place(&start["range"])),
        (&json!("Start"), "0:0-11:0".to_owned())
    );
    let inside: Vec<_> = start["children"]
        .as_array()
        .unwrap()
        .iter()
        .map(|child| place(&child["range"]))
        .collect();
    assert_eq!(inside, ["4:0-8:0", "8:0-11:0"]);
    let found = client.ask("workspace/symbol", json!({ "query": "TWO" }));
    let found: Vec<_> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|found| shown(&found["location"]))
        .collect();
    assert_eq!(found, ["start.md 4:3-4:6", "start.md 8:3-8:6"]);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_renamed_heading_takes_its_links_along_and_those_of_the_numbers_behind_it() {
    let tree = book();
    let mut client = Client::start(&tree);
    let document = json!({ "uri": client.url("docs/start.md") });
    let position = json!({ "line": 4, "character": 4 });
    let prepared = client.ask(
        "textDocument/prepareRename",
        json!({ "textDocument": document, "position": position }),
    );
    assert_eq!(
        (&prepared["placeholder"], place(&prepared["range"])),
        (&json!("Two"), "4:3-4:6".to_owned())
    );
    let rename =
        json!({ "textDocument": document, "position": position, "newName": "Zwei & drei" });
    let edit = client.ask("textDocument/rename", rename);
    let expected = [
        "README.md 2:8-2:25 docs/start.md#zwei--drei",
        "other.md 2:4-2:16 start.md#zwei--drei",
        "other.md 2:22-2:42 /docs/start.md#two",
        "start.md 4:3-4:6 Zwei & drei",
    ];
    assert_eq!(edits(&edit), expected);
    let refused = json!({ "textDocument": document, "position": { "line": 2, "character": 0 }, "newName": "x" });
    let id = client.send("textDocument/rename", refused);
    assert!(
        client.answer(id)["error"]["message"]
            .as_str()
            .unwrap()
            .contains("only headings")
    );
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_renamed_file_takes_links_along_from_both_sides() {
    let tree = book();
    let mut client = Client::start(&tree);
    let document = json!({ "uri": client.url("docs/start.md") });
    let rename = json!({ "textDocument": document, "position": { "line": 6, "character": 52 }, "newName": "more/another one.md" });
    let expected = [
        "other.md 2:4-2:16 ../docs/start.md#two",
        "start.md 10:5-10:13 ../more/another%20one.md",
        "other.md becomes another%20one.md",
    ];
    assert_eq!(edits(&client.ask("textDocument/rename", rename)), expected);
    let files =
        json!({ "files": [{ "oldUri": client.url("docs"), "newUri": client.url("text/docs") }] });
    let expected = [
        "README.md 2:8-2:25 text/docs/start.md#two",
        "other.md 2:22-2:42 /text/docs/start.md#two-1",
        "start.md 6:15-6:27 ../../README.md",
    ];
    assert_eq!(
        edits(&client.ask("workspace/willRenameFiles", files)),
        expected
    );
    assert_eq!(client.end(), Some(0));
}

#[test]
fn buffers_stand_for_files_until_they_are_closed() {
    let tree = book();
    let mut client = Client::start(&tree);
    client.problems("README.md", 1);
    client.open("README.md", "# Home\n\nNothing.\n");
    client.problems("README.md", 0);
    let change = json!([{ "range": { "start": { "line": 2, "character": 0 }, "end": { "line": 2, "character": 7 } }, "text": "[x](a.md) [y](b.md)" }]);
    client.change("README.md", change);
    assert_eq!(client.problems("README.md", 2).len(), 2);
    // What is on the disk does not matter while the buffer is open.
    tree.write("README.md", "# Home\n");
    // A document that was never saved is one for all others.
    client.open("a.md", "# A\n");
    assert_eq!(
        client.problems("README.md", 1),
        ["2:10-2:19 broken link: `b.md`: there is no `b.md`"]
    );
    assert_eq!(
        shown(&client.at("textDocument/definition", "README.md", 2, 1)),
        "a.md 0:0-0:0"
    );
    client.close("a.md");
    client.problems("README.md", 2);
    client.close("README.md");
    client.problems("README.md", 0);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn an_answer_has_every_edit_that_was_sent_before_it_and_none_behind() {
    let tree = book();
    let mut client = Client::start(&tree);
    client.open("new.md", "");
    let whole = |text: String| json!([{ "text": text }]);
    let ids: Vec<_> = (1..=50)
        .map(|n| {
            client.change("new.md", whole("# H\n\n".repeat(n)));
            let document = json!({ "uri": client.url("new.md") });
            client.send(
                "textDocument/documentSymbol",
                json!({ "textDocument": document }),
            )
        })
        .collect();
    for (n, id) in (1..).zip(ids) {
        let answer = client.answer(id);
        assert_eq!(
            answer["result"].as_array().map(Vec::len),
            Some(n),
            "{answer}"
        );
    }
    assert_eq!(client.end(), Some(0));
}
