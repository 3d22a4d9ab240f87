//! What does a written target mean, seen from the document it is written in?
//!
//! Pure text work: nothing is looked up. A path is relative to the document, `/path` to the folder; both are
//! percent-decoded. A query (`?plain=1`) is dropped. Anything with a scheme is somebody else's.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::core::parse::{Link, LinkKind};
use crate::core::workspace::RelPath;

/// The meaning of a written target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `https:`, `mailto:`, `//host/..`: not checked.
    External,
    /// Nothing is written.
    Empty,
    /// The path goes out of the folder.
    Outside,
    /// Percent-decoding gives no Unicode text.
    Garbled,
    /// A place in the folder, there or not.
    Inside(Destination),
}

/// A place in the folder.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Destination {
    /// The file or directory.
    pub path: RelPath,
    /// The path ends with `/`, so only a directory will do.
    pub folder: bool,
    /// What stands behind `#`, decoded; `None` for the top of the page.
    pub fragment: Option<Arc<str>>,
}

/// The meaning of what a link, an image or an include in `document` names.
pub fn resolve_link(document: &RelPath, link: &Link) -> Target {
    match link.kind {
        LinkKind::Link | LinkKind::Image => resolve(document, &link.target),
        LinkKind::Include => resolve_include(document, &link.target),
    }
}

/// The meaning of the target of a link or an image in `document`.
pub fn resolve(document: &RelPath, written: &str) -> Target {
    let written = written.trim();
    if written.is_empty() {
        return Target::Empty;
    }
    if has_scheme(written) || written.starts_with("//") {
        return Target::External;
    }
    let (address, fragment) = match written.split_once('#') {
        Some((address, fragment)) => (address, Some(fragment)),
        None => (written, None),
    };
    let path = address.split_once('?').map_or(address, |(path, _)| path);
    let (Ok(path), Ok(fragment)) = (decode(path), fragment.map(decode).transpose()) else {
        return Target::Garbled;
    };
    let fragment = fragment.as_deref().and_then(meaningful).map(Arc::from);
    if path.is_empty() {
        return Target::Inside(Destination {
            path: document.clone(),
            folder: false,
            fragment,
        });
    }
    match place(document, &path) {
        Some(place) => Target::Inside(Destination {
            path: place,
            folder: path.ends_with('/'),
            fragment,
        }),
        None => Target::Outside,
    }
}

/// The meaning of the path of an include directive: no escapes, no fragment.
pub fn resolve_include(document: &RelPath, written: &str) -> Target {
    match place(document, written) {
        Some(path) => Target::Inside(Destination {
            path,
            folder: false,
            fragment: None,
        }),
        None => Target::Outside,
    }
}

fn place(document: &RelPath, path: &str) -> Option<RelPath> {
    match path.strip_prefix('/') {
        Some(from_folder) => RelPath::new(from_folder),
        None => document.parent()?.join(path),
    }
}

/// A scheme has two characters at least: `C:` is a drive.
fn has_scheme(target: &str) -> bool {
    let Some((scheme, _)) = target.split_once(':') else {
        return false;
    };
    scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
}

/// `#` and `#top` are the top of any page; behind `:~:` stand instructions to the browser.
fn meaningful(fragment: &str) -> Option<&str> {
    let id = fragment.split_once(":~:").map_or(fragment, |(id, _)| id);
    (!id.is_empty() && !id.eq_ignore_ascii_case("top")).then_some(id)
}

fn decode(text: &str) -> Result<String, std::str::Utf8Error> {
    Ok(percent_decode_str(text).decode_utf8()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(target: Target) -> String {
        match target {
            Target::Inside(Destination {
                path,
                folder,
                fragment,
            }) => {
                let slash = if folder { "/" } else { "" };
                let fragment = fragment.map_or(String::new(), |fragment| format!("#{fragment}"));
                format!("{path}{slash}{fragment}")
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_target_is_seen_from_its_document() {
        let table = [
            ("b.md", "docs/b.md"),
            ("./b.md", "docs/b.md"),
            ("../b.md", "b.md"),
            ("../../b.md", "Outside"),
            ("/b.md", "b.md"),
            ("/../b.md", "Outside"),
            ("sub/", "docs/sub/"),
            (".", "docs"),
            ("..", "."),
            ("b.md#part", "docs/b.md#part"),
            ("b.md#", "docs/b.md"),
            ("b.md#top", "docs/b.md"),
            ("#part", "docs/a.md#part"),
            ("#", "docs/a.md"),
            ("#x:~:text=y", "docs/a.md#x"),
            ("?plain=1#x", "docs/a.md#x"),
            ("b.md?plain=1#x", "docs/b.md#x"),
            ("b%20c.md#%C3%BC", "docs/b c.md#ü"),
            ("b%23c.md", "docs/b#c.md"),
            ("b%zz.md", "docs/b%zz.md"),
            ("%ff.md", "Garbled"),
            ("", "Empty"),
            ("  ", "Empty"),
            ("https://x.org/a.md", "External"),
            ("mailto:me@x.org", "External"),
            ("//x.org/a.md", "External"),
            ("data:image/png;base64,x", "External"),
            ("vscode+x-y.z:abc", "External"),
            ("C:/b.md", "docs/C:/b.md"),
            ("a/b:c.md", "docs/a/b:c.md"),
        ];
        let document = RelPath::new("docs/a.md").unwrap();
        for (written, expected) in table {
            assert_eq!(shown(resolve(&document, written)), expected, "{written}");
        }
    }

    #[test]
    fn an_include_is_a_plain_path() {
        let table = [
            ("b%20c.md", "docs/b%20c.md"),
            ("../x.rs", "x.rs"),
            ("../../x.rs", "Outside"),
            ("/x", "x"),
        ];
        let document = RelPath::new("docs/a.md").unwrap();
        for (written, expected) in table {
            assert_eq!(
                shown(resolve_include(&document, written)),
                expected,
                "{written}"
            );
        }
    }
}
