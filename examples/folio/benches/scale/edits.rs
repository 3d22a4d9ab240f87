//! What is edited, and how the times of it are put in a few numbers.

use std::fs;
use std::path::Path;
use std::time::Duration;

use folio::core::workspace::RelPath;

/// Edits of each kind.
pub(crate) const TIMES: usize = 51;

type Edit = fn(&str) -> String;

/// The kinds of edits.
pub(crate) const KINDS: [(&str, Edit); 5] = [
    ("prose", |text| format!("{text}\nOne more line of prose.\n")),
    ("a line before everything", |text| {
        text.replacen("\n\n", "\n\nA new line.\n\n", 1)
    }),
    ("a new section", |text| {
        format!("{text}\n## A new section\n")
    }),
    ("another title", |text| text.replacen("# ", "# New ", 1)),
    ("a new link", |text| format!("{text}\n[home](/README.md)\n")),
];

/// A document for an edit of this number.
pub(crate) fn document(documents: &[RelPath], number: usize) -> &RelPath {
    &documents[(number * 7919 + 13) % documents.len()]
}

/// Saves the document edited.
pub(crate) fn save(root: &Path, path: &RelPath, edit: Edit) -> std::io::Result<()> {
    let file = path.to_disk(root);
    let text = fs::read_to_string(&file)?;
    fs::write(&file, edit(&text))
}

/// A time, and how many queries ran in it.
pub(crate) type Cost = (Duration, u64);

/// The middle one by time.
pub(crate) fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort();
    costs[costs.len() / 2]
}
