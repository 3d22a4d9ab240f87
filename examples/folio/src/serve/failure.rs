//! Pages that say what is wrong, and what may help.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use salvia::{QueryContext, QueryError};

use crate::core::place::{Medium, Style};
use crate::core::queries::{address, backlinks, title};
use crate::core::workspace::RelPath;
use crate::site::{Frame, framed, near};

/// A page that is not there, and what is known about it.
#[derive(Debug)]
pub(super) struct Missing {
    written: Arc<str>,
    /// Addresses that may be meant.
    near: Vec<Arc<str>>,
    /// Titles and addresses of the pages that link here.
    from: Vec<(Arc<str>, Arc<str>)>,
}

impl Missing {
    pub(super) async fn find(written: &Arc<str>, cx: &QueryContext) -> Self {
        let mut from = Vec::new();
        let places = [written.to_string(), format!("{written}.md")];
        for place in places.iter().filter_map(|place| RelPath::new(place)) {
            for (path, _) in backlinks(place, cx).await.iter() {
                from.push((
                    title(path.clone(), cx).await,
                    address(path.clone(), cx).await,
                ));
            }
        }
        Missing {
            written: written.clone(),
            near: near(written, cx).await,
            from,
        }
    }

    /// The page to show in place of it.
    pub(super) fn page(&self) -> String {
        let style = Style::new(Medium::Served, &"".into());
        let document = format!("{}.md", self.written.trim_end_matches('/'));
        let main = html! {
            h1 { "Nothing here" }
            p { "There is no page at " code { "/" (self.written) } ". It comes as soon as somebody writes " code { (document) } "; this page will show it by itself." }
            (links("Did you mean", self.near.iter().map(|address| (address, address)), &style))
            (links("Linked from", self.from.iter().map(|(title, address)| (title, address)), &style))
            p { a href="/" { "To the first page" } }
        };
        whole("Nothing here", &main)
    }
}

fn links<'l>(
    heading: &str,
    links: impl Iterator<Item = (&'l Arc<str>, &'l Arc<str>)>,
    style: &Style,
) -> Markup {
    let links: Vec<_> = links.collect();
    html! {
        @if !links.is_empty() {
            h2 { (heading) }
            ul { @for (text, address) in links { li { a href=(style.page(address)) { (text) } } } }
        }
    }
}

/// A failed query: a bug of ours, said as exactly as we can.
pub(super) fn query_failed(error: &QueryError) -> Response {
    let advice = "This is a bug of folio. The page is made again when something it reads has changed; the other pages are not concerned.";
    page(
        StatusCode::INTERNAL_SERVER_ERROR,
        "This page could not be made.",
        &error.to_string(),
        advice,
    )
}

/// A page for a status.
pub(super) fn page(status: StatusCode, what: &str, why: &str, advice: &str) -> Response {
    let main = html! {
        h1 { (status.canonical_reason().unwrap_or("Failure")) }
        p { (what) }
        @if !why.is_empty() { div.notice { (why) } }
        @if !advice.is_empty() { p { (advice) } }
        p { a href="/" { "To the first page" } }
    };
    let html = whole(what, &main);
    (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

fn whole(title: &str, main: &Markup) -> String {
    let style = Style::new(Medium::Served, &"".into());
    let frame = Frame {
        style: &style,
        title,
        site: "folio",
        description: None,
        nav: &[],
        current: None,
        toc: &[],
    };
    framed(&frame, main)
}
