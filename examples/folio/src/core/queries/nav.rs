//! How does a reader get around: by the summary of a book, or by the directories?
//!
//! A `SUMMARY.md` orders everything below its directory, as mdBook's does. Where there is none, a directory shows its
//! documents and directories. Nothing here reads places in documents, so prose may change without anybody noticing.

use std::sync::Arc;

use futures::future::join_all;
use salvia::{QueryContext, query};

use super::{contents, documents_below, file_text, front, landing, title};
use crate::core::cost::note;
use crate::core::parse::{ListItem, list_items};
use crate::core::resolve::{Target, resolve};
use crate::core::workspace::{Entries, Folder, Kind, Presence, RelPath};

/// An entry of a navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// What is shown.
    pub title: Arc<str>,
    /// Where it leads: a document, or a directory; `None` for a heading between entries.
    pub to: Option<RelPath>,
    /// How deep it stands, from 0.
    pub depth: u8,
}

/// Entries in order.
pub type Nav = Arc<[NavItem]>;

/// The summary that orders a directory: its own, or that of the nearest directory above.
#[query]
pub async fn summary_of(folder: RelPath, cx: &QueryContext) -> Option<RelPath> {
    note(cx, "summary_of", &folder);
    let own = folder.join("SUMMARY.md")?;
    if Presence(own.clone()).get::<Kind>(cx).await == Kind::File {
        return Some(own);
    }
    summary_of(folder.parent()?, cx).await
}

/// The entries of a `SUMMARY.md`.
#[query]
pub async fn summary(path: RelPath, cx: &QueryContext) -> Nav {
    note(cx, "summary", &path);
    let text = file_text(path.clone(), cx).await.unwrap_or_default();
    let mut nav = Vec::new();
    for ListItem {
        depth,
        text,
        target,
    } in list_items(&text)
    {
        let target = target.map(|target| resolve(&path, &target));
        let to = match target {
            Some(Target::Inside(place)) => Some(landing(place.path, cx).await),
            _ => None,
        };
        nav.push(NavItem {
            title: text.into(),
            to,
            depth,
        });
    }
    nav.into()
}

/// The entries of a directory: its documents by their order and name, then its directories.
#[query]
pub async fn folder_nav(folder: RelPath, cx: &QueryContext) -> Nav {
    note(cx, "folder_nav", &folder);
    let entries = Folder(folder).get::<Entries>(cx).await;
    let documents = entries.documents.iter().filter(|path| !path.is_index());
    let documents = documents.map(|path| async move {
        let front = front(path.clone(), cx).await.unwrap_or_default();
        let order = (front.order.is_none(), front.order);
        (order, path.clone(), title(path.clone(), cx).await)
    });
    let mut documents = join_all(documents).await;
    documents.sort();
    let folders = entries.folders.iter().map(|path| async move {
        let is_empty = documents_below(path.clone(), cx).await.is_empty();
        (!is_empty).then_some((path.clone(), folder_title(path.clone(), cx).await))
    });
    let folders = join_all(folders).await;
    let documents = documents.into_iter().map(|(_, path, title)| (path, title));
    let all = documents.chain(folders.into_iter().flatten());
    let item = |(path, title)| NavItem {
        title,
        to: Some(path),
        depth: 0,
    };
    all.map(item).collect()
}

/// The title of a directory: of the document it shows, or its name.
#[query]
pub async fn folder_title(folder: RelPath, cx: &QueryContext) -> Arc<str> {
    note(cx, "folder_title", &folder);
    let shown = landing(folder.clone(), cx).await;
    match shown.is_markdown() && shown != folder {
        true => title(shown, cx).await,
        false if folder == RelPath::root() => "Home".into(),
        false => folder.name().into(),
    }
}

/// What is shown beside a page of the directory `folder`: the summary, or the directories down to it, opened.
#[query]
pub async fn navigation(folder: RelPath, cx: &QueryContext) -> Nav {
    note(cx, "navigation", &folder);
    if let Some(path) = summary_of(folder.clone(), cx).await {
        return summary(path, cx).await;
    }
    let mut above: Vec<_> = std::iter::successors(Some(folder), RelPath::parent).collect();
    let mut nav = match above.pop() {
        Some(root) => folder_nav(root, cx).await.to_vec(),
        None => Vec::new(),
    };
    let mut depth = 0;
    while let Some(next) = above.pop() {
        let Some(at) = nav.iter().position(|item| item.to.as_ref() == Some(&next)) else {
            break;
        };
        depth += 1;
        let inside = folder_nav(next, cx).await;
        let deeper = inside.iter().cloned().map(|item| NavItem { depth, ..item });
        nav.splice(at + 1..at + 1, deeper);
    }
    nav.into()
}

/// What comes before and behind a document when everything is read in order.
#[query]
pub async fn neighbours(path: RelPath, cx: &QueryContext) -> [Option<NavItem>; 2] {
    note(cx, "neighbours", &path);
    let Some(folder) = path.parent() else {
        return [None, None];
    };
    let nav = match summary_of(folder.clone(), cx).await {
        Some(summary_path) => summary(summary_path, cx).await,
        None => folder_nav(folder, cx).await,
    };
    let places: Vec<_> = nav
        .iter()
        .filter(|item| item.to.as_ref().is_some_and(RelPath::is_markdown))
        .collect();
    let Some(at) = places
        .iter()
        .position(|item| item.to.as_ref() == Some(&path))
    else {
        return [None, None];
    };
    let before = at.checked_sub(1).and_then(|at| places.get(at));
    [before, places.get(at + 1)].map(|item| item.map(|item| (*item).clone()))
}

/// The table of contents of a page: what is worth a line beside it.
#[query]
pub async fn toc(path: RelPath, cx: &QueryContext) -> Arc<[(u8, Arc<str>, Arc<str>)]> {
    note(cx, "toc", &path);
    let contents = contents(path, cx).await;
    let entries = contents
        .iter()
        .filter(|(level, text, _)| matches!(level, 2..=3) && !text.is_empty());
    entries.cloned().collect()
}
