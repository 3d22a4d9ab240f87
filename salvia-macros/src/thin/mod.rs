//! `#[thin_dyn]`.
//!
//! The stages are those of `#[query]`: `parse` reads the trait, `model` sorts its methods, `check` holds the rules, `emit`
//! writes the code. `home` says where `salvia-thin` is, `words` looks for names in tokens, `attributes` says which
//! attributes are copied.
//!
//! The trait itself is never changed. What is added are implementations and nothing with a name, so nothing can clash: a
//! trait may have any name and stand in a function. No `unsafe` is written; what that leans on is said in the module
//! `macro_support` of `salvia-thin`, and `emit` has to keep it.

mod attributes;
mod check;
mod emit;
mod expand;
mod home;
mod model;
mod parse;
#[cfg(test)]
mod tests;
pub(crate) mod words;

pub(crate) use expand::expand;
pub(crate) use home::Home;
