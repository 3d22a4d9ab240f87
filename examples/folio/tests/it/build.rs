//! `folio build`: what is written, what is left alone, what a site holds.

use std::fs;

use crate::tree::{Run, Tree, folio, png};

fn build(tree: &Tree, site: &Tree) -> Run {
    let mut command = folio();
    command
        .arg("build")
        .arg(tree.root())
        .arg("-o")
        .arg(site.root());
    command
        .args(["--base", "https://example.org/docs/"])
        .output()
        .unwrap()
        .into()
}

fn book() -> Tree {
    let tree = Tree::new(&[
        (
            "README.md",
            "# Home\n\n[start](docs/start.md#two) [gone](gone.md) ![i](docs/i.png)\n",
        ),
        (
            "docs/start.md",
            "---\ntags: [first]\n---\n# Start\n\n## Two\n\n[home](/README.md)\n\n```rust\nfn x() {}\n```\n",
        ),
        ("docs/other.md", "# Other\n"),
        ("docs/data.csv", "1,2\n"),
    ]);
    tree.write("docs/i.png", png(7, 5));
    tree
}

#[test]
fn a_site_has_pages_files_an_index_and_a_sitemap() {
    let (tree, site) = (book(), Tree::new(&[]));
    let run = build(&tree, &site);
    assert_eq!(run.code, Some(0), "{}", run.remarks);
    let read = |name: &str| fs::read_to_string(site.path(name)).unwrap();
    let home = read("index.html");
    assert!(
        home.contains(r#"<a href="docs/start.html#two">start</a>"#),
        "{home}"
    );
    assert!(
        home.contains(r#"class="broken" href="gone.html" title="there is no `gone.md`""#),
        "{home}"
    );
    assert!(
        home.contains(r#"<img src="docs/i.png" alt="i" width="7" height="5" loading="lazy">"#),
        "{home}"
    );
    let start = read("docs/start.html");
    assert!(
        start.contains(r#"<a href="../index.html">home</a>"#),
        "{start}"
    );
    assert!(
        start.contains("s-storage") || start.contains("s-keyword"),
        "{start}"
    );
    assert!(start.contains("Linked from"), "{start}");
    assert!(read("docs/index.html").contains(r#"<a href="other.html">Other</a>"#));
    assert!(read("_folio/tags.html").contains(r#"<h2 id="first">first</h2>"#));
    assert_eq!(read("docs/data.csv"), "1,2\n");
    assert!(read("sitemap.xml").contains("<loc>https://example.org/docs/docs/start.html</loc>"));
    assert!(read("sitemap.xml").contains("<loc>https://example.org/docs/</loc>"));
    let index: String = (0..64)
        .map(|n| read(&format!("_folio/search/{n}.json")))
        .collect();
    assert!(index.contains("\"start\":"), "{index}");
}

#[test]
fn a_second_build_writes_what_is_another_thing_and_removes_what_is_gone() {
    let (tree, site) = (book(), Tree::new(&[("theirs.txt", "x")]));
    build(&tree, &site);
    let again = build(&tree, &site);
    assert!(
        again.remarks.contains(": 0 written, 0 removed"),
        "{}",
        again.remarks
    );
    tree.write(
        "docs/start.md",
        "# Start\n\n## Two\n\nBetter. [home](/README.md)\n",
    );
    fs::remove_file(tree.path("docs/data.csv")).unwrap();
    let third = build(&tree, &site);
    assert!(third.remarks.contains(", 1 removed"), "{}", third.remarks);
    assert!(!site.path("docs/data.csv").exists() && site.path("theirs.txt").exists());
    assert!(
        fs::read_to_string(site.path("docs/start.html"))
            .unwrap()
            .contains("Better.")
    );
}

#[test]
fn a_site_in_its_own_folder_is_refused_unless_git_ignores_it() {
    let tree = book();
    let run = |tree: &Tree| -> Run {
        let mut command = folio();
        command
            .arg("build")
            .arg(tree.root())
            .arg("-o")
            .arg(tree.path("site"));
        command.output().unwrap().into()
    };
    let refused = run(&tree);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.remarks.contains("would become a part of itself"),
        "{}",
        refused.remarks
    );
    tree.write(".gitignore", "/site\n");
    assert_eq!(run(&tree).code, Some(0));
    assert!(run(&tree).remarks.contains(": 0 written"));
}
