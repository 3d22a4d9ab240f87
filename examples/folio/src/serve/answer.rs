//! From a request to an answer.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HOST, LOCATION};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use salvia::{QueryContext, Revision};

use super::failure::{self, Missing};
use super::{Site, file, version};
use crate::core::place::{Medium, encode};
use crate::core::queries::SHARDS;
use crate::core::workspace::RelPath;
use crate::site::{Route, asset, file_version, page, route, search_shard};

/// What one look at the engine gave.
enum Found {
    Page(Arc<str>, Revision),
    Moved(Arc<str>),
    File(RelPath, Option<Revision>),
    Missing(Missing),
}

/// Refuses requests that a page of somebody else made under another name of this machine.
pub(super) async fn from_this_machine(request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("");
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    match name {
        "localhost" | "127.0.0.1" => next.run(request).await,
        _ => (StatusCode::FORBIDDEN, "folio answers to localhost only\n").into_response(),
    }
}

/// Answers everything but events.
pub(super) async fn answer(State(site): State<Site>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, "folio only shows\n").into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    let Ok(path) = percent_decode_str(path).decode_utf8() else {
        return failure::page(
            StatusCode::BAD_REQUEST,
            "This address is not UTF-8.",
            "",
            "",
        );
    };
    let written: Arc<str> = path.as_ref().into();
    if let Some(own) = written.strip_prefix("_folio/")
        && let Some(response) = own_file(&site, own, request.headers()).await
    {
        return response;
    }
    let asked = written.clone();
    let found = site
        .runtime
        .try_query(|cx| async move { find(asked, &cx).await })
        .await;
    match found {
        Ok(Found::Page(html, revision)) => {
            page_response(&site, &written, &html, revision, request.headers())
        }
        Ok(Found::Moved(address)) => moved(&address, request.uri().query()),
        Ok(Found::File(path, revision)) => {
            let tag = revision.map(|revision| site.tag(revision));
            file::response(&site.root, &path, tag, request.headers()).await
        }
        Ok(Found::Missing(missing)) => {
            let html = missing.page();
            let script = live_script(&written, &site.version(None));
            let html = with_script(&html, &script);
            (
                StatusCode::NOT_FOUND,
                [(CONTENT_TYPE, "text/html; charset=utf-8")],
                html,
            )
                .into_response()
        }
        Err(error) => failure::query_failed(&error),
    }
}

async fn find(written: Arc<str>, cx: &QueryContext) -> Found {
    match route(written.clone(), cx).await {
        Route::Page(place) => {
            let html = page(place.clone(), Medium::Served, cx).await;
            Found::Page(html, crate::site::version(place, Medium::Served, cx).await)
        }
        Route::Moved(address) => Found::Moved(address),
        Route::File(path) => {
            let revision = file_version(path.clone(), cx).await;
            Found::File(path, revision)
        }
        Route::Nothing => Found::Missing(Missing::find(&written, cx).await),
    }
}

fn page_response(
    site: &Site,
    address: &str,
    html: &str,
    revision: Revision,
    headers: &HeaderMap,
) -> Response {
    let tag = site.tag(revision);
    // A browser asks each time, and is told in a word if it has the newest.
    let known = [(ETAG, tag.clone()), (CACHE_CONTROL, "no-cache".to_owned())];
    if version::has(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, known).into_response();
    }
    let script = live_script(address, &site.version(Some(revision)));
    let html = with_script(html, &script);
    (known, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

/// The script that shows the page again, told what it shows.
fn live_script(address: &str, version: &str) -> String {
    let script = maud::html! {
        script src="/_folio/live.js" data-address=(address) data-version=(version) {}
    };
    script.into_string()
}

fn with_script(html: &str, script: &str) -> String {
    match html.rfind("</body>") {
        Some(end) => format!("{}{script}{}", &html[..end], &html[end..]),
        None => format!("{html}{script}"),
    }
}

fn moved(address: &str, query: Option<&str>) -> Response {
    let query = query.map_or(String::new(), |query| format!("?{query}"));
    let location = format!("/{}{query}", encode(address));
    // Not for ever: a document may come where a directory is now.
    (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, location)]).into_response()
}

/// What belongs to pages; `None` if there is nothing of that name.
async fn own_file(site: &Site, name: &str, headers: &HeaderMap) -> Option<Response> {
    let text = match name {
        "live.js" => include_str!("live.js").to_owned(),
        name => match name.strip_prefix("search/") {
            Some(bucket) => return search_file(site, bucket, headers).await,
            None => asset(name)?,
        },
    };
    let kind = mime_guess::from_path(name)
        .first_or_octet_stream()
        .to_string();
    let known = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "max-age=60".to_owned()),
    ];
    Some((known, text).into_response())
}

async fn search_file(site: &Site, name: &str, headers: &HeaderMap) -> Option<Response> {
    let bucket: u16 = name.strip_suffix(".json")?.parse().ok()?;
    if bucket >= SHARDS {
        return None;
    }
    let shard = site.runtime.try_query(|cx| async move {
        let shard = search_shard(bucket, Medium::Served, &cx).await;
        (shard, crate::site::search_version(bucket, &cx).await)
    });
    let (shard, revision) = match shard.await {
        Ok(shard) => shard,
        Err(error) => return Some(failure::query_failed(&error)),
    };
    let tag = site.tag(revision);
    let known = [(ETAG, tag.clone()), (CACHE_CONTROL, "no-cache".to_owned())];
    Some(match version::has(headers, &tag) {
        true => (StatusCode::NOT_MODIFIED, known).into_response(),
        false => (
            known,
            [(CONTENT_TYPE, "application/json")],
            shard.to_string(),
        )
            .into_response(),
    })
}
