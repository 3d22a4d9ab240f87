//! What does one document hold, whatever the others say?
//!
//! Each query here hands on one part of the parse, so that a change of one part concerns only those who read it.

use std::collections::BTreeSet;
use std::sync::Arc;

use salvia::{QueryContext, query};

use crate::cost::note;
use crate::parse::{Definition, Heading, Id, Link, Parsed, Undefined, parse};
use crate::workspace::{Content, Document, RelPath, Unreadable};

/// The fragments of a document.
pub type Anchors = Arc<BTreeSet<Arc<str>>>;

/// The document taken apart; the error says why it cannot be. A document that is not there is an empty one.
#[query]
pub async fn parsed(path: RelPath, cx: &QueryContext) -> Result<Arc<Parsed>, Unreadable> {
    note(cx, "parsed", &path);
    match Document(path).get(cx).await {
        Content::Missing => Ok(Arc::new(parse(""))),
        Content::Text(text) => Ok(Arc::new(parse(&text))),
        Content::Unreadable(why) => Err(why),
    }
}

/// What can be linked to: headings, and ids set by hand. With places.
#[query]
pub async fn outline(path: RelPath, cx: &QueryContext) -> (Arc<[Heading]>, Arc<[Id]>) {
    note(cx, "outline", &path);
    match parsed(path, cx).await {
        Ok(parsed) => (parsed.headings.clone(), parsed.ids.clone()),
        Err(_) => Default::default(),
    }
}

/// The fragments that reach something in the document itself; `None` if nobody knows. Without places.
#[query]
pub async fn anchors(path: RelPath, cx: &QueryContext) -> Option<Anchors> {
    note(cx, "anchors", &path);
    let parsed = parsed(path, cx).await.ok()?;
    let headings = parsed
        .headings
        .iter()
        .map(|heading| heading.anchor.as_str());
    let ids = parsed.ids.iter().map(|id| id.id.as_str());
    Some(Arc::new(headings.chain(ids).map(Arc::from).collect()))
}

/// Links, images and includes. With places.
#[query]
pub async fn links(path: RelPath, cx: &QueryContext) -> Result<Arc<[Link]>, Unreadable> {
    note(cx, "links", &path);
    Ok(parsed(path, cx).await?.links.clone())
}

/// Reference definitions, and references that have none. With places.
#[query]
pub async fn definitions(
    path: RelPath,
    cx: &QueryContext,
) -> (Arc<[Definition]>, Arc<[Undefined]>) {
    note(cx, "definitions", &path);
    match parsed(path, cx).await {
        Ok(parsed) => (parsed.definitions.clone(), parsed.undefined.clone()),
        Err(_) => Default::default(),
    }
}
