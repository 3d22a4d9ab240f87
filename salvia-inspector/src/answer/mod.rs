//! The answers to the page's questions, as JSON. Each has a bound: lists are cut, and say of how many they are a part; texts
//! are cut too.

pub(crate) mod graph;
pub(crate) mod node;
pub(crate) mod overview;
pub(crate) mod pulse;
pub(crate) mod revision;
pub(crate) mod search;

use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use salvia::{NodeKind, NodeState};
use serde::Serialize;

use crate::picture::Picture;

/// Letters of a name in a list.
const SHORT: usize = 160;

/// Letters of a name, or of one line, where there is one of it.
const LONG: usize = 2_000;

/// Writes an answer. `<`, `>` and `&` are written as numbers, so that it is harmless wherever it ends up.
fn json(answer: &impl Serialize) -> Response {
    let text = serde_json::to_string(answer).expect("texts and numbers can be written");
    let text = text
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026");
    ([(CONTENT_TYPE, "application/json")], text).into_response()
}

/// Writes an answer, if there is one: not so if the runtime has ended.
fn json_or_gone(answer: Option<impl Serialize>) -> Response {
    match answer {
        Some(answer) => json(&answer),
        None => StatusCode::GONE.into_response(),
    }
}

/// A text of so many letters at most.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Milliseconds.
fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// A node in a list.
#[derive(Serialize)]
struct Listed {
    id: u32,
    name: String,
    kind: &'static str,
    state: &'static str,
    runs: u64,
    /// Milliseconds that the runs kept a core busy, by the mean of the function.
    cost: f64,
    failures: u64,
    /// When it last ran or was set, as the count of what has happened.
    change: u64,
    reads: usize,
    readers: usize,
}

impl Listed {
    fn new(picture: &Picture, place: usize) -> Self {
        let (node, tally) = (&picture.nodes[place], picture.tallies[place]);
        let mean = picture.query(place).map(|query| millis(query.mean_cost));
        Listed {
            id: node.id,
            name: cut(&node.name, SHORT),
            kind: kind(node.kind),
            state: state(node.state),
            runs: tally.runs,
            cost: mean.unwrap_or_default() * tally.runs as f64,
            failures: tally.failures,
            change: tally.change,
            reads: picture.reads.of(place).len(),
            readers: picture.readers.of(place).len(),
        }
    }
}

fn kind(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Input => "input",
        NodeKind::Watch => "watch",
        _ => "query",
    }
}

fn state(state: NodeState) -> &'static str {
    match state {
        NodeState::Clean => "clean",
        NodeState::Dirty => "dirty",
        NodeState::Running => "running",
        _ => "empty",
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_text_is_cut_between_letters() {
        assert_eq!(cut("grün", 4), "grün");
        assert_eq!(cut("grünes", 3), "grü…");
        assert_eq!(cut("", 0), "");
    }
}
