//! The nodes to be drawn, and the reads between them.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{Listed, json_or_gone};
use crate::picture::Picture;
use crate::sample::sample;
use crate::shared::Shared;

/// Reads that are drawn.
const EDGES: usize = 4_000;

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// The node around which to look.
    around: Option<u32>,
}

#[derive(Serialize)]
struct Drawn {
    /// The count of what had happened when this was looked at.
    change: u64,
    /// How many there are.
    total: usize,
    nodes: Vec<Listed>,
    /// Reader and read, by their places in the list.
    edges: Vec<(usize, usize)>,
}

pub(crate) async fn answer(
    State(shared): State<Arc<Shared>>,
    Query(asked): Query<Asked>,
) -> Response {
    let Some(picture) = shared.picture().await else {
        return json_or_gone(None::<Drawn>);
    };
    let drawn = shared.work(move || drawn(&picture, asked.around));
    json_or_gone(drawn.await)
}

fn drawn(picture: &Picture, around: Option<u32>) -> Drawn {
    let focus = around.and_then(|id| picture.of_id(id));
    let places = sample(picture, focus);
    let here: HashMap<usize, usize> = places
        .iter()
        .enumerate()
        .map(|(here, &place)| (place, here))
        .collect();
    let edges = places.iter().enumerate().flat_map(|(reader, &place)| {
        let reads = picture.reads.of(place).iter();
        reads.filter_map({
            let here = &here;
            move |read| Some((reader, *here.get(read)?))
        })
    });
    Drawn {
        change: picture.change,
        total: picture.nodes.len(),
        edges: edges.take(EDGES).collect(),
        nodes: places
            .iter()
            .map(|&place| Listed::new(picture, place))
            .collect(),
    }
}
