//! Queries with receivers, and in generic implementations.

#[allow(
    unused_imports,
    clippy::wildcard_imports,
    reason = "generated code must not use them"
)]
use crate::decoys::*;

use ::engine::QueryContext;

/// Holds one value.
#[derive(::core::clone::Clone, ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash)]
pub struct Holder<T>(pub T);

impl<T: ::engine::Stashable + ::core::hash::Hash> Holder<T> {
    /// Has no receiver.
    #[::engine::query(crate = engine)]
    pub async fn associated(value: T, _cx: &QueryContext) -> T {
        value
    }

    /// Takes itself.
    #[::engine::query(crate = engine)]
    pub async fn into_value(self, _cx: &QueryContext) -> T {
        self.0
    }

    /// Changes itself.
    #[::engine::query(crate = engine)]
    pub async fn replaced(mut self, value: T, _cx: &QueryContext) -> T {
        self.0 = value;
        self.0
    }

    /// Takes its box.
    #[::engine::query(crate = engine)]
    pub async fn unboxed(self: ::std::boxed::Box<Self>, times: u8, cx: &QueryContext) -> T {
        if times == 0 {
            self.0
        } else {
            self.unboxed(times - 1, cx).await
        }
    }

    /// Changes its box.
    #[::engine::query(crate = engine)]
    pub async fn replaced_in_box(
        mut self: ::std::boxed::Box<Self>,
        value: T,
        _cx: &QueryContext,
    ) -> T {
        self.0 = value;
        self.0
    }

    /// Takes a reference.
    #[::engine::query(crate = engine)]
    pub async fn copied(&'static self, cx: &QueryContext) -> T {
        Self::associated(self.0.clone(), cx).await
    }

    /// Has no value.
    #[::engine::query(crate = engine)]
    pub async fn nothing(self, cx: &QueryContext) {
        self.into_value(cx).await;
    }

    /// Has parameters of its own that do not follow from the arguments.
    #[::engine::query(crate = engine)]
    pub async fn converted<U: ::core::convert::From<T> + ::engine::Stashable>(
        self,
        _cx: &QueryContext,
    ) -> U {
        U::from(self.0)
    }
}
