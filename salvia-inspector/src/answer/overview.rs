//! Figures of the runtime, and of each query function.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use salvia::{QueryStats, Stats};
use serde::Serialize;

use super::{SHORT, cut, json_or_gone, millis};
use crate::shared::Shared;

/// Query functions in the answer.
const FUNCTIONS: usize = 200;

#[derive(Serialize)]
struct Overview {
    nodes: usize,
    inputs: usize,
    edges: usize,
    bytes: usize,
    hits: u64,
    validations: u64,
    executions: u64,
    cut_offs: u64,
    evictions: u64,
    /// How many query functions there are.
    functions: usize,
    /// Those that cost most.
    queries: Vec<Function>,
}

#[derive(Serialize)]
struct Function {
    name: String,
    nodes: usize,
    bytes: usize,
    executions: u64,
    validations: u64,
    cut_offs: u64,
    evictions: u64,
    /// Milliseconds a run keeps a core busy, on average, and that all runs did by that.
    mean: f64,
    cost: f64,
}

pub(crate) async fn answer(State(shared): State<Arc<Shared>>) -> Response {
    let picture = shared.picture().await;
    json_or_gone(picture.map(|picture| overview(&picture.stats)))
}

fn overview(stats: &Stats) -> Overview {
    let mut queries: Vec<Function> = stats.queries.iter().map(function).collect();
    let functions = queries.len();
    queries.sort_by(|one, other| other.cost.total_cmp(&one.cost));
    // What takes the memory may cost nothing.
    if queries.len() > FUNCTIONS {
        queries[FUNCTIONS / 2..].sort_by_key(|query| std::cmp::Reverse(query.bytes));
        queries.truncate(FUNCTIONS);
    }
    Overview {
        nodes: stats.nodes,
        inputs: stats.inputs,
        edges: stats.edges,
        bytes: stats.bytes,
        hits: stats.hits,
        validations: stats.validations,
        executions: stats.executions,
        cut_offs: stats.cut_offs,
        evictions: stats.evictions,
        functions,
        queries,
    }
}

fn function((name, figures): (&String, &QueryStats)) -> Function {
    let mean = millis(figures.mean_cost);
    Function {
        name: cut(name, SHORT),
        nodes: figures.nodes,
        bytes: figures.bytes,
        executions: figures.executions,
        validations: figures.validations,
        cut_offs: figures.cut_offs,
        evictions: figures.evictions,
        mean,
        cost: mean * figures.executions as f64,
    }
}
