//! What stands under the cursor, where does it lead, and who refers to it?

use std::sync::Arc;

use futures::future::join_all;
use salvia::QueryContext;

use crate::core::parse::{Heading, Link, Position, Span};
use crate::core::queries::{anchors, backlinks, includes, landing, links, outline};
use crate::core::resolve::{Destination, Target, resolve_link};
use crate::core::workspace::RelPath;

/// What a cursor stands at.
#[derive(Debug)]
pub(super) enum Item {
    /// A link, an image or an include.
    Link(Link),
    /// A heading.
    Heading(Heading),
    /// Anything else.
    Prose,
}

/// A place that can be referred to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Referent {
    pub(super) path: RelPath,
    /// `None` for all of it.
    pub(super) anchor: Option<Arc<str>>,
}

/// What stands at `at`; of links that are inside of each other the inner one.
pub(super) async fn item_at(path: &RelPath, at: Position, cx: &QueryContext) -> Item {
    let links = links(path.clone(), cx).await.unwrap_or_default();
    let touches = |link: &&Link| link.span().touches(at);
    if let Some(link) = links.iter().rev().find(touches) {
        return Item::Link(link.clone());
    }
    let (headings, _) = outline(path.clone(), cx).await;
    let heading = headings.iter().find(|heading| heading.at.line == at.line);
    heading.map_or(Item::Prose, |heading| Item::Heading(heading.clone()))
}

/// The place in the folder that a link of `path` names.
pub(super) fn destination(path: &RelPath, link: &Link) -> Option<Destination> {
    match resolve_link(path, link) {
        Target::Inside(place) => Some(place),
        _ => None,
    }
}

/// What a link of `path` refers to.
pub(super) async fn referent(path: &RelPath, link: &Link, cx: &QueryContext) -> Option<Referent> {
    let place = destination(path, link)?;
    let shown = landing(place.path, cx).await;
    let owner = match &place.fragment {
        Some(anchor) => owner(&shown, anchor, cx).await,
        None => None,
    };
    Some(Referent {
        path: owner.unwrap_or(shown),
        anchor: place.fragment,
    })
}

/// The document in which an anchor of `path` is: itself, or one it pastes.
async fn owner(path: &RelPath, anchor: &str, cx: &QueryContext) -> Option<RelPath> {
    let mut seen = vec![path.clone()];
    let mut next = 0;
    while let Some(at) = seen.get(next).cloned() {
        next += 1;
        if anchors(at.clone(), cx)
            .await
            .is_some_and(|anchors| anchors.contains(anchor))
        {
            return Some(at);
        }
        for included in includes(at, cx).await.iter() {
            if !seen.contains(included) {
                seen.push(included.clone());
            }
        }
    }
    None
}

/// Where an anchor is in its own document.
pub(super) async fn anchor_span(path: &RelPath, anchor: &str, cx: &QueryContext) -> Option<Span> {
    let (headings, ids) = outline(path.clone(), cx).await;
    let at = |at| Span { start: at, end: at };
    let heading = headings.iter().find(|heading| heading.anchor == anchor);
    let id = || ids.iter().find(|id| id.id == anchor).map(|id| at(id.at));
    heading
        .map(|heading| heading.written.unwrap_or(at(heading.at)))
        .or_else(id)
}

/// Every link to a place, with the document it is in: to the anchor, or if there is none to anything in the document.
pub(super) async fn references(to: &Referent, cx: &QueryContext) -> Vec<(RelPath, Link)> {
    let mut from: Vec<_> = backlinks(to.path.clone(), cx)
        .await
        .iter()
        .map(|(path, _)| path.clone())
        .collect();
    // Those who paste it show its anchors as theirs.
    let mut next = 0;
    while let Some(at) = from.get(next).cloned() {
        next += 1;
        if includes(at.clone(), cx).await.contains(&to.path) {
            let more = backlinks(at.clone(), cx).await;
            let more: Vec<_> = more
                .iter()
                .map(|(path, _)| path)
                .filter(|path| !from.contains(path))
                .cloned()
                .collect();
            from.extend(more);
        }
    }
    if !from.contains(&to.path) {
        from.push(to.path.clone());
    }
    from.sort();
    let found = from.iter().map(|path| async move {
        let links = links(path.clone(), cx).await.unwrap_or_default();
        let mut found = Vec::new();
        for link in links.iter() {
            let Some(referent) = referent(path, link, cx).await else {
                continue;
            };
            // A link to a place in its own document is no reference to the whole of it.
            let is_meant = match &to.anchor {
                Some(_) => referent == *to,
                None => referent.path == to.path && *path != to.path,
            };
            if is_meant {
                found.push((path.clone(), link.clone()));
            }
        }
        found
    });
    join_all(found).await.concat()
}
