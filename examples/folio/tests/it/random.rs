//! Many edits, one after another, give what a clean run on the same folder gives: problems, pages, backlinks, index.
//!
//! Texts are put together from parts that refer to each other, so that edits make and mend every kind of problem. The
//! edits come from a seed; a failure names the seed, the step and the edit.

use std::collections::BTreeMap;
use std::fs;

use folio::core::place::Medium;
use folio::core::queries::{SHARDS, backlinks};
use folio::core::workspace::{Changes, RelPath, Workspace};
use folio::site::{Route, all_places, page, place_address, route, search_shard};

use crate::tree::{Tree, png};
#[cfg(unix)]
use crate::watch::Watching;

const EDITS: usize = 1000;
const FILES: [&str; 12] = [
    "a.md",
    "b.md",
    "README.md",
    "sub/a.md",
    "sub/b.md",
    "sub/index.md",
    "sub/deep/c.md",
    "other/d.md",
    "SUMMARY.md",
    "sub/code.rs",
    "pic.png",
    "sub/pic.png",
];
const FOLDERS: [&str; 4] = ["sub", "sub/deep", "other", "moved"];
const PARTS: [&str; 28] = [
    "# One",
    "## Two",
    "## Two",
    "# Three {#own}",
    "Prose without anything.",
    "<a id=\"own\"></a>",
    "[l](a.md)",
    "[l](b.md#one)",
    "[l](/sub/a.md#two-1)",
    "[l](../a.md#own)",
    "[l](#three)",
    "[l](sub)",
    "[l](sub/#one)",
    "[l](deep/c.html#two)",
    "![i](pic.png)",
    "<img src=\"/sub/pic.png\">",
    "{{#include b.md}}",
    "{{#include sub/a.md}}",
    "{{#include ../a.md}}",
    "[r][ref] [s][none]",
    "[ref]: a.md#two",
    "```\n# Code\n```",
    "```rust\n{{#include sub/code.rs:1:2}}\n```",
    "```rust\n{{#rustdoc_include code.rs:x}}\n```",
    "- [Ay](a.md)\n  - [Bee](sub/b.md)\n- [Sub](sub/)",
    "![i](sub/pic.png) [d](other/d.md)",
    "- [ ] task\n\n| a | b |\n|---|---|\n| *c* | `d` |",
    "<p id=\"two\"><a href=\"sub/../b.md#two\">raw</a></p>",
];
const FRONTS: [&str; 5] = [
    "---\ntitle: Named\ntags: [x, y]\norder: 2\n---\n\n",
    "---\ntags: x\n---\n\n",
    "+++\norder = 1\ndescription = 'd'\n+++\n\n",
    "---\ntitle: [\n---\n\n",
    "",
];

/// A small generator: the same edits for a seed on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).unwrap()
    }

    fn pick<'p>(&mut self, from: &[&'p str]) -> &'p str {
        from[self.below(from.len())]
    }

    fn text(&mut self) -> String {
        let length = self.below(8);
        let parts = (0..length)
            .map(|_| format!("{}\n\n", self.pick(&PARTS)))
            .collect::<String>();
        if self.below(4) > 0 {
            return parts;
        }
        format!("{}{parts}", self.pick(&FRONTS))
    }

    /// Something to write to a file of this name.
    fn content(&mut self, path: &str) -> Vec<u8> {
        match path.rsplit_once('.') {
            Some((_, "png")) => png(1 + self.below(3) as u32, 1 + self.below(3) as u32),
            Some((_, "rs")) => format!(
                "fn a{}() {{}}\n// ANCHOR: x\nlet b = {};\n// ANCHOR_END: x\n",
                self.below(3),
                self.below(3)
            )
            .into_bytes(),
            _ => self.text().into_bytes(),
        }
    }
}

/// One edit of the folder: what was done, and the paths an observer of the disk would name.
fn edit(tree: &Tree, random: &mut Random) -> (String, Vec<String>) {
    let file = random.pick(&FILES).to_owned();
    match random.below(13) {
        0..=5 => {
            let content = random.content(&file);
            write(tree, &file, &content)
        }
        12 => swap(tree, &file, random.pick(&FILES)),
        6 => write(tree, &file, b"# One\n\xff"),
        7 => remove(tree, &file),
        8 => rename(tree, &file, random.pick(&FILES)),
        9 => rename(tree, random.pick(&FOLDERS), random.pick(&FOLDERS)),
        10 => remove(tree, random.pick(&FOLDERS)),
        _ => write(
            tree,
            ".gitignore",
            random
                .pick(&["", "b.md\n", "/sub/a.md\n", "deep/\n", "*.png\n"])
                .as_bytes(),
        ),
    }
}

fn write(tree: &Tree, path: &str, text: &[u8]) -> (String, Vec<String>) {
    tree.write(path, text);
    // The directories that may be new are named too, as a watcher would.
    let ends = path
        .match_indices('/')
        .map(|(at, _)| at)
        .chain([path.len()]);
    let paths = ends.map(|end| path[..end].to_owned()).collect();
    (
        format!("write {path}: {:?}", String::from_utf8_lossy(text)),
        paths,
    )
}

