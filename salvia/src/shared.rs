//! Shared values: what a query with the option `shared` gives.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use crate::sync::Thin;

/// A handle of a value that the engine keeps, for queries with the option `shared`.
///
/// It derefs to the value. A clone is a handle of the same value; nothing else is copied. The value
/// lives as long as any handle does, also when the engine has moved on to another one.
///
/// ```
/// use salvia::{query, QueryContext, Runtime, Shared};
///
/// // Not `Clone`, and big.
/// #[derive(PartialEq, Eq)]
/// struct Index(Vec<u64>);
///
/// #[query(shared)]
/// async fn index(cx: &QueryContext) -> Index {
///     Index((0..1_000).collect())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let rt = Runtime::new().await;
/// let index: Shared<Index> = rt.query(async |cx| index(&cx).await).await;
/// assert_eq!(index.0[7], 7);
/// # }
/// ```
pub struct Shared<V>(Thin<V>);

impl<V> Shared<V> {
    pub(crate) fn new(value: Thin<V>) -> Self {
        Shared(value)
    }

    /// Whether two handles are of the same value, not only of equal ones.
    pub fn ptr_eq(one: &Self, other: &Self) -> bool {
        Thin::ptr_eq(&one.0, &other.0)
    }
}

impl<V> Clone for Shared<V> {
    fn clone(&self) -> Self {
        Shared(self.0.clone())
    }
}

impl<V> Deref for Shared<V> {
    type Target = V;

    fn deref(&self) -> &V {
        &self.0
    }
}

impl<V> AsRef<V> for Shared<V> {
    fn as_ref(&self) -> &V {
        &self.0
    }
}

impl<V> Borrow<V> for Shared<V> {
    fn borrow(&self) -> &V {
        &self.0
    }
}

impl<V: PartialEq> PartialEq for Shared<V> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<V: Eq> Eq for Shared<V> {}

impl<V: PartialOrd> PartialOrd for Shared<V> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        (**self).partial_cmp(&**other)
    }
}

impl<V: Ord> Ord for Shared<V> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (**self).cmp(&**other)
    }
}

impl<V: Hash> Hash for Shared<V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<V: fmt::Debug> fmt::Debug for Shared<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<V: fmt::Display> fmt::Display for Shared<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
