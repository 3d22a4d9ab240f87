//! Incremental computing for async Rust.

#[doc(hidden)]
pub mod assert;
#[doc(hidden)]
pub mod describe;
#[doc(hidden)]
pub mod macro_support;
pub mod stub;

pub use salvia_macros::{InputAccess, query};
pub use stub::{
    Input, InputContext, Query, QueryContext, QueryError, ReadContext, Revision, Runtime, Snapshot,
    Stashable,
};
