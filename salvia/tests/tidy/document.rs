//! The names that the design document gives, and whether they are there.

use std::collections::BTreeSet;
use std::path::Path;

/// A path or a module, from the root or from the sources of a crate; or a name whose every part the code uses.
pub(crate) fn exists(
    root: &Path,
    name: &str,
    sources: &[(String, String)],
    words: &BTreeSet<String>,
) -> bool {
    if name.contains(['/', '.', '-']) {
        let places = ["", "salvia/", "salvia/src/", "salvia-macros/src/"];
        let is_file = |path: &str| {
            sources
                .iter()
                .any(|(source, _)| source.strip_suffix(".rs") == Some(path))
        };
        let is_at = |path: String| root.join(&path).exists() || is_file(&path);
        return places.iter().any(|place| is_at(format!("{place}{name}")));
    }
    name.trim_end_matches("()")
        .trim_end_matches('!')
        .split("::")
        .all(|part| words.contains(part))
}

/// The names in backticks, with their lines: all in the code map, elsewhere those that can be nothing but names of code.
pub(crate) fn names(document: &str) -> Vec<(usize, &str)> {
    let (mut map, mut fenced, mut found) = (false, false, Vec::new());
    for (number, line) in document.lines().enumerate() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if line.starts_with('#') && !fenced {
            map = line.to_lowercase().contains("code map");
        } else if !fenced {
            let names = line.split('`').skip(1).step_by(2);
            // Whole expressions and commands are for the reader.
            let names = names
                .filter(|name| !name.contains([' ', '<', '#', '[', '(']) || name.ends_with("()"));
            found.extend(
                names
                    .filter(|name| map || name.contains("::"))
                    .map(|name| (number + 1, name)),
            );
        }
    }
    found
}

/// The code map is the part below its heading, without code; and a name that is not there is missed.
#[test]
fn the_design_document_is_read_to_its_end() {
    let document = "# A\n`no` `A::b`\n## Code map\n- `node/`, `Memo`: `a b`\n```\n# `no`\n```\n## Next\n`no` `c::d()`";
    assert_eq!(
        names(document),
        [(2, "A::b"), (4, "node/"), (4, "Memo"), (9, "c::d()")]
    );
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let sources = [("salvia/src/node/edge.rs".to_string(), String::new())];
    let words = BTreeSet::from(["A".to_string(), "b".to_string()]);
    let there = [
        "salvia/src/node",
        "node/edge",
        "node/edge.rs",
        "Cargo.toml",
        "A::b",
        "b()",
    ];
    let absent = ["node/edges", "no-crate", "A::c", "Cargo.tom", "c"];
    assert!(
        there
            .iter()
            .all(|name| exists(&root, name, &sources, &words))
    );
    assert!(
        !absent
            .iter()
            .any(|name| exists(&root, name, &sources, &words))
    );
}
