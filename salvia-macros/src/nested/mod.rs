//! `#[nested]`.
//!
//! The stages are those of `#[query]`: `function::parse` reads a function, `options` what the attribute says, `check` holds the rules,
//! `emit` writes the code. There is no model: what is written about a function is what the code is made of.
//!
//! A function that is not `async` only gets a guard at its beginning. Its body stays where it is, so that whatever can stand
//! in a function can stand there.

mod check;
mod emit;
mod expand;
mod options;
#[cfg(test)]
mod tests;

pub(crate) use expand::expand;

use crate::function::What;

const NESTED: What = What {
    noun: "nested function",
    place: "`#[nested]` goes on a function: for a part of one there is `salvia::scope::call`",
    body_of: "function",
};
