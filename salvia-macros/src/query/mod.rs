//! `#[query]`.
//!
//! The stages, in their order:
//!
//! 1. `function::parse` knows the syntax of a function and nothing else;
//! 2. `model` sorts what was written into facts about a query, right or wrong, with the tokens they came from;
//! 3. `check` holds every rule; it collects all errors, or hands out the facts in a form that cannot be wrong;
//! 4. `emit` writes the code, or after an error a stub that keeps callers compiling.
//!
//! `expand` runs them. `options` is what the attribute itself says; `lifetimes` is the one rule too long for `check`;
//! `arguments` says in which types the code needs each of them; `carry` says which attributes go where.

mod arguments;
mod carry;
mod check;
mod emit;
mod expand;
pub(crate) mod lifetimes;
mod model;
mod options;
mod settings;
mod stub;

pub(crate) use expand::expand;

use crate::function::What;

const QUERY: What = What {
    noun: "query",
    place: "`#[query]` goes on an `async fn`",
    body_of: "query",
};
