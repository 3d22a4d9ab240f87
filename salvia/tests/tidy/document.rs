//! The names that the design document gives, and whether they are there.

use std::collections::BTreeSet;
use std::path::Path;

use crate::tokens::tokens;

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

/// Whether `name` is the path of a test: the last part a name in the file that the parts before it lead to.
pub(crate) fn is_test(name: &str, sources: &[(String, String)]) -> bool {
    let Some((modules, test)) = name.rsplit_once("::") else {
        return false;
    };
    let file = format!("/{}.rs", modules.replace("::", "/"));
    let tests = |source: &str| tokens(source).iter().any(|token| token.text == test);
    sources
        .iter()
        .any(|(path, source)| path.starts_with("salvia/") && path.ends_with(&file) && tests(source))
}

/// The names of tests that the failure catalogue gives, with their lines.
pub(crate) fn tests_named(document: &str) -> Vec<(usize, &str)> {
    let lines = document.lines().enumerate();
    let catalogue = lines
        .skip_while(|(_, line)| *line != "## Failure catalogue")
        .skip(1)
        .take_while(|(_, line)| !line.starts_with('#'));
    catalogue
        .flat_map(|(number, line)| {
            let names = line.split('`').skip(1).step_by(2);
            let names = names.filter(|name| name.contains("::"));
            names.map(move |name| (number + 1, name))
        })
        .collect()
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

/// The catalogue ends at the next heading; a test is looked for in its file, not anywhere.
#[test]
fn the_catalogue_names_tests_in_their_files() {
    let document = "`a::b`\n## Failure catalogue\n| F1 | `keys::one`, `it` |\n| F2 | `a::b::two` |\n## Next\n`c::d`";
    assert_eq!(tests_named(document), [(3, "keys::one"), (4, "a::b::two")]);
    let file = |path: &str, source: &str| (path.to_owned(), source.to_owned());
    let sources = [
        file("salvia/tests/it/keys.rs", "fn one() {}"),
        file("salvia/tests/it/a/b.rs", "// fn two() {}"),
        file("other/tests/it/c.rs", "fn three() {}"),
    ];
    assert!(is_test("keys::one", &sources));
    for name in ["keys::two", "a::b::two", "b::one", "c::three", "one"] {
        assert!(!is_test(name, &sources), "{name}");
    }
}
