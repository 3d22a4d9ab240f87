//! What `folio check` reports, how it is written, and how it ends.

use std::io::Read;
use std::process::Stdio;

use crate::tree::{Run, Tree, folio};

#[test]
fn a_sound_folder_gives_nothing_and_code_0() {
    let tree = Tree::new(&[
        (
            "README.md",
            "# Start\n\nSee [part](docs/part.md#the-part), [docs](docs), [docs](docs/#intro), [top](#top), [start](#start),\n\
             [out](https://example.org/x.md), [mail](mailto:me@example.org), [html](docs/part.html#the-part),\n\
             [encoded](docs/with%20space.md), [absolute](/docs/part.md), [code](src/main.rs#L10).\n\n\
             ![image](img/a.png) <img src=\"/img/a.png\"> ![far](https://example.org/a.png)\n\n\
             [by reference][part] and a note[^1]\n\n[part]: docs/part.md\n[^1]: The note.\n",
        ),
        ("docs/README.md", "# Intro\n"),
        (
            "docs/part.md",
            "## The *Part*\n\n[up](../README.md#start) <a id=\"here\"></a> [here](#here)\n",
        ),
        ("docs/with space.md", ""),
        ("img/a.png", "not really"),
        ("src/main.rs", ""),
    ]);
    let Run {
        code,
        lines,
        remarks,
    } = tree.check(&[]);
    assert_eq!(lines, [""; 0]);
    assert_eq!(code, Some(0));
    assert!(
        remarks.starts_with("no problems in 4 documents: "),
        "{remarks}"
    );
}

#[test]
fn each_kind_of_problem_is_one_line_and_code_1() {
    let tree = Tree::new(&[
        (
            "a.md",
            "# A\n\nü [gone](gone.md) [far](b.md#nowhere) [near](b.md#Part-One)\n![pic](pic.png)\n\n\
             ## Twice\n\n## Twice\n\n[own](#missing) [none][label] []()\n\n[spare]: b.md\n",
        ),
        (
            "b.md",
            "# Part One\n<img src=\"x/y.png\">\n\n<p id=one></p>\n\n<p id=one></p>\n",
        ),
    ]);
    let Run {
        code,
        lines,
        remarks,
    } = tree.check(&[]);
    assert_eq!(
        lines,
        [
            "a.md:3:3: broken link: `gone.md`: there is no `gone.md`",
            "a.md:3:19: broken anchor: `b.md#nowhere`: `b.md` has no `#nowhere`",
            "a.md:3:39: broken anchor: `b.md#Part-One`: `b.md` has no `#Part-One`, but `#part-one`",
            "a.md:4:1: missing image: `pic.png`: there is no `pic.png`",
            "a.md:8:1: duplicate anchor: `twice` is taken by line 6, this heading is `twice-1`",
            "a.md:10:1: broken anchor: `#missing`: `a.md` has no `#missing`",
            "a.md:10:17: broken link: no definition for `label`",
            "a.md:10:31: broken link: there is no target",
            "a.md:12:1: unused definition: nothing refers to `spare`",
            "b.md:2:1: missing image: `x/y.png`: there is no `x/y.png`",
            "b.md:6:1: duplicate anchor: `one` is taken by line 4",
        ]
    );
    assert_eq!(code, Some(1));
    assert!(
        remarks.starts_with("11 problems in 2 documents: "),
        "{remarks}"
    );
}

#[test]
fn json_is_one_object_a_line() {
    let tree = Tree::new(&[("x/a.md", "\"q\" [gone](<../b c.md>)\n\n[spare]: y\n")]);
    let Run { code, lines, .. } = tree.check(&["--json"]);
    assert_eq!(
        lines,
        [
            r#"{"path":"x/a.md","line":1,"column":5,"code":"broken-link","target":"../b c.md","message":"broken link: `../b c.md`: there is no `b c.md`"}"#,
            r#"{"path":"x/a.md","line":3,"column":1,"code":"unused-definition","target":"spare","message":"unused definition: nothing refers to `spare`"}"#,
        ]
    );
    assert_eq!(code, Some(1));
}

#[test]
fn bad_use_is_code_2_and_a_word() {
    let tree = Tree::new(&[("a.md", "")]);
    let gone = tree.path("gone");
    let file = tree.path("a.md");
    let table: [(&[&str], &str); 6] = [
        (&[], "Usage"),
        (&["check"], "<DIR>"),
        (&["check", gone.to_str().unwrap()], "cannot open"),
        (&["check", file.to_str().unwrap()], "is not a directory"),
        (&["check", ".", "--loud"], "--loud"),
        (&["chekc", "."], "chekc"),
    ];
    for (arguments, word) in table {
        let run = Run::from(folio().args(arguments).output().unwrap());
        assert_eq!(run.code, Some(2), "{arguments:?}");
        assert!(run.remarks.contains(word), "{arguments:?}: {}", run.remarks);
        assert_eq!(run.lines, [""; 0], "{arguments:?}");
    }
}

