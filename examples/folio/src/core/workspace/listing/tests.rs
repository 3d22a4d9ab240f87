//! Looks at small trees.

use super::*;

fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn documents(dir: &tempfile::TempDir) -> Vec<String> {
    Listing::look(dir.path())
        .unwrap()
        .documents()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn ignored_files_do_not_count_and_hidden_ones_do() {
    let dir = tree(&[
        (".gitignore", "/target\n*.draft.md\n"),
        (".ignore", "a.md\n"),
        (".git/info.md", ""),
        (".github/b.md", ""),
        ("a.md", ""),
        ("c.draft.md", ""),
        ("docs/.gitignore", "!c.draft.md\n"),
        ("docs/c.draft.md", ""),
        ("docs/notes.txt", ""),
        ("target/d.md", ""),
    ]);
    assert_eq!(documents(&dir), [".github/b.md", "a.md", "docs/c.draft.md"]);
}

#[test]
fn directories_hold_their_documents_and_directories() {
    let dir = tree(&[
        ("a.md", ""),
        ("x/b.md", ""),
        ("x/y/i.png", ""),
        ("z.md/c.md", ""),
    ]);
    let listing = Listing::look(dir.path()).unwrap();
    let shown = |(path, (entries, files)): (RelPath, (Entries, Files))| {
        format!(
            "{path}: {:?} {:?} {files:?}",
            entries.documents, entries.folders
        )
    };
    let folders: Vec<_> = listing.folders().into_iter().map(shown).collect();
    assert_eq!(
        folders,
        [
            ".: [a.md] [x, z.md] []",
            "x: [x/b.md] [x/y] []",
            "x/y: [] [] [x/y/i.png]",
            "z.md: [z.md/c.md] [] []"
        ]
    );
}

#[test]
fn a_directory_names_the_documents_below_it() {
    let dir = tree(&[
        ("a-b/x.md", ""),
        ("a/b/y.md", ""),
        ("a/i.png", ""),
        ("a/z.md", ""),
        ("a.md", ""),
    ]);
    let listing = Listing::look(dir.path()).unwrap();
    let table: [(&str, &[&str]); 5] = [
        ("a", &["a/b/y.md", "a/z.md"]),
        ("a.md", &["a.md"]),
        ("a/i.png", &[]),
        ("gone", &[]),
        ("", &["a-b/x.md", "a.md", "a/b/y.md", "a/z.md"]),
    ];
    for (path, expected) in table {
        let path = RelPath::new(path).unwrap();
        let found: Vec<_> = listing.documents_in(&path).map(RelPath::as_str).collect();
        assert_eq!(found, expected, "{path}");
    }
}

#[cfg(unix)]
#[test]
fn links_stand_for_files_and_end_at_directories() {
    use std::os::unix::fs::symlink;

    let dir = tree(&[("a.md", ""), ("x/b.md", "")]);
    symlink(dir.path(), dir.path().join("x/loop")).unwrap();
    symlink("a.md", dir.path().join("same.md")).unwrap();
    symlink("gone.md", dir.path().join("dangling.md")).unwrap();
    symlink("self.md", dir.path().join("self.md")).unwrap();
    let listing = Listing::look(dir.path()).unwrap();
    let found = |path: &str| listing.get(&RelPath::new(path).unwrap()).cloned();
    assert_eq!(found("x/loop"), Some(Found::LinkedFolder));
    assert_eq!(found("same.md"), Some(Found::LinkedFile));
    assert!(matches!(found("dangling.md"), Some(Found::Odd(_))));
    assert!(matches!(found("self.md"), Some(Found::Odd(_))));
    assert_eq!(
        documents(&dir),
        ["a.md", "dangling.md", "same.md", "self.md", "x/b.md"]
    );
}

#[test]
fn a_folder_that_is_gone_is_an_error() {
    let dir = tree(&[]);
    assert!(Listing::look(&dir.path().join("gone")).is_err());
}
