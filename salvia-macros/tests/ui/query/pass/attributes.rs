#![deny(warnings, missing_docs)]
//! Attributes stay where they were.

use salvia::{QueryContext, query};

/// Documented.
#[query]
#[doc(alias = "other")]
#[inline]
#[must_use]
pub async fn documented(_cx: &QueryContext) -> u8 {
    1
}

/// Only one of these is there.
#[query]
#[cfg(any())]
pub async fn variant(_cx: &QueryContext) -> Missing {
    missing
}

/// Only one of these is there.
#[query]
#[cfg(all())]
pub async fn variant(_cx: &QueryContext) -> u8 {
    2
}

/// Deprecated, and calls itself.
#[query]
#[deprecated]
pub async fn old(n: u8, cx: &QueryContext) -> u8 {
    if n == 0 { 0 } else { old(n - 1, cx).await }
}

/// A host.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Host;

impl Host {
    /// Only one of these is there.
    #[query]
    #[cfg(any())]
    pub async fn variant(self, _cx: &QueryContext) -> Missing {
        missing
    }

    /// Only one of these is there.
    #[query]
    #[cfg_attr(all(), cfg(all()))]
    pub async fn variant(self, _cx: &QueryContext) -> u8 {
        2
    }

    /// Expects its body not to use something.
    #[query]
    #[expect(unused_variables)]
    pub async fn expecting(self, unused: u8, _cx: &QueryContext) -> u8 {
        2
    }

    /// Deprecated, and calls itself.
    #[query]
    #[deprecated]
    pub async fn old(self, n: u8, cx: &QueryContext) -> u8 {
        if n == 0 { 0 } else { self.old(n - 1, cx).await }
    }
}

mod inner {
    use super::*;

    #[query]
    pub(super) async fn visible(_cx: &QueryContext) -> u8 {
        #![allow(unused_variables)]
        let unused = 1;
        2
    }
}

/// Sees the other.
#[query]
pub async fn outer(cx: &QueryContext) -> u8 {
    inner::visible(cx).await
}

fn main() {}
