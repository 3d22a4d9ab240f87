//! Files that get another name: which links have to be written anew?
//!
//! Two kinds: links to what moves, and relative links in a document that moves to another directory. A target keeps
//! its form: relative or from the folder, with its query and its fragment.

use std::collections::{BTreeMap, BTreeSet};

use async_lsp::lsp_types::TextEdit;
use salvia::QueryContext;

use super::convert::{self, Text};
use super::find::destination;
use crate::core::parse::{Link, LinkKind};
use crate::core::place::{encode, way};
use crate::core::queries::{Located, backlinks, documents_below, files_below, links, located};
use crate::core::workspace::RelPath;

/// Edits by document. One target is written once, however many links use its definition.
pub(super) type Edits = BTreeMap<RelPath, BTreeMap<(u32, u32), TextEdit>>;

/// Adds the edit that writes `target` in place of what stands in `link`.
pub(super) async fn rewrite(
    edits: &mut Edits,
    path: &RelPath,
    link: &Link,
    target: &str,
    cx: &QueryContext,
) {
    let Some(written) = link.written else {
        return;
    };
    let text = Text::of(path, cx).await;
    let range = convert::range(&text.index(), written);
    let edit = TextEdit {
        range,
        new_text: target.to_owned(),
    };
    let key = (range.start.line, range.start.character);
    edits.entry(path.clone()).or_default().insert(key, edit);
}

/// What has to be written anew if files and directories are moved, each from the first path to the second.
pub(super) async fn moved(moves: &[(RelPath, RelPath)], cx: &QueryContext) -> Edits {
    let mut concerned = BTreeSet::new();
    for (from, _) in moves {
        let documents = documents_below(from.clone(), cx).await;
        let files = files_below(from.clone(), cx).await;
        // A directory is linked to as well, by itself.
        let all = documents.iter().chain(files.iter()).chain([from]);
        for path in all {
            concerned.extend(
                backlinks(path.clone(), cx)
                    .await
                    .iter()
                    .map(|(path, _)| path.clone()),
            );
        }
        concerned.extend(documents.iter().cloned());
        concerned.extend(from.is_markdown().then(|| from.clone()));
    }
    let mut edits = Edits::new();
    for path in &concerned {
        let links = links(path.clone(), cx).await.unwrap_or_default();
        for link in links.iter() {
            if let Some(target) = target(path, link, moves, cx).await {
                rewrite(&mut edits, path, link, &target, cx).await;
            }
        }
    }
    edits
}

/// The target a link needs after the moves; `None` if it stays.
async fn target(
    path: &RelPath,
    link: &Link,
    moves: &[(RelPath, RelPath)],
    cx: &QueryContext,
) -> Option<String> {
    let place = destination(path, link)?;
    let is_own = link.target.starts_with(['#', '?']);
    let is_absolute = link.target.starts_with('/');
    let to = after(&place.path, moves).or(after_page(&place.path, moves, cx).await);
    let folder = path.parent()?;
    let new_folder = after(path, moves)
        .and_then(|path| path.parent())
        .unwrap_or_else(|| folder.clone());
    let stays = to.is_none() && (is_absolute || new_folder == folder);
    if is_own || stays {
        return None;
    }
    let to = to.unwrap_or_else(|| place.path.clone());
    let path = match is_absolute {
        true => format!("/{to}"),
        false => relative(&new_folder, &to),
    };
    let slash = match place.folder && !path.ends_with('/') {
        true => "/",
        false => "",
    };
    let target = match link.kind {
        // A plain path: no escapes, nothing behind it.
        LinkKind::Include => format!("{path}{slash}"),
        LinkKind::Link | LinkKind::Image => {
            let rest = link.target.find(['?', '#']);
            let rest = rest.map_or("", |at| &link.target[at..]);
            format!("{}{slash}{rest}", encode(&path))
        }
    };
    (target != *link.target).then_some(target)
}

/// Where `path` is after the moves; `None` if it stays.
fn after(path: &RelPath, moves: &[(RelPath, RelPath)]) -> Option<RelPath> {
    moves.iter().find_map(|(from, to)| {
        if path == from {
            return Some(to.clone());
        }
        let inside = path
            .as_str()
            .strip_prefix(from.as_str())?
            .strip_prefix('/')?;
        to.join(inside)
    })
}

/// `page.html` goes where `page.md` goes.
async fn after_page(
    path: &RelPath,
    moves: &[(RelPath, RelPath)],
    cx: &QueryContext,
) -> Option<RelPath> {
    match located(path.clone(), cx).await {
        Located::Document(document) if document != *path => {
            after(&document, moves)?.with_ending(".md", ".html")
        }
        _ => None,
    }
}

/// The way from a directory to a file.
pub(super) fn relative(folder: &RelPath, to: &RelPath) -> String {
    let way = way(folder.as_str(), to.as_str());
    match way.is_empty() {
        true => ".".to_owned(),
        false => way.join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_goes_up_and_down() {
        let table = [
            ("", "a.md", "a.md"),
            ("x", "a.md", "../a.md"),
            ("x/y", "x/a.md", "../a.md"),
            ("x", "x/y/a.md", "y/a.md"),
            ("x", "x", "."),
            ("x/y", "", "../.."),
        ];
        for (folder, to, expected) in table {
            let (folder, to) = (RelPath::new(folder).unwrap(), RelPath::new(to).unwrap());
            assert_eq!(relative(&folder, &to), expected, "{folder} {to}");
        }
    }

    #[test]
    fn what_is_in_a_directory_moves_with_it() {
        let path = |path: &str| RelPath::new(path).unwrap();
        let moves = [(path("a"), path("b/c")), (path("x.md"), path("y.md"))];
        assert_eq!(after(&path("a/d.md"), &moves), Some(path("b/c/d.md")));
        assert_eq!(after(&path("x.md"), &moves), Some(path("y.md")));
        assert_eq!(after(&path("ab.md"), &moves), None);
    }
}
