//! The engine behind other paths.

use ::engine::QueryContext;

/// What a crate that re-exports the engine looks like.
pub mod inner {
    pub use ::engine as renamed;
}

/// By a path of this crate.
#[::engine::query(crate = crate::facade::inner::renamed)]
pub async fn by_crate(_cx: &QueryContext) -> u8 {
    1
}

/// By a path of this module.
#[::engine::query(crate = self::inner::renamed)]
pub async fn by_self(_cx: &QueryContext) -> u8 {
    2
}

/// A host by a path of this crate.
#[derive(
    ::core::clone::Clone,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq,
    ::core::hash::Hash,
    ::engine::InputAccess,
)]
#[input_access(crate = crate::facade::inner::renamed)]
pub struct Host;

pub use ::slim;
