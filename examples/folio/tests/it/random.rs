//! Many edits, one after another, give what a fresh check of the same folder gives.
//!
//! Texts are put together from parts that refer to each other, so that edits make and mend every kind of problem. The
//! edits come from a seed; a failure names the seed, the step and the edit.

use std::fs;
use std::sync::Arc;

use folio::core::problem::Problem;
use folio::core::progress::Progress;
use folio::core::workspace::{Changes, RelPath, Workspace};

use crate::tree::Tree;
#[cfg(unix)]
use crate::watch::Watching;

const EDITS: usize = 200;
const FILES: [&str; 10] = [
    "a.md",
    "b.md",
    "README.md",
    "sub/a.md",
    "sub/b.md",
    "sub/index.md",
    "sub/deep/c.md",
    "other/d.md",
    "pic.png",
    "sub/pic.png",
];
const FOLDERS: [&str; 4] = ["sub", "sub/deep", "other", "moved"];
const PARTS: [&str; 22] = [
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
        (0..length)
            .map(|_| format!("{}\n\n", self.pick(&PARTS)))
            .collect()
    }
}

/// One edit of the folder: what was done, and the paths an observer of the disk would name.
fn edit(tree: &Tree, random: &mut Random) -> (String, Vec<String>) {
    let file = random.pick(&FILES).to_owned();
    match random.below(12) {
        0..=5 => write(tree, &file, random.text().as_bytes()),
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

async fn fresh(tree: &Tree) -> Arc<[Problem]> {
    let mut workspace = Workspace::new(tree.root().canonicalize().unwrap(), Progress::none());
    workspace.check().await.unwrap().problems
}

async fn run(seed: u64) {
    let tree = Tree::new(&[]);
    let mut random = Random(seed);
    let mut workspace = Workspace::new(tree.root().canonicalize().unwrap(), Progress::none());
    let mut problems = workspace.check().await.unwrap().problems;
    let mut most = 0;
    for step in 0..EDITS {
        let (done, paths) = edit(&tree, &mut random);
        let paths = paths.iter().filter_map(|path| RelPath::new(path)).collect();
        let answer = workspace
            .update(&Changes {
                paths,
                everything: false,
            })
            .await
            .unwrap();
        problems = answer.map_or(problems, |answer| answer.problems);
        assert_eq!(
            problems,
            fresh(&tree).await,
            "seed {seed}, step {step}: {done}"
        );
        most = most.max(problems.len());
    }
    assert!(
        most > 10,
        "seed {seed}: the edits make too few problems to tell anything"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_edits_give_what_a_fresh_check_gives() {
    for seed in [1, 0x9e37_79b9_7f4a_7c15, 20_240_501] {
        run(seed).await;
    }
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
