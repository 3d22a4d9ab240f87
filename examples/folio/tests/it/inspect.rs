//! `--inspect`: the engine of a running program, as a browser is told of it.
#![cfg(unix)]

use serde_json::Value;

use crate::http::{Inspected, get, status};
use crate::tree::Tree;
use crate::watch::Watching;

fn names(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap().iter();
    list.map(|named| named["name"].as_str().unwrap()).collect()
}

#[test]
fn an_edit_is_seen_in_the_inspector_with_what_it_ran() {
    let tree = Tree::new(&[
        ("a.md", "# A\n\n[b](b.md#b)\n"),
        ("b.md", "# B\n"),
        ("c.md", "# C\n"),
    ]);
    let watching = Watching::start(&tree, &["--inspect"]);
    let inspected = Inspected::at(watching.remark("inspect the engine at "));

    let page = inspected.get("");
    assert_eq!(status(&page), "200");
    assert!(page.contains("<script"), "{page}");
    let first = inspected.json("pulse");

    tree.write("b.md", "# Other\n");
    watching.until("a.md:3:1: broken anchor: `b.md#b`: `b.md` has no `#b`");
    watching.change();
    let now = inspected.json("pulse");
    assert!(now["change"].as_u64() > first["change"].as_u64());
    let edit = inspected.json("revision");
    assert!(
        names(&edit["changed"])
            .iter()
            .any(|name| name.contains("b.md")),
        "{edit}"
    );
    let ran = names(&edit["runs"]);
    let is_run = |query: &str, path: &str| {
        let mut ran = ran.iter();
        ran.any(|name| name.starts_with(query) && name.contains(path))
    };
    assert!(
        is_run("parsed", "b.md") && is_run("problems", "a.md"),
        "{ran:?}"
    );
    assert!(!is_run("", "c.md"), "{ran:?}");
}

#[test]
fn the_inspector_is_behind_its_token() {
    let tree = Tree::new(&[("a.md", "# A\n")]);
    let watching = Watching::start(&tree, &["--inspect=0"]);
    let url = watching.remark("inspect the engine at ");
    let host = url.strip_prefix("http://").unwrap();
    let host = host.split('/').next().unwrap();
    assert_eq!(status(&get(host, "/", "")), "404");
    assert_eq!(status(&get(host, "/api/pulse", "")), "404");
}

#[test]
fn what_cannot_be_inspected_is_said_with_code_2() {
    let tree = Tree::new(&[("a.md", "# A\n")]);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = format!("--inspect={}", taken.local_addr().unwrap());
    let table: [(&[&str], &str); 3] = [
        (&["--inspect"], "--watch"),
        (&["--watch", "--inspect=0.0.0.0:0"], "other machines"),
        (&["--watch", &taken], "cannot show the engine at 127.0.0.1"),
    ];
    for (arguments, expected) in table {
        let run = tree.check(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}");
        assert!(run.remarks.contains(expected), "{}", run.remarks);
    }
}
