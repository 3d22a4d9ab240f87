//! `#[memo]`.
//!
//! The stages are those of `#[query]`: `parse` reads the function, `model` sorts its parts, `check` holds the rules, `emit`
//! writes the code, or `stub` what stands in after an error. `options` is what the attribute says.
//! `types` says whether a type is known.

mod check;
mod emit;
mod expand;
mod model;
mod options;
mod parse;
mod stub;
mod types;

pub(crate) use expand::expand;
