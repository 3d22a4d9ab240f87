//! Input nobody would write, and files that are not what their names say: a clear word each, and no front end fails.

use std::fs;
use std::process::Command;

use crate::tree::{Run, Tree, folio};

/// What each front end says of a folder: the report, and whether a site can be made of it.
fn report_and_build(tree: &Tree) -> Vec<String> {
    let site = Tree::new(&[]);
    let mut build = folio();
    build
        .arg("build")
        .arg(tree.root())
        .arg("-o")
        .arg(site.root());
    let built: Run = build.output().unwrap().into();
    assert_eq!(built.code, Some(0), "{}", built.remarks);
    tree.report()
}

#[test]
fn what_is_no_text_is_told_by_what_it_is() {
    let tree = Tree::new(&[("a.md", "[x](big.md) [y](binary.md#part)\n")]);
    tree.write("binary.md", b"\x7fELF\x02\x01\x01\0\0\0");
    tree.write("utf16.md", b"\xff\xfe#\0 \0A\0");
    tree.write("bad.md", b"# Fine\n\nnot \xc3\x28 fine\n");
    let big = fs::File::create(tree.path("big.md")).unwrap();
    big.set_len(40 << 20).unwrap();
    assert_eq!(
        report_and_build(&tree),
        [
            "bad.md:3:5: unreadable: not UTF-8: byte 0xc3",
            "big.md:1:1: unreadable: too large: 40 MiB, the most is 16 MiB",
            "binary.md:1:1: unreadable: a binary file: it holds a zero byte",
            "utf16.md:1:1: unreadable: not UTF-8 but UTF-16",
        ]
    );
}

#[test]
fn a_hundred_thousand_links_in_one_file_are_checked_and_shown() {
    let links: String = (0..50_000)
        .map(|n| format!("[a](gone{n}.md) [b](b.md#x) "))
        .collect();
    let tree = Tree::new(&[("a.md", &format!("# A\n\n{links}\n")), ("b.md", "# X\n")]);
    let report = report_and_build(&tree);
    assert_eq!(report.len(), 50_000);
    assert!(
        report[49_999].ends_with("broken link: `gone49999.md`: there is no `gone49999.md`"),
        "{}",
        report[49_999]
    );
}

#[test]
fn deep_nesting_ends() {
    let deep = "d/".repeat(200);
    let tree = Tree::new(&[
        ("quotes.md", &format!("{} end\n", ">".repeat(20_000))),
        (
            "lists.md",
            &(0..300)
                .map(|n| format!("{}- x\n", "  ".repeat(n)))
                .collect::<String>(),
        ),
        (
            "brackets.md",
            &format!("{}x{}\n", "[".repeat(20_000), "](y)".repeat(20_000)),
        ),
        ("emphasis.md", &"*a **b ".repeat(5_000)),
        (
            "yaml.md",
            &format!("---\ntitle: {}\n---\n", "[".repeat(10_000)),
        ),
        (&format!("{deep}a.md"), "[up](../../gone.md)\n"),
    ]);
    let report = report_and_build(&tree);
    assert!(
        report
            .iter()
            .any(|line| line.starts_with("yaml.md:1:1: front matter: ")),
        "{report:#?}"
    );
    assert!(
        report.iter().any(|line| line.starts_with(&deep)),
        "{report:#?}"
    );
}

#[test]
fn front_matter_that_cannot_be_read_is_a_line() {
    let tree = Tree::new(&[
        ("a.md", "---\ntags: {a: b}\n---\n# A\n"),
        ("b.md", "+++\ntitle = \n+++\n# B\n"),
        ("c.md", "---\nanything: else\n---\n# C\n"),
    ]);
    let report = report_and_build(&tree);
    let starts: Vec<_> = report.iter().map(|line| &line[..20]).collect();
    assert_eq!(starts, ["a.md:1:1: front matt", "b.md:1:1: front matt"]);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;

    let tree = Tree::new(&[("a.md", "# A\n"), ("b.md", "# B\n"), ("sub/c.md", "# C\n")]);
    let forbid = |path: &str, mode| {
        fs::set_permissions(tree.path(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    forbid("b.md", 0);
    forbid("sub", 0);
    // Root may read everything; the program is run as somebody else then, who has to reach it.
    let run: Run = match fs::read(tree.path("b.md")) {
        Ok(_) => {
            forbid("", 0o755);
            let aside = Tree::new(&[]);
            fs::set_permissions(aside.root(), fs::Permissions::from_mode(0o755)).unwrap();
            fs::copy(env!("CARGO_BIN_EXE_folio"), aside.path("folio")).unwrap();
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
            command
                .arg(aside.path("folio"))
                .arg("check")
                .arg(tree.root());
            command.output().unwrap().into()
        }
        Err(_) => tree.check(&[]),
    };
    forbid("sub", 0o755);
    assert_eq!(
        run.lines,
        [
            "b.md:1:1: unreadable: permission denied",
            "sub:1:1: unreadable: permission denied"
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_site_is_made_in_spite_of_links_that_lead_in_circles() {
    use std::os::unix::fs::symlink;

    let tree = Tree::new(&[("a.md", "# A\n"), ("sub/b.md", "# B\n")]);
    symlink(tree.root(), tree.path("sub/loop")).unwrap();
    symlink("one.md", tree.path("two.md")).unwrap();
    symlink("two.md", tree.path("one.md")).unwrap();
    let report = report_and_build(&tree);
    assert_eq!(report.len(), 2, "{report:?}");
    assert!(report[0].contains("one.md:1:1: unreadable: a symbolic link that leads nowhere"));
}
