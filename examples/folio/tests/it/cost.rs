//! What an edit runs: the claim folio makes for its engine, in figures.
//!
//! A test edits a small folder through the library and compares how many queries ran. The figures are exact: one more
//! is a query that reads too much, one less a query that is not asked.

use folio::core::workspace::{Answer, Changes, RelPath, Workspace};

use crate::tree::Tree;

/// A folder under check.
struct Checked {
    tree: Tree,
    workspace: Workspace,
}

impl Checked {
    async fn new(files: &[(&str, &str)]) -> (Self, Answer) {
        let tree = Tree::new(files);
        let mut workspace = tree.workspace();
        let answer = workspace.check().await.unwrap();
        (Checked { tree, workspace }, answer)
    }

    async fn write(&mut self, path: &str, text: &str) -> Option<Answer> {
        self.tree.write(path, text);
        self.changed(&[path]).await
    }

    async fn changed(&mut self, paths: &[&str]) -> Option<Answer> {
        let paths = paths.iter().filter_map(|path| RelPath::new(path));
        self.workspace.update(&Changes::at(paths)).await.unwrap()
    }
}

/// Twenty chapters that link to the next and to the glossary.
async fn book() -> Checked {
    let mut files = vec![(
        "glossary.md".to_owned(),
        "# Glossary\n\n## Term\n\nText.\n".to_owned(),
    )];
    for n in 0..20 {
        let next = (n + 1) % 20;
        let text = format!(
            "# Chapter {n}\n\nProse.\n\n[next](ch{next}.md#chapter-{next}) [term](glossary.md#term)\n"
        );
        files.push((format!("ch{n}.md"), text));
    }
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let (checked, answer) = Checked::new(&files).await;
    assert_eq!(answer.problems.len(), 0);
    assert!(answer.cost.ran > 100, "{:?}", answer.cost);
    assert_eq!(
        answer.cost.ran, answer.cost.known,
        "a first check runs each query once"
    );
    checked
}

#[tokio::test(flavor = "multi_thread")]
async fn prose_that_moves_nothing_runs_the_parse() {
    let mut book = book().await;
    let text =
        "# Chapter 3\n\nMuch better prose.\n\n[next](ch4.md#chapter-4) [term](glossary.md#term)\n";
    let answer = book.write("ch3.md", text).await.unwrap();
    assert_eq!((answer.cost.files, answer.cost.ran), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn prose_that_moves_lines_runs_the_queries_of_its_document() {
    let mut book = book().await;
    let text =
        "# Chapter 3\n\nMore.\n\nProse.\n\n[next](ch4.md#chapter-4) [term](glossary.md#term)\n";
    let answer = book.write("ch3.md", text).await.unwrap();
    // parsed, anchors, outline, front, links, definitions, includes, problems: with equal results for everybody else.
    assert!(answer.cost.ran <= 8, "{:?}", answer.cost);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_text_again_is_no_change() {
    let mut book = book().await;
    let text = std::fs::read_to_string(book.tree.path("ch3.md")).unwrap();
    assert!(book.write("ch3.md", &text).await.is_none());
    assert!(book.changed(&["nothing/there.md"]).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_heading_is_found_in_the_documents_that_link_to_it() {
    let mut book = book().await;
    let answer = book
        .write("glossary.md", "# Glossary\n\n## Word\n\nText.\n")
        .await
        .unwrap();
    assert_eq!(answer.problems.len(), 20);
    let first = &answer.problems[0];
    assert_eq!(
        first.message.as_ref(),
        "broken anchor: `glossary.md#term`: `glossary.md` has no `#term`"
    );
    let back = book
        .write("glossary.md", "# Glossary\n\n## Term\n\nText.\n")
        .await
        .unwrap();
    assert_eq!(back.problems.len(), 0);
    // The glossary's own queries, one for the shared target, one a chapter, and the report: not the chapters' parses.
    assert!(back.cost.ran <= 20 + 11, "{:?}", back.cost);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_file_concerns_those_who_link_to_it() {
    let mut book = book().await;
    book.write(
        "ch5.md",
        "# Chapter 5\n\n![pic](pic.png)\n\n[next](ch6.md)\n",
    )
    .await
    .unwrap();
    let answer = book.write("pic.png", "").await.unwrap();
    assert_eq!((answer.cost.files, answer.problems.len()), (1, 0));
    // located, fault, problems, folder_problems, report
    assert!(answer.cost.ran <= 5, "{:?}", answer.cost);
    let unrelated = book.write("other.png", "").await.unwrap();
    assert_eq!(unrelated.cost.ran, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_changes_is_one_answer() {
    let mut book = book().await;
    for n in [1, 2, 3] {
        book.tree
            .write(&format!("ch{n}.md"), format!("# Chapter {n}\n"));
    }
    std::fs::remove_file(book.tree.path("ch9.md")).unwrap();
    let answer = book
        .changed(&["ch1.md", "ch2.md", "ch3.md", "ch9.md"])
        .await
        .unwrap();
    assert_eq!(answer.cost.files, 4);
    let messages: Vec<_> = answer
        .problems
        .iter()
        .map(|problem| format!("{}: {}", problem.path, problem.message))
        .collect();
    assert_eq!(
        messages,
        ["ch8.md: broken link: `ch9.md#chapter-9`: there is no `ch9.md`"]
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_document_follows_its_edits() {
    let (mut checked, _) = Checked::new(&[("a.md", "# A\n")]).await;
    std::os::unix::fs::symlink("a.md", checked.tree.path("b.md")).unwrap();
    checked.changed(&["b.md"]).await.unwrap();
    let answer = checked.write("a.md", "[x](gone.md)\n").await.unwrap();
    let paths: Vec<_> = answer
        .problems
        .iter()
        .map(|problem| problem.path.as_str())
        .collect();
    assert_eq!(paths, ["a.md", "b.md"]);
    std::fs::remove_file(checked.tree.path("a.md")).unwrap();
    let answer = checked.changed(&["a.md"]).await.unwrap();
    assert_eq!(answer.problems.len(), 1);
    assert!(
        answer.problems[0].message.contains("leads nowhere"),
        "{:?}",
        answer.problems
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_another_one_now_is_looked_into() {
    let (mut checked, _) = Checked::new(&[("sub/a.md", "[x](gone.md)\n")]).await;
    let outside = Tree::new(&[("new/b.md", "[x](gone.md)\n")]);
    std::fs::rename(checked.tree.path("sub"), outside.path("old")).unwrap();
    std::fs::rename(outside.path("new"), checked.tree.path("sub")).unwrap();
    let answer = checked.changed(&["sub"]).await.unwrap();
    let paths: Vec<_> = answer
        .problems
        .iter()
        .map(|problem| problem.path.as_str())
        .collect();
    assert_eq!(paths, ["sub/b.md"]);
}
