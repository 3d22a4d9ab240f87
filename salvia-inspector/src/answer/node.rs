//! One node: its neighbours, and why it last ran.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use salvia::Runtime;
use serde::{Deserialize, Serialize};

use super::{LONG, Listed, cut, json_or_gone, millis};
use crate::picture::Picture;
use crate::shared::Shared;

/// Neighbours of each side.
const NEIGHBOURS: usize = 60;

/// Lines of an explanation.
const LINES: usize = 80;

#[derive(Deserialize)]
pub(crate) struct Asked {
    id: u32,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    listed: Listed,
    /// All of it, within bounds.
    full_name: String,
    path: String,
    /// Milliseconds: all its runs from beginning to end, and a run of its function on average.
    took: f64,
    mean: Option<f64>,
    explanation: Vec<String>,
    read: Vec<Listed>,
    read_by: Vec<Listed>,
}

pub(crate) async fn answer(
    State(shared): State<Arc<Shared>>,
    Query(asked): Query<Asked>,
) -> Response {
    let (Some(picture), Some(runtime)) = (shared.picture().await, shared.runtime()) else {
        return json_or_gone(None::<Shown>);
    };
    let shown = shared.work(move || {
        let place = picture.of_id(asked.id)?;
        Some(shown(&runtime, &picture, place))
    });
    json_or_gone(shown.await.flatten())
}

fn shown(runtime: &Runtime, picture: &Picture, place: usize) -> Shown {
    let list = |places: &[usize]| {
        let places = places.iter().take(NEIGHBOURS);
        places.map(|&place| Listed::new(picture, place)).collect()
    };
    let node = &picture.nodes[place];
    let explanation = runtime.explain_node(node).map(|why| why.to_string());
    let explanation = explanation.unwrap_or_else(|| "it is there no more".to_owned());
    Shown {
        listed: Listed::new(picture, place),
        full_name: cut(&node.name, LONG),
        path: cut(node.bound().path(), LONG),
        took: millis(picture.tallies[place].took),
        mean: picture.query(place).map(|query| millis(query.mean_cost)),
        explanation: explanation
            .lines()
            .take(LINES)
            .map(|line| cut(line, LONG))
            .collect(),
        read: list(picture.reads.of(place)),
        read_by: list(picture.readers.of(place)),
    }
}
