//! Access to inputs through a trait, for libraries that cannot rely on inherent methods.

use crate::runtime::access::{Input, get, set};
use crate::runtime::{InputContext, QueryContext};
use crate::value::Stashable;

/// Reads and sets inputs through a trait.
///
/// Implemented for every [`Input`]. It shares its name with the derive macro of the inherent
/// methods, which take precedence where both are there. Feature `async-trait`.
///
/// ```
/// use salvia::{Input, InputAccess, QueryContext};
///
/// /// Works for any host, also of another crate.
/// async fn is_long<H: Input<String>>(host: H, cx: &QueryContext) -> bool {
///     host.get(cx).await.len() > 80
/// }
/// ```
#[async_trait::async_trait]
pub trait InputAccess<V: Stashable>: Input<V> {
    /// Sets the value, as part of a mutation.
    ///
    /// # Cancel safety
    ///
    /// Ready at its first poll.
    async fn set(self, value: V, cx: &InputContext) {
        set(self, value, None, cx).await;
    }

    /// Reads the value.
    ///
    /// # Cancel safety
    ///
    /// Ready at its first poll.
    async fn get(self, cx: &QueryContext) -> V {
        get(self, None, cx).await
    }
}

impl<H: Input<V>, V: Stashable> InputAccess<V> for H {}
