//! A whole page as a query.
//!
//! It reads titles, addresses, backlinks, a navigation: each without places in documents. So an edit runs the page of
//! its document, and those of others only if something they show is another thing now.

use std::sync::Arc;

use futures::future::join_all;
use maud::{Markup, html};
use salvia::{QueryContext, Revision, query};

use super::frame::{Frame, framed, known};
use crate::core::cost::note;
use crate::core::place::{Medium, OWN, Style, folder_address};
use crate::core::progress::Progress;
use crate::core::queries::{
    Located, NavItem, address, backlinks, body, documents_below, folder_nav, folder_title,
    folders_below, front, landing, located, navigation, neighbours, summary_of, tags, tags_of,
    title, toc,
};
use crate::core::workspace::RelPath;

/// What a page shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// A document.
    Document(RelPath),
    /// A directory that has no document to show.
    Folder(RelPath),
    /// All tags.
    Tags,
}

/// The page of the tags.
pub fn tag_address() -> Arc<str> {
    format!("{OWN}/tags").into()
}

/// All pages there are.
#[query]
pub async fn all_places(cx: &QueryContext) -> Arc<[Place]> {
    note(cx, "all_places", ());
    let documents = documents_below(RelPath::root(), cx).await;
    let mut all: Vec<_> = documents.iter().cloned().map(Place::Document).collect();
    for folder in folders_below(RelPath::root(), cx).await.iter() {
        let has_documents = !documents_below(folder.clone(), cx).await.is_empty();
        let is_bare = matches!(located(folder.clone(), cx).await, Located::Folder(None));
        if is_bare && (has_documents || *folder == RelPath::root()) {
            all.push(Place::Folder(folder.clone()));
        }
    }
    all.push(Place::Tags);
    all.into()
}

/// The address of a page.
pub async fn place_address(place: &Place, cx: &QueryContext) -> Arc<str> {
    match place {
        Place::Document(path) => address(path.clone(), cx).await,
        Place::Folder(path) => folder_address(path),
        Place::Tags => tag_address(),
    }
}

/// A page, as HTML.
#[query(spawn)]
pub async fn page(place: Place, medium: Medium, cx: &QueryContext) -> Arc<str> {
    note(cx, "page", (&place, medium));
    let style = Style::new(medium, &place_address(&place, cx).await);
    let page = match place {
        Place::Document(path) => document_page(path, &style, cx).await,
        Place::Folder(path) => folder_page(path, &style, cx).await,
        Place::Tags => tags_page(&style, cx).await,
    };
    if let Some(progress) = cx.try_resource::<Progress>() {
        progress.step();
    }
    page.into()
}

/// When a page last became another one: a revision of the engine. An equal page is cut off, so this runs, and so
/// moves, only with the text of the page.
#[query]
pub async fn version(place: Place, medium: Medium, cx: &QueryContext) -> Revision {
    note(cx, "version", (&place, medium));
    page(place, medium, cx).await;
    cx.revision()
}

async fn document_page(path: RelPath, style: &Style, cx: &QueryContext) -> String {
    let shown = title(path.clone(), cx).await;
    let front = front(path.clone(), cx).await.unwrap_or_default();
    let folder = path.parent().unwrap_or_else(RelPath::root);
    let text = body(path.clone(), None, style.clone(), cx).await;
    let tags = tags_of(path.clone(), cx).await;
    let main = html! {
        article {
            @if !tags.is_empty() { (tag_links(&tags, style)) }
            @match &text {
                Ok(text) => (known(text)),
                Err(why) => div.notice { "This document cannot be shown: " (why.reason) " (line " (why.at.line) ")." },
            }
        }
        (around(&path, style, cx).await)
        (linked_from(&path, style, cx).await)
    };
    let sections = toc(path.clone(), cx).await;
    let current = current(&path, &folder, cx).await;
    let frame = Around::new(folder, cx).await;
    framed(
        &frame.frame(
            style,
            &shown,
            front.description.as_deref(),
            Some(&current),
            &sections,
        ),
        &main,
    )
}

async fn folder_page(folder: RelPath, style: &Style, cx: &QueryContext) -> String {
    let shown = folder_title(folder.clone(), cx).await;
    let entries = folder_nav(folder.clone(), cx).await;
    let entries = with_addresses(&entries, cx).await;
    let main = html! {
        h1 { (shown) }
        @if entries.is_empty() { p { "There are no documents here yet." } }
        ul { @for (item, address) in &entries { @if let Some(address) = address {
            li { a href=(style.page(address)) { (item.title) } }
        } } }
        (linked_from(&folder, style, cx).await)
    };
    let frame = Around::new(folder.clone(), cx).await;
    framed(&frame.frame(style, &shown, None, Some(&folder), &[]), &main)
}

