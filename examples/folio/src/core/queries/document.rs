//! What does one document hold, whatever the others say?
//!
//! Each query here hands on one part of the parse, so that a change of one part concerns only those who read it.

use std::collections::BTreeSet;
use std::sync::Arc;

use salvia::{QueryContext, query};

use crate::core::cost::note;
use crate::core::parse::{
    Definition, FrontFault, FrontMatter, Heading, Id, Link, Parsed, Undefined, parse,
};
use crate::core::workspace::{Content, Document, RelPath, Unreadable};

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

/// What a document says about itself at its top. A document that cannot be read says nothing.
#[query]
pub async fn front(path: RelPath, cx: &QueryContext) -> Result<Arc<FrontMatter>, FrontFault> {
    note(cx, "front", &path);
    match parsed(path, cx).await {
        Ok(parsed) => parsed.front.clone(),
        Err(_) => Ok(Arc::default()),
    }
}

/// The title of a document: of its front matter, its first heading, or its name.
#[query]
pub async fn title(path: RelPath, cx: &QueryContext) -> Arc<str> {
    note(cx, "title", &path);
    if let Ok(front) = front(path.clone(), cx).await
        && let Some(title) = &front.title
    {
        return title.clone();
    }
    let (headings, _) = outline(path.clone(), cx).await;
    match headings.iter().find(|heading| !heading.text.is_empty()) {
        Some(heading) => heading.text.as_str().into(),
        None => path.shown_name().into(),
    }
}

/// The headings of a document without their places: level, text and anchor.
#[query]
pub async fn contents(path: RelPath, cx: &QueryContext) -> Arc<[(u8, Arc<str>, Arc<str>)]> {
    note(cx, "contents", &path);
    let (headings, _) = outline(path, cx).await;
    let entry = |heading: &Heading| {
        let (text, anchor) = (heading.text.as_str(), heading.anchor.as_str());
        (heading.level, text.into(), anchor.into())
    };
    headings.iter().map(entry).collect()
}