fn remove(tree: &Tree, path: &str) -> (String, Vec<String>) {
    let on_disk = tree.path(path);
    let removed = if on_disk.is_dir() {
        fs::remove_dir_all(on_disk)
    } else {
        fs::remove_file(on_disk)
    };
    (format!("remove {path}: {removed:?}"), vec![path.to_owned()])
}

fn rename(tree: &Tree, from: &str, to: &str) -> (String, Vec<String>) {
    let renamed = fs::rename(tree.path(from), tree.path(to));
    (
        format!("rename {from} to {to}: {renamed:?}"),
        vec![from.to_owned(), to.to_owned()],
    )
}

fn swap(tree: &Tree, one: &str, other: &str) -> (String, Vec<String>) {
    let aside = tree.path(".git").join("aside");
    let _ = fs::create_dir(tree.path(".git"));
    let swapped = fs::rename(tree.path(one), &aside)
        .and_then(|()| fs::rename(tree.path(other), tree.path(one)))
        .and_then(|()| fs::rename(&aside, tree.path(other)));
    (
        format!("swap {one} and {other}: {swapped:?}"),
        vec![one.to_owned(), other.to_owned()],
    )
}

/// All that is known of a folder, by name.
async fn everything(workspace: &Workspace) -> BTreeMap<String, String> {
    let ask = async |cx: salvia::QueryContext| {
        let mut all = BTreeMap::new();
        let problems = folio::core::queries::report(&cx).await;
        all.insert("problems".to_owned(), format!("{problems:#?}"));
        for place in all_places(&cx).await.iter() {
            let address = place_address(place, &cx).await;
            let found = route(address.clone(), &cx).await;
            assert_eq!(found, Route::Page(place.clone()), "{address}");
            for medium in [Medium::Served, Medium::Published] {
                let html = page(place.clone(), medium, &cx).await;
                all.insert(format!("{medium:?} {address}"), html.to_string());
            }
        }
        for bucket in 0..SHARDS {
            let shard = search_shard(bucket, Medium::Served, &cx).await;
            all.insert(format!("search {bucket}"), shard.to_string());
        }
        for path in FILES.iter().chain(&FOLDERS) {
            let from = backlinks(RelPath::new(path).unwrap(), &cx).await;
            all.insert(format!("links to {path}"), format!("{from:?}"));
        }
        all
    };
    workspace.runtime().query(ask).await
}

async fn fresh(tree: &Tree) -> BTreeMap<String, String> {
    let mut workspace = tree.workspace();
    workspace.load().await.unwrap();
    everything(&workspace).await
}

async fn run(seed: u64) {
    let tree = Tree::new(&[]);
    let mut random = Random(seed);
    let mut workspace = tree.workspace();
    workspace.load().await.unwrap();
    let mut most = 0;
    for step in 0..EDITS {
        let (done, paths) = edit(&tree, &mut random);
        let paths = paths.iter().filter_map(|path| RelPath::new(path));
        workspace.apply(&Changes::at(paths)).await.unwrap();
        let (known, expected) = (everything(&workspace).await, fresh(&tree).await);
        for (name, expected) in &expected {
            let known = known.get(name);
            assert_eq!(
                known,
                Some(expected),
                "seed {seed}, step {step}: {name} after {done}"
            );
        }
        assert_eq!(
            known.len(),
            expected.len(),
            "seed {seed}, step {step}: {done}"
        );
        most = most.max(known["problems"].lines().count());
    }
    assert!(
        most > 100,
        "seed {seed}: the edits make too few problems to tell anything"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_edits_give_what_a_clean_run_gives() {
    run(0x9e37_79b9_7f4a_7c15).await;
}

/// The program's own list of problems, kept from the lines of `--watch --json`.
#[cfg(unix)]
fn apply(list: &mut Vec<String>, line: &str) {
    match line.strip_suffix(r#","fixed":true}"#) {
        Some(fixed) => {
            let fixed = format!("{fixed}}}");
            let at = list.iter().position(|known| *known == fixed);
            list.remove(at.unwrap_or_else(|| panic!("{fixed} is fixed, and never was a problem")));
        }
        None if line.contains(r#""code":"#) => list.push(line.to_owned()),
        None => {}
    }
}

/// Edits in bursts, as fast as the disk takes them; what the watching program tells adds up to a fresh report.
#[cfg(unix)]
#[test]
fn bursts_of_edits_under_watch_add_up_to_a_fresh_report() {
    let tree = Tree::new(&[]);
    let mut random = Random(7);
    let watching = Watching::start(&tree, &["--json"]);
    let mut list = Vec::new();
    for burst in 0..20 {
        let done: Vec<_> = (0..10).map(|_| edit(&tree, &mut random).0).collect();
        // Events come in order: once this one is told, so are those before it.
        let last = format!("last-{burst}.md");
        tree.write("z.md", format!("[x]({last})"));
        let mut is_told = false;
        while !is_told {
            for line in watching.change() {
                is_told |= line.contains(&last) && !line.contains("fixed");
                apply(&mut list, &line);
            }
        }
        let mut expected = tree.check(&["--json"]).lines;
        expected.sort();
        list.sort();
        assert_eq!(list, expected, "burst {burst}: {done:#?}");
    }
}
