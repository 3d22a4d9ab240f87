//! The macros of `salvia`; use them through that crate.
