//! Where does a link lead, and is there anything?
//!
//! Rules of a reader on GitHub, and of mdBook where they do not contradict: a directory shows its `README.md` or
//! `index.md`; `page.html` is what `page.md` becomes. Names are compared by exact case, on every system.

use std::sync::Arc;

use salvia::{QueryContext, query};

use super::all_anchors;
use crate::core::cost::note;
use crate::core::parse::LinkKind;
use crate::core::problem::Fault;
use crate::core::resolve::Destination;
use crate::core::slug::slug;
use crate::core::workspace::{Kind, Presence, RelPath};

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Located {
    /// Nothing.
    Nothing,
    /// A document.
    Document(RelPath),
    /// Another file: there is nothing to check in it.
    File,
    /// A directory, and the document it shows if it has one.
    Folder(Option<RelPath>),
}

/// What stands at `path`, or stands in for it.
#[query]
pub async fn located(path: RelPath, cx: &QueryContext) -> Located {
    note(cx, "located", &path);
    let kind = match path == RelPath::root() {
        // The folder itself is no entry of anything, so no input tells of it; it is there.
        true => Kind::Folder,
        false => Presence(path.clone()).get::<Kind>(cx).await,
    };
    match kind {
        Kind::File if path.is_markdown() => Located::Document(path),
        Kind::File => Located::File,
        Kind::Folder => Located::Folder(
            first_file(["README.md", "index.md"].map(|name| path.join(name)), cx).await,
        ),
        Kind::Nothing => {
            let page = path.with_ending(".html", ".md");
            // mdBook makes `index.html` of a `README.md`.
            let readme = path
                .parent()
                .filter(|_| path.name() == "index.html")
                .and_then(|up| up.join("README.md"));
            first_file([page, readme], cx)
                .await
                .map_or(Located::Nothing, Located::Document)
        }
    }
}

/// The path that a link to `path` shows in the end: that of a document if there is one, else `path` itself.
#[query]
pub async fn landing(path: RelPath, cx: &QueryContext) -> RelPath {
    note(cx, "landing", &path);
    match located(path.clone(), cx).await {
        Located::Document(document) | Located::Folder(Some(document)) => document,
        Located::Nothing | Located::File | Located::Folder(None) => path,
    }
}

/// What is wrong about a target; `None` if nothing is.
#[query]
pub async fn fault(kind: LinkKind, target: Destination, cx: &QueryContext) -> Option<Fault> {
    note(cx, "fault", (kind, &target));
    let Destination {
        path,
        folder,
        fragment,
    } = target;
    let document = match located(path.clone(), cx).await {
        Located::Nothing => return Some(Fault::NoFile(path)),
        Located::Folder(_) if kind != LinkKind::Link => return Some(Fault::IsFolder(path)),
        Located::Document(_) | Located::File if folder => return Some(Fault::NoFolder(path)),
        Located::Folder(None) if fragment.is_some() => return Some(Fault::NoPage(path)),
        Located::Folder(None) | Located::File => return None,
        Located::Folder(Some(document)) | Located::Document(document) => document,
    };
    match fragment {
        Some(anchor) if kind == LinkKind::Link => no_anchor(document, anchor, cx).await,
        _ => None,
    }
}

async fn no_anchor(document: RelPath, anchor: Arc<str>, cx: &QueryContext) -> Option<Fault> {
    // Of an unreadable document nobody knows the anchors. It is reported once, by itself.
    let anchors = all_anchors(document.clone(), cx).await?;
    if anchors.contains(&anchor) {
        return None;
    }
    // The usual mistakes: the heading's own text, its capitals, its punctuation.
    let near = anchors.get(slug(&anchor).as_str()).cloned();
    Some(Fault::NoAnchor {
        document,
        anchor,
        near,
    })
}

async fn first_file<const N: usize>(
    paths: [Option<RelPath>; N],
    cx: &QueryContext,
) -> Option<RelPath> {
    for path in paths.into_iter().flatten() {
        if Presence(path.clone()).get::<Kind>(cx).await == Kind::File {
            return Some(path);
        }
    }
    None
}