#[test]
fn a_report_is_sorted_by_path_line_and_column() {
    let text = "[a](x) [b](y)\n[c](z)\n";
    let tree = Tree::new(&[
        ("b.md", text),
        ("a/z.md", text),
        ("a.md", text),
        ("a/b/c.md", text),
    ]);
    let places: Vec<_> = tree
        .report()
        .iter()
        .map(|line| line.split(": ").next().unwrap().to_owned())
        .collect();
    assert_eq!(
        places,
        [
            "a.md:1:1",
            "a.md:1:8",
            "a.md:2:1",
            "a/b/c.md:1:1",
            "a/b/c.md:1:8",
            "a/b/c.md:2:1",
            "a/z.md:1:1",
            "a/z.md:1:8",
            "a/z.md:2:1",
            "b.md:1:1",
            "b.md:1:8",
            "b.md:2:1",
        ]
    );
}

#[test]
fn ignored_documents_are_not_checked_and_hidden_ones_are() {
    let tree = Tree::new(&[
        (".gitignore", "target/\n*.tmp.md\n"),
        ("target/a.md", "[x](gone.md)"),
        ("b.tmp.md", "[x](gone.md)"),
        (".git/c.md", "[x](gone.md)"),
        (".github/d.md", "[x](gone.md)"),
        ("sub/.gitignore", "/e.md"),
        ("sub/e.md", "[x](gone.md)"),
        ("notes.txt", "[x](gone.md)"),
    ]);
    assert_eq!(
        tree.report(),
        [".github/d.md:1:1: broken link: `gone.md`: there is no `.github/gone.md`"]
    );
}

