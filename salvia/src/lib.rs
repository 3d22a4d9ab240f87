//! Incremental computing for async Rust.

#[doc(hidden)]
pub mod assert;
#[doc(hidden)]
pub mod describe;
mod error;
#[doc(hidden)]
pub mod macro_support;
mod revision;
mod sync;
mod value;

pub mod node;
pub mod runtime;

pub use error::{QueryError, QueryErrorKind};
pub use revision::Revision;
pub use runtime::access::Input;
pub use runtime::call::{Catch, Query};
#[cfg(feature = "async-trait")]
pub use runtime::library::InputAccess;
pub use runtime::{Builder, InputContext, QueryContext, ReadContext, Runtime, Snapshot};
pub use salvia_macros::{InputAccess, query};
pub use value::Stashable;
