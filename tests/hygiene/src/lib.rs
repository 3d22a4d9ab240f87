//! Queries, inputs, memos and projections in a crate that takes away every name generated code could rely on.
//!
//! Nothing is in scope by itself, the dependency is renamed, and the usual names of types, traits, macros and crates mean
//! something else. All warnings are errors, those of `clippy::pedantic` among them, and `unsafe` is forbidden: what
//! generated code does is put to the user's account. That the crate compiles is most of the test; `tests/run.rs` calls
//! what is here.

#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(warnings, clippy::all, clippy::pedantic)]
#![deny(
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    single_use_lifetimes,
    unused_lifetimes
)]
#![deny(
    elided_lifetimes_in_paths,
    trivial_casts,
    trivial_numeric_casts,
    let_underscore_drop,
    unit_bindings
)]

mod decoys;

pub mod attributes;
pub mod derives;
pub mod facade;
pub mod free;
pub mod hosts;
pub mod memos;
pub mod methods;
pub mod nested;
pub mod options;
pub mod thin;
