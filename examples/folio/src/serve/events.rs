//! Which browser has to show its page again? The one whose page is another one now.
//!
//! A page knows its version. A watch of the engine tells when the page at that address has another one, and nothing
//! else makes it run: an edit of what the page does not show is no event.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{Stream, StreamExt};
use salvia::{QueryContext, Revision};
use serde::Deserialize;

use super::Site;
use crate::core::place::Medium;
use crate::site::{Route, route, version};

/// The page a browser shows.
#[derive(Debug, Deserialize)]
pub(super) struct Shown {
    address: Arc<str>,
    version: String,
}

/// An event for each version of the page that is not the one which is shown.
pub(super) async fn events(
    State(site): State<Site>,
    Query(shown): Query<Shown>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let address = shown.address.clone();
    let versions = site.runtime.watch(move |cx| {
        let address = address.clone();
        async move { version_at(address, &cx).await }
    });
    let events = versions.filter_map(move |revision| {
        let newest = site.version(revision);
        let event =
            (newest != shown.version).then(|| Ok(Event::default().event("change").data(newest)));
        std::future::ready(event)
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// The version of the page at `address`; `None` while there is none.
pub(super) async fn version_at(address: Arc<str>, cx: &QueryContext) -> Option<Revision> {
    match route(address, cx).await {
        Route::Page(place) => Some(version(place, Medium::Served, cx).await),
        Route::Moved(_) | Route::File(_) => Some(cx.revision()),
        Route::Nothing => None,
    }
}
