//! `#[derive(InputAccess)]`.
//!
//! The stages are those of `#[query]`: `parse` reads the item and the helper attribute, `model` holds what matters of
//! them, `check` holds the rules, `emit` writes the code. The derive asks nothing of the type: what an input needs is
//! asked where `Input` is implemented, and by the methods.

mod check;
mod emit;
mod expand;
mod model;
mod parse;

pub(crate) use expand::expand;
