//! Values and what they have to be.
//!
//! The core works on erased values; the typed faces (queries, inputs) are the only places
//! that know the type again, and they put in what they take out.

use std::any::Any;
use std::fmt;

use crate::sync::Arc;

/// `Clone + Eq + Send + Sync + 'static`: what every value that flows in or out has to be.
///
/// Implemented for every type that qualifies; use it as a bound in generic code.
///
/// ```
/// fn keep<T: salvia::Stashable>(value: T) -> T { value }
/// assert_eq!(keep(7), 7);
/// ```
#[diagnostic::on_unimplemented(
    message = "salvia: `{Self}` cannot be kept by the engine",
    note = "a value needs `Clone + Eq + Send + Sync + 'static`; derive `Clone`, `PartialEq` and `Eq`, and own what it holds"
)]
pub trait Stashable: Clone + Eq + Send + Sync + 'static {}

// The error names `Stashable`, once, instead of each trait that is missing.
#[diagnostic::do_not_recommend]
impl<T: Clone + Eq + Send + Sync + 'static> Stashable for T {}

/// Anything that can be stored, without its type.
pub(crate) type Erased = dyn Any + Send + Sync;

/// A shared value without its type.
#[derive(Clone)]
pub struct Value(Arc<Erased>);

impl Value {
    pub(crate) fn new<V: Send + Sync + 'static>(value: V) -> Self {
        Value(Arc::new(value))
    }

    /// The value. Its type is fixed by the node it belongs to.
    pub(crate) fn get<V: 'static>(&self) -> &V {
        self.0
            .downcast_ref()
            .expect("a node's values have the type its query or input declares")
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(..)")
    }
}
