//! Incremental computing for async Rust.

pub mod macro_support;
pub mod stub;

pub use stub::{Input, InputContext, Query, QueryContext, QueryError, ReadContext, Revision, Runtime, Snapshot, Stashable};
