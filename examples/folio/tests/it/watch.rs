//! `folio check --watch` on a folder that changes while it looks.
//!
//! Nothing here sleeps: a test waits for the line it expects.
#![cfg(unix)]

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::lines::Lines;
use crate::tree::{Tree, folio};

/// The program, watching.
pub(crate) struct Watching {
    child: Child,
    lines: Lines,
    remarks: Lines,
    /// What it said until it watched.
    first_remarks: Vec<String>,
}

impl Watching {
    pub(crate) fn start(tree: &Tree, arguments: &[&str]) -> Self {
        Self::start_in(tree.root(), arguments)
    }

    fn start_in(dir: &Path, arguments: &[&str]) -> Self {
        let mut command = folio();
        command.arg("check").arg(dir).arg("--watch").args(arguments);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = Lines::of(child.stdout.take().unwrap());
        let remarks = Lines::of(child.stderr.take().unwrap());
        let first_remarks = remarks.until(|line| line.starts_with("watching "));
        Watching {
            child,
            lines,
            remarks,
            first_remarks,
        }
    }

    /// The lines up to the next cost, which comes last.
    pub(crate) fn change(&self) -> Vec<String> {
        self.lines
            .until(|line| line.contains(" queries ran, ") || line.contains("\"ran\":"))
    }

    /// Changes until a report says what is expected: a slow disk may show one edit as two batches.
    pub(crate) fn until(&self, expected: &str) -> Vec<String> {
        self.lines.until(|line| line == expected)
    }

    /// What stands behind `before`, in what it said until it watched.
    pub(crate) fn remark(&self, before: &str) -> &str {
        let mut remarks = self.first_remarks.iter();
        let found = remarks.find_map(|line| line.strip_prefix(before));
        found.unwrap_or_else(|| panic!("no {before:?} in {:#?}", self.first_remarks))
    }

    fn interrupt(mut self) -> Option<i32> {
        let sent = Command::new("kill")
            .args(["-INT", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        self.child.wait().unwrap().code()
    }
}

/// However a test ends, the program ends with it.
impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `1 file changed: 6 of 5,210 queries ran, 1.8 ms` gives 6.
fn ran(cost: &str) -> u64 {
    let ran = cost
        .split(": ")
        .nth(1)
        .and_then(|rest| rest.split(" of ").next())
        .unwrap();
    ran.replace(',', "").parse().unwrap()
}

fn chapters() -> Tree {
    let tree = Tree::new(&[(
        "ch0.md",
        "# Chapter 0\n\nProse.\n\n[next](ch1.md#chapter-1)\n",
    )]);
    for n in 1..30 {
        let next = (n + 1) % 30;
        tree.write(
            &format!("ch{n}.md"),
            format!("# Chapter {n}\n\nProse.\n\n[next](ch{next}.md#chapter-{next})\n"),
        );
    }
    tree
}

#[test]
fn an_edit_of_prose_runs_a_handful_of_queries() {
    let tree = chapters();
    let watching = Watching::start(&tree, &[]);
    tree.write(
        "ch7.md",
        "# Chapter 7\n\nOther prose,\nand more.\n\n[next](ch8.md#chapter-8)\n",
    );
    let lines = watching.change();
    let [cost] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(cost.starts_with("1 file changed: "), "{cost}");
    assert!(ran(cost) <= 10, "{cost}");
}

#[test]
fn problems_come_and_go_with_edits() {
    let tree = chapters();
    let watching = Watching::start(&tree, &[]);
    tree.write("ch7.md", "# Chapter Seven\n");
    watching.until("ch6.md:5:1: broken anchor: `ch7.md#chapter-7`: `ch7.md` has no `#chapter-7`");
    tree.write("ch7.md", "# Chapter 7\n");
    watching.until(
        "fixed: ch6.md:5:1: broken anchor: `ch7.md#chapter-7`: `ch7.md` has no `#chapter-7`",
    );
    assert_eq!(watching.interrupt(), Some(0));
}

#[test]
fn files_come_go_and_move() {
    let tree = Tree::new(&[("a.md", "[b](sub/b.md) ![i](new/i.png)\n")]);
    let watching = Watching::start(&tree, &[]);
    let missing = "a.md:1:1: broken link: `sub/b.md`: there is no `sub/b.md`";
    assert_eq!(watching.until(missing).len(), 1);

    tree.write("sub/b.md", "[x](gone.md)\n");
    watching.until(&format!("fixed: {missing}"));
    watching.until("sub/b.md:1:1: broken link: `gone.md`: there is no `sub/gone.md`");
    tree.write("new/i.png", "");
    watching.until("fixed: a.md:1:15: missing image: `new/i.png`: there is no `new/i.png`");

    std::fs::rename(tree.path("sub"), tree.path("moved")).unwrap();
    watching.until(missing);
    watching.until("moved/b.md:1:1: broken link: `gone.md`: there is no `moved/gone.md`");
    std::fs::remove_file(tree.path("moved/b.md")).unwrap();
    watching.until("fixed: moved/b.md:1:1: broken link: `gone.md`: there is no `moved/gone.md`");
    tree.write("moved/b.md", b"\xff");
    watching.until("moved/b.md:1:1: unreadable: not UTF-8: byte 0xff");
    std::fs::remove_dir_all(tree.path("moved")).unwrap();
    watching.until("fixed: moved/b.md:1:1: unreadable: not UTF-8: byte 0xff");
    assert_eq!(watching.interrupt(), Some(0));
}

#[test]
fn rules_of_what_is_ignored_may_change() {
    let tree = Tree::new(&[("drafts/a.md", "[x](gone.md)\n")]);
    let watching = Watching::start(&tree, &[]);
    let problem = "drafts/a.md:1:1: broken link: `gone.md`: there is no `drafts/gone.md`";
    watching.until(problem);
    tree.write(".gitignore", "drafts/\n");
    watching.until(&format!("fixed: {problem}"));
    // Now nobody looks in there.
    tree.write("drafts/b.md", "[x](gone.md)\n");
    tree.write(".gitignore", "");
    watching.until(problem);
}

#[test]
fn json_tells_changes_and_cost() {
    let tree = Tree::new(&[("a.md", "# A\n"), ("b.md", "[a](a.md#a)\n")]);
    let watching = Watching::start(&tree, &["--json"]);
    tree.write("a.md", "# B\n");
    let seen = watching.until(
        r#"{"path":"b.md","line":1,"column":1,"code":"broken-anchor","target":"a.md#a","message":"broken anchor: `a.md#a`: `a.md` has no `#a`"}"#,
    );
    assert!(seen.iter().all(|line| line.starts_with('{')), "{seen:#?}");
    let cost = watching.change();
    let cost = cost.last().unwrap();
    assert!(
        cost.starts_with(r#"{"files":1,"folders":0,"ran":"#),
        "{cost}"
    );
    tree.write("a.md", "# A\n");
    let fixed = watching.change();
    assert!(
        fixed.iter().any(|line| line.contains(r#""fixed":true"#)),
        "{fixed:#?}"
    );
}

#[test]
fn a_folder_that_goes_away_ends_it_with_code_2() {
    let tree = Tree::new(&[("root/a.md", "# A\n")]);
    let inner = tree.path("root");
    let mut watching = Watching::start_in(&inner, &[]);
    std::fs::remove_dir_all(inner).unwrap();
    watching.remarks.until(|line| line.ends_with(" is gone"));
    assert_eq!(watching.child.wait().unwrap().code(), Some(2));
}
