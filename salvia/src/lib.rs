//! Incremental computing for async Rust.

mod error;
#[doc(hidden)]
pub mod macro_support;
mod revision;
mod sync;
mod value;

pub(crate) mod node;
pub mod runtime;

pub use error::{QueryError, QueryErrorKind};
pub use revision::Revision;
pub use runtime::access::Input;
pub use runtime::call::{Catch, Query};
pub use runtime::{Builder, InputContext, QueryContext, ReadContext, Runtime, Snapshot};
pub use value::Stashable;