async fn tags_page(style: &Style, cx: &QueryContext) -> String {
    let tags = tags(cx).await;
    let mut lists = Vec::new();
    for (tag, documents) in tags.iter() {
        lists.push((tag, named(documents, cx).await));
    }
    let main = html! {
        h1 { "Tags" }
        @if lists.is_empty() { p { "No document has tags. Front matter gives it some: " code { "tags: [one, two]" } } }
        @for (tag, documents) in &lists {
            h2 id=(tag) { (tag) }
            ul { @for (title, address) in documents { li { a href=(style.page(address)) { (title) } } } }
        }
    };
    let frame = Around::new(RelPath::root(), cx).await;
    framed(&frame.frame(style, "Tags", None, None, &[]), &main)
}

/// What is asked for around every page.
struct Around {
    site: Arc<str>,
    nav: Vec<(NavItem, Option<Arc<str>>)>,
}

impl Around {
    async fn new(folder: RelPath, cx: &QueryContext) -> Self {
        let nav = navigation(folder, cx).await;
        Around {
            site: folder_title(RelPath::root(), cx).await,
            nav: with_addresses(&nav, cx).await,
        }
    }

    fn frame<'f>(
        &'f self,
        style: &'f Style,
        title: &'f str,
        description: Option<&'f str>,
        current: Option<&'f RelPath>,
        toc: &'f [(u8, Arc<str>, Arc<str>)],
    ) -> Frame<'f> {
        Frame {
            style,
            title,
            site: &self.site,
            description,
            nav: &self.nav,
            current,
            toc,
        }
    }
}

/// What a navigation has for a document: the directory that it stands for, or itself. A summary names documents only.
async fn current(path: &RelPath, folder: &RelPath, cx: &QueryContext) -> RelPath {
    let is_by_folder = summary_of(folder.clone(), cx).await.is_none()
        && landing(folder.clone(), cx).await == *path;
    if is_by_folder { folder } else { path }.clone()
}

async fn with_addresses(nav: &[NavItem], cx: &QueryContext) -> Vec<(NavItem, Option<Arc<str>>)> {
    let addresses = nav.iter().map(|item| async move {
        let address = match &item.to {
            Some(path) if path.is_markdown() => Some(address(path.clone(), cx).await),
            Some(path) => Some(folder_address(path)),
            None => None,
        };
        (item.clone(), address)
    });
    join_all(addresses).await
}

/// Titles and addresses of documents.
async fn named(documents: &[RelPath], cx: &QueryContext) -> Vec<(Arc<str>, Arc<str>)> {
    let named = documents.iter().map(|path| async move {
        (
            title(path.clone(), cx).await,
            address(path.clone(), cx).await,
        )
    });
    join_all(named).await
}

fn tag_links(tags: &[Arc<str>], style: &Style) -> Markup {
    let page = style.page(&tag_address());
    html! { div.tags { @for tag in tags { a href={ (page) "#" (tag) } { (tag) } } } }
}

/// The documents before and behind this one.
async fn around(path: &RelPath, style: &Style, cx: &QueryContext) -> Markup {
    let [before, behind] = neighbours(path.clone(), cx).await;
    let link = |item: Option<NavItem>| async move {
        let path = item.as_ref()?.to.clone()?;
        Some((item?.title, style.page(&address(path, cx).await)))
    };
    let (before, behind) = (link(before).await, link(behind).await);
    let is_only = before.is_none();
    html! {
        @if before.is_some() || behind.is_some() {
            div.next {
                @if let Some((title, href)) = before { a href=(href) rel="prev" { small { "Previous" } (title) } }
                @if let Some((title, href)) = behind {
                    a.only[is_only] href=(href) rel="next" { small { "Next" } (title) }
                }
            }
        }
    }
}

/// Who links here.
async fn linked_from(path: &RelPath, style: &Style, cx: &QueryContext) -> Markup {
    let from = backlinks(path.clone(), cx).await;
    let from: Vec<_> = from.iter().map(|(path, _)| path.clone()).collect();
    let from = named(&from, cx).await;
    html! {
        @if !from.is_empty() {
            aside.backlinks {
                h2 { "Linked from" }
                ul { @for (title, address) in &from { li { a href=(style.page(address)) { (title) } } } }
            }
        }
    }
}
