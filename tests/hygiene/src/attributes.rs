//! Attributes on queries.

use ::engine::QueryContext;

/// A host of queries.
#[derive(::core::clone::Clone, ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash)]
pub struct Subject;

impl Subject {
    /// One of two.
    #[::engine::query(crate = engine)]
    #[cfg(debug_assertions)]
    pub async fn variant(self, _cx: &QueryContext) -> &'static str {
        "debug"
    }

    /// The other.
    #[::engine::query(crate = engine)]
    #[cfg_attr(all(), cfg(not(debug_assertions)), inline)]
    pub async fn variant(self, _cx: &QueryContext) -> &'static str {
        "release"
    }

    /// Expects something of its body.
    #[::engine::query(crate = engine)]
    #[expect(unused_variables, reason = "asserted")]
    pub async fn expecting(self, unused: u8, _cx: &QueryContext) -> u8 {
        3
    }

    /// Allows something in its body.
    #[::engine::query(crate = engine)]
    #[allow(clippy::erasing_op, clippy::identity_op, reason = "asserted")]
    #[inline]
    pub async fn allowing(self, unused: u8, _cx: &QueryContext) -> u8 {
        4 + 0 * unused
    }

    /// Calls itself in spite of being deprecated.
    #[::engine::query(crate = engine)]
    #[deprecated(note = "asserted")]
    pub async fn deprecated(self, n: u8, cx: &QueryContext) -> u8 {
        if n == 0 {
            0
        } else {
            self.deprecated(n - 1, cx).await
        }
    }
}

/// One of two.
#[::engine::query(crate = engine)]
#[cfg(debug_assertions)]
pub async fn variant(_cx: &QueryContext) -> &'static str {
    "debug"
}

/// The other.
#[::engine::query(crate = engine)]
#[cfg(not(debug_assertions))]
pub async fn variant(_cx: &QueryContext) -> &'static str {
    "release"
}

/// Expects something of its body.
#[::engine::query(crate = engine)]
#[expect(unused_variables, reason = "asserted")]
#[must_use]
pub async fn expecting(unused: u8, _cx: &QueryContext) -> u8 {
    5
}

/// Calls itself in spite of being deprecated.
#[::engine::query(crate = engine)]
#[deprecated(note = "asserted")]
pub async fn deprecated(n: u8, cx: &QueryContext) -> u8 {
    if n == 0 {
        0
    } else {
        deprecated(n - 1, cx).await
    }
}

/// Seen in the crate.
#[::engine::query(crate = engine)]
pub(crate) async fn visible(_cx: &QueryContext) -> u8 {
    6
}

/// Uses the one above.
#[::engine::query(crate = engine)]
pub async fn sees(cx: &QueryContext) -> u8 {
    visible(cx).await
}
