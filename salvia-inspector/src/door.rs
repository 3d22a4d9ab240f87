//! The door: every request passes it, and every answer.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN};
use axum::http::header::{REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::access::is_own_origin;
use crate::shared::Shared;
use crate::{answer, page};

/// Everything but what is behind it: no scripts but the crate's own, no frames around it, no addresses passed on, nothing kept.
const HEADERS: [(HeaderName, &str); 7] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (CACHE_CONTROL, "no-store"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// All there is to be asked for.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/{token}/", get(page::index))
        .route("/{token}/{file}", get(page::file))
        .route("/{token}/api/pulse", get(answer::pulse::answer))
        .route("/{token}/api/revision", get(answer::revision::answer))
        .route("/{token}/api/overview", get(answer::overview::answer))
        .route("/{token}/api/graph", get(answer::graph::answer))
        .route("/{token}/api/node", get(answer::node::answer))
        .route("/{token}/api/search", get(answer::search::answer))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(from_fn_with_state(shared.clone(), door))
        .with_state(shared)
}

async fn door(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let mut response = match refusal(&shared, &request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn refusal(shared: &Shared, request: &Request) -> Option<Response> {
    if request.method() != Method::GET {
        return Some((StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET")]).into_response());
    }
    let refused = match host(request) {
        Some(host) if shared.hosts.are(host) => !is_from_here(request.headers(), host),
        _ => true,
    };
    if refused {
        return Some(StatusCode::FORBIDDEN.into_response());
    }
    // Nothing says whether it was the token or the rest.
    (!shared.token.opens(request.uri().path())).then(|| StatusCode::NOT_FOUND.into_response())
}

/// The one host that a request is for; `None` if it says none, or two.
fn host(request: &Request) -> Option<&str> {
    let host = single(request.headers(), &HOST)??;
    match request.uri().authority() {
        Some(authority) if authority.as_str() != host => None,
        _ => Some(host),
    }
}

/// Whether it is the page that asks, or a person: another page's requests carry its origin, or say that they cross sites.
fn is_from_here(headers: &HeaderMap, host: &str) -> bool {
    let own_origin = match single(headers, &ORIGIN) {
        Some(None) => true,
        Some(Some(origin)) => is_own_origin(origin, host),
        None => false,
    };
    let site = single(headers, &HeaderName::from_static("sec-fetch-site"));
    own_origin && matches!(site, Some(None | Some("same-origin" | "none")))
}

/// A header that may be there once; `None` if it is there twice, or is no text.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Option<&'a str>> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Some(None),
        (Some(value), None) => value.to_str().ok().map(Some),
        (Some(_), Some(_)) => None,
    }
}
