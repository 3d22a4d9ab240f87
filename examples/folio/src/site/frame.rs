//! What stands around every page: the head, the search, the navigation, and what comes below the text.

use std::sync::Arc;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::core::place::{OWN, Style};
use crate::core::queries::{NavItem, SHARDS};
use crate::core::workspace::RelPath;

/// The parts of a page.
#[derive(Debug)]
pub struct Frame<'f> {
    /// How links are written.
    pub style: &'f Style,
    /// The title of the page.
    pub title: &'f str,
    /// The title of the whole folder.
    pub site: &'f str,
    /// A sentence about the page.
    pub description: Option<&'f str>,
    /// The navigation, with the address of each entry.
    pub nav: &'f [(NavItem, Option<Arc<str>>)],
    /// Which entry this page is.
    pub current: Option<&'f RelPath>,
    /// The sections of the page.
    pub toc: &'f [(u8, Arc<str>, Arc<str>)],
}

/// A whole page around `main`.
pub fn framed(frame: &Frame<'_>, main: &Markup) -> String {
    let root = frame.style.root();
    let own = format!("{root}{OWN}/");
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title {
                    (frame.title)
                    @if frame.title != frame.site { " · " (frame.site) }
                }
                @if let Some(description) = frame.description {
                    meta name="description" content=(description);
                }
                link rel="stylesheet" href={ (own) "style.css" };
                link rel="icon" href="data:,";
            }
            body {
                a.skip href="#text" { "Skip to the text" }
                header {
                    a href=(frame.style.page("")) { (frame.site) }
                    div.search role="search" {
                        input type="search" placeholder="Search  /" aria-label="Search" autocomplete="off" spellcheck="false";
                    }
                }
                div.layout {
                    details { summary { "Contents" } nav { (nav(frame)) } }
                    nav.tree aria-label="Pages" { (nav(frame)) }
                    main id="text" { (main) }
                    @if !frame.toc.is_empty() { nav.toc aria-label="On this page" { (toc(frame)) } }
                }
                script src={ (own) "search.js" } data-root=(root) data-buckets=(SHARDS) {}
            }
        }
    };
    page.into_string()
}

fn nav(frame: &Frame<'_>) -> Markup {
    html! {
        ul {
            @for (item, address) in frame.nav {
                @match address {
                    Some(address) => {
                        @let is_current = item.to.is_some() && item.to.as_ref() == frame.current;
                        @let is_folder = address.ends_with('/');
                        li class=(classes(item.depth, is_folder)) {
                            a href=(frame.style.page(address)) aria-current=[is_current.then_some("page")] { (item.title) }
                        }
                    }
                    None => li.part { (item.title) }
                }
            }
        }
    }
}

fn classes(depth: u8, is_folder: bool) -> String {
    let folder = if is_folder { " folder" } else { "" };
    format!("d{}{folder}", depth.min(4))
}

fn toc(frame: &Frame<'_>) -> Markup {
    html! {
        h2 { "On this page" }
        ul {
            @for (level, text, anchor) in frame.toc {
                li class={ "l" (level) } { a href={ "#" (anchor) } { (text) } }
            }
        }
    }
}

/// HTML that is known to be some.
pub(super) fn known(html: &str) -> PreEscaped<&str> {
    PreEscaped(html)
}