#[test]
fn what_cannot_be_read_is_a_line() {
    let tree = Tree::new(&[("a.md", "[b](b.md#anything) [c](c.md)")]);
    tree.write("b.md", b"# B\n\nab\xff\n");
    tree.write("c.md", b"\xff\xfe#\0");
    tree.write("folder.md/inner.md", "# Fine\n");
    let run = tree.check(&[]);
    assert_eq!(
        run.lines,
        [
            "b.md:3:3: unreadable: not UTF-8: byte 0xff",
            "c.md:1:1: unreadable: not UTF-8 but UTF-16"
        ]
    );
    assert_eq!(run.code, Some(1));
    let json = tree.check(&["--json"]).lines;
    assert!(
        json[0].contains(r#""code":"unreadable","target":"b.md""#),
        "{}",
        json[0]
    );
}

#[cfg(unix)]
#[test]
fn links_of_the_file_system_do_no_harm() {
    use std::os::unix::fs::symlink;

    let tree = Tree::new(&[
        ("a.md", "[d](dangling.md) [s](same.md#a) [l](loop)\n# A\n"),
        ("sub/b.md", ""),
    ]);
    symlink("gone.md", tree.path("dangling.md")).unwrap();
    symlink("a.md", tree.path("same.md")).unwrap();
    symlink(tree.root(), tree.path("sub/loop")).unwrap();
    symlink("../sub", tree.path("sub/up")).unwrap();
    symlink(tree.root(), tree.path("loop")).unwrap();
    let no_such_file = "no such file or directory";
    assert_eq!(
        tree.report(),
        [
            "a.md:1:1: broken link: `dangling.md`: there is no `dangling.md`".to_owned(),
            format!(
                "dangling.md:1:1: unreadable: a symbolic link that leads nowhere: {no_such_file}"
            ),
            "same.md:1:1: broken link: `dangling.md`: there is no `dangling.md`".to_owned(),
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_of_the_file_system_is_not_waited_for() {
    let tree = Tree::new(&[]);
    let made = std::process::Command::new("mkfifo")
        .arg(tree.path("a.md"))
        .status();
    assert!(made.unwrap().success());
    assert_eq!(tree.report(), ["a.md:1:1: unreadable: not a regular file"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_unicode_is_a_line() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let tree = Tree::new(&[]);
    std::fs::write(tree.root().join(OsStr::from_bytes(b"\xff.md")), "").unwrap();
    assert_eq!(
        tree.report(),
        ["\u{fffd}.md:1:1: unreadable: its name is not Unicode"]
    );
}

#[test]
fn a_link_out_of_the_folder_says_so() {
    let tree = Tree::new(&[
        ("sub/a.md", "[x](../../x.md) ![y](../../y.png) [z](../b.md)"),
        ("b.md", ""),
    ]);
    assert_eq!(
        tree.report(),
        [
            "sub/a.md:1:1: broken link: `../../x.md`: leaves the folder, so it cannot be checked",
            "sub/a.md:1:17: missing image: `../../y.png`: leaves the folder, so it cannot be checked",
        ]
    );
}

#[test]
fn an_included_document_brings_its_anchors() {
    let tree = Tree::new(&[
        (
            "a.md",
            "{{#include b.md}}\n\n[deep](#deep) [b](#b) [no](#no)\n\n`{{#include gone.md}}`\n",
        ),
        (
            "b.md",
            "# B\n\n{{#include sub/c.md:2:5}}\n\n{{#include gone.rs}}\n",
        ),
        ("sub/c.md", "# Deep\n"),
        ("d.md", "[through](a.md#deep)"),
    ]);
    assert_eq!(
        tree.report(),
        [
            "a.md:3:23: broken anchor: `#no`: `a.md` has no `#no`",
            "b.md:5:1: broken include: `gone.rs`: there is no `gone.rs`",
        ]
    );
}

#[test]
fn a_cycle_of_includes_is_a_line_for_each_member() {
    let tree = Tree::new(&[
        ("a.md", "# A\n{{#include b.md}}\n[c](#c)\n"),
        ("b.md", "{{#include sub/c.md}}\n"),
        ("sub/c.md", "# C\n{{#include ../a.md}}\n"),
        ("self.md", "{{#include self.md}}\n"),
        ("outside.md", "{{#include a.md}}\n[c](#c) [no](#no)\n"),
    ]);
    assert_eq!(
        tree.report(),
        [
            "a.md:2:1: include cycle: a.md -> b.md -> sub/c.md -> a.md",
            "b.md:1:1: include cycle: b.md -> sub/c.md -> a.md -> b.md",
            "outside.md:2:9: broken anchor: `#no`: `outside.md` has no `#no`",
            "self.md:1:1: include cycle: self.md -> self.md",
            "sub/c.md:2:1: include cycle: sub/c.md -> a.md -> b.md -> sub/c.md",
        ]
    );
}

#[test]
fn directories_and_pages_stand_for_documents() {
    let tree = Tree::new(&[
        (
            "a.md",
            "[1](book/) [2](book/#intro) [3](book#no) [4](plain/) [5](plain#x) [6](book/index.html#intro)\n\
             [7](other/#o) [8](a.md/) [9](book/ch.html) [10](book/none.html) ![11](book)\n",
        ),
        ("book/README.md", "# Intro\n"),
        ("book/ch.md", ""),
        ("other/index.md", "# O\n"),
        ("plain/x.txt", ""),
    ]);
    assert_eq!(
        tree.report(),
        [
            "a.md:1:29: broken anchor: `book#no`: `book/README.md` has no `#no`",
            "a.md:1:54: broken anchor: `plain#x`: the directory `plain` has no README.md or index.md",
            "a.md:2:15: broken link: `a.md/`: `a.md` is no directory",
            "a.md:2:44: broken link: `book/none.html`: there is no `book/none.html`",
            "a.md:2:65: missing image: `book`: `book` is a directory",
        ]
    );
}

#[test]
fn the_folder_itself_can_be_linked_to() {
    let tree = Tree::new(&[
        ("README.md", "# Home\n"),
        ("docs/a.md", "[1](..) [2](/) [3](../#home)\n"),
    ]);
    assert_eq!(tree.report(), [] as [&str; 0]);
}

#[test]
fn names_are_compared_by_exact_case() {
    let tree = Tree::new(&[("a.md", "[b](B.md)"), ("b.md", "")]);
    assert_eq!(
        tree.report(),
        ["a.md:1:1: broken link: `B.md`: there is no `B.md`"]
    );
}

#[test]
fn a_reader_that_leaves_early_is_no_crash() {
    let tree = Tree::new(&[("a.md", &"[x](gone.md)\n".repeat(20_000))]);
    let mut command = folio();
    command
        .arg("check")
        .arg(tree.root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut first = [0; 16];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let run = Run::from(child.wait_with_output().unwrap());
    assert_eq!(&first, b"a.md:1:1: broken");
    assert_eq!(run.code, Some(1));
    assert!(
        run.remarks.starts_with("20,000 problems in 1 document: "),
        "{}",
        run.remarks
    );
    assert_eq!(run.remarks.lines().count(), 1, "{}", run.remarks);
}

#[test]
fn an_empty_folder_is_sound() {
    let run = Tree::new(&[]).check(&[]);
    assert_eq!((run.code, run.lines.len()), (Some(0), 0));
}

#[test]
fn the_engine_tells_why_it_ran_and_what_it_did() {
    let tree = Tree::new(&[("a.md", "# A\n"), ("b.md", "[a](a.md)\n")]);
    let (file, trace) = (tree.path("b.md"), tree.path("trace.json"));
    let options = [
        "--explain",
        file.to_str().unwrap(),
        "--trace",
        trace.to_str().unwrap(),
    ];
    let run = tree.check(&options);
    assert_eq!(run.code, Some(0));
    assert!(run.remarks.contains("problems("), "{}", run.remarks);
    let spans = std::fs::read_to_string(trace).unwrap();
    assert!(
        spans.starts_with('[') && spans.contains("parsed"),
        "{spans}"
    );
    let outside = Tree::new(&[("c.md", "")]);
    let run = tree.check(&["--explain", outside.path("c.md").to_str().unwrap()]);
    assert_eq!(run.code, Some(2));
    assert!(run.remarks.contains("is no document of"), "{}", run.remarks);
}
