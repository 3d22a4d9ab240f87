//! `#[memo]`.
//!
//! The stages are those of `#[query]`: `parse` reads the function, `model` sorts its parts, `check` holds the rules, `emit`
//! writes the code. `options` is what the attribute says. `types` is what has to be known of types: which lifetimes they
//! hold, and whether one of their names could be that of a parameter.

mod check;
mod emit;
mod expand;
mod model;
mod options;
mod parse;
mod types;

pub(crate) use expand::expand;
