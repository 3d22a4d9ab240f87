//! `#[perfect_derive(..)]` and `#[bounded_derive(..)]`: the derives of the standard library, with exact bounds.
//!
//! An attribute sees the fields that `#[cfg]` is going to take away, a derive does not. So the work is done in two steps:
//!
//! 1. `attach` is the attribute. It reads which traits are wanted (`request`) and puts a hidden derive on the item, with a
//!    helper attribute for it (`marker`). A type without parameters has no bounds to find: it gets the derives of the
//!    standard library.
//! 2. `expand` is the hidden derive, in the stages of all macros: `parse` reads the marks, `model` sorts everything into
//!    facts, `check` holds the rules, `emit` writes the implementations. The bounds come from `bounds`.
//!
//! What is written does what the derives of the standard library do, to the byte of a hash and the letter of a text.

mod attach;
mod check;
mod emit;
mod expand;
mod marker;
mod model;
mod parse;
mod request;
#[cfg(test)]
mod tests;

pub(crate) use attach::attach;
pub(crate) use expand::expand;
pub(crate) use marker::Way;
