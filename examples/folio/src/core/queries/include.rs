//! Documents that paste other documents: which anchors do they get, and do they ever end?
//!
//! `{{#include other.md}}` brings the headings of `other.md` along, and whatever that includes. A circle of includes is
//! an ordinary state of a folder somebody is editing; each walk here keeps a list of what it has seen.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use salvia::{QueryContext, query};

use super::{Anchors, anchors, links};
use crate::core::cost::note;
use crate::core::parse::LinkKind;
use crate::core::resolve::{Target, resolve_include};
use crate::core::workspace::RelPath;

/// The documents this one pastes, there or not. In order, each once.
#[query]
pub async fn includes(path: RelPath, cx: &QueryContext) -> Arc<[RelPath]> {
    note(cx, "includes", &path);
    let mut included = Vec::new();
    // What cannot be read includes nothing.
    let Ok(links) = links(path.clone(), cx).await else {
        return included.into();
    };
    for link in links.iter().filter(|link| link.kind == LinkKind::Include) {
        match resolve_include(&path, &link.target) {
            Target::Inside(place)
                if place.path.is_markdown() && !included.contains(&place.path) =>
            {
                included.push(place.path);
            }
            _ => {}
        }
    }
    included.into()
}

/// The fragments that reach something in the document as it is shown, with all it pastes; `None` if nobody knows,
/// because one of them cannot be read.
#[query]
pub async fn all_anchors(path: RelPath, cx: &QueryContext) -> Option<Anchors> {
    note(cx, "all_anchors", &path);
    let own = anchors(path.clone(), cx).await?;
    let came_from = walk(&path, None, cx).await;
    if came_from.is_empty() {
        return Some(own);
    }
    let mut all = (*own).clone();
    for included in came_from.into_keys() {
        all.extend(anchors(included, cx).await?.iter().cloned());
    }
    Some(Arc::new(all))
}

/// The shortest way from `path` through its include of `through` back to itself, as `a.md -> b.md -> a.md`.
#[query]
pub async fn include_cycle(path: RelPath, through: RelPath, cx: &QueryContext) -> Option<Arc<str>> {
    note(cx, "include_cycle", (&path, &through));
    if path == through {
        return Some(format!("{path} -> {path}").into());
    }
    let came_from = walk(&through, Some(&path), cx).await;
    let mut chain = vec![path.clone()];
    let mut at = came_from.get(&path)?.clone();
    while at != through {
        chain.push(at.clone());
        at = came_from.get(&at)?.clone();
    }
    chain.extend([through, path]);
    let names: Vec<_> = chain.iter().rev().map(RelPath::as_str).collect();
    Some(names.join(" -> ").into())
}

/// Everything `start` includes, step by step, nearest first, and for each the document it was found in; up to `goal`.
async fn walk(
    start: &RelPath,
    goal: Option<&RelPath>,
    cx: &QueryContext,
) -> HashMap<RelPath, RelPath> {
    let mut came_from = HashMap::new();
    let mut next = VecDeque::from([start.clone()]);
    while let Some(at) = next.pop_front() {
        if goal == Some(&at) {
            break;
        }
        for included in includes(at.clone(), cx).await.iter() {
            if included != start && !came_from.contains_key(included) {
                came_from.insert(included.clone(), at.clone());
                next.push_back(included.clone());
            }
        }
    }
    came_from
}
