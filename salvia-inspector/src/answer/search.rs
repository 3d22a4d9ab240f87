//! Nodes by a part of their name, in pages.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{Listed, json_or_gone};
use crate::picture::Picture;
use crate::shared::Shared;

/// Nodes of a page.
const PAGE: usize = 50;

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    text: String,
    /// From 0 on.
    #[serde(default)]
    page: usize,
}

#[derive(Serialize)]
struct Found {
    total: usize,
    page: usize,
    pages: usize,
    nodes: Vec<Listed>,
}

pub(crate) async fn answer(
    State(shared): State<Arc<Shared>>,
    Query(asked): Query<Asked>,
) -> Response {
    let Some(picture) = shared.picture().await else {
        return json_or_gone(None::<Found>);
    };
    let found = shared.work(move || search(&picture, &asked));
    json_or_gone(found.await)
}

fn search(picture: &Picture, asked: &Asked) -> Found {
    let text = asked.text.to_lowercase();
    let is_found = |place: &usize| {
        let name = &picture.nodes[*place].name;
        name.contains(&asked.text) || name.to_lowercase().contains(&text)
    };
    let mut found: Vec<usize> = (0..picture.nodes.len()).filter(is_found).collect();
    // What is named nearly so comes first.
    found.sort_by_key(|&place| (picture.nodes[place].name.len(), place));
    let pages = found.len().div_ceil(PAGE).max(1);
    let page = asked.page.min(pages - 1);
    let here = found.iter().skip(page * PAGE).take(PAGE);
    Found {
        total: found.len(),
        page,
        pages,
        nodes: here.map(|&place| Listed::new(picture, place)).collect(),
    }
}
