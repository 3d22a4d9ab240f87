//! The files of the page, as they are in the folder `page`.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// Name, type, text.
const FILES: [(&str, &str, &str); 10] = [
    ("style.css", CSS, include_str!("../page/style.css")),
    ("icon.svg", SVG, include_str!("../page/icon.svg")),
    ("app.js", JS, include_str!("../page/app.js")),
    ("ask.js", JS, include_str!("../page/ask.js")),
    ("element.js", JS, include_str!("../page/element.js")),
    ("graph.js", JS, include_str!("../page/graph.js")),
    ("layout.js", JS, include_str!("../page/layout.js")),
    ("panels.js", JS, include_str!("../page/panels.js")),
    ("timeline.js", JS, include_str!("../page/timeline.js")),
    ("words.js", JS, include_str!("../page/words.js")),
];

pub(crate) async fn index() -> Response {
    ([(CONTENT_TYPE, HTML)], include_str!("../page/index.html")).into_response()
}

pub(crate) async fn file(Path((_token, name)): Path<(String, String)>) -> Response {
    match FILES.iter().find(|file| file.0 == name) {
        Some((_, kind, text)) => ([(CONTENT_TYPE, *kind)], *text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
