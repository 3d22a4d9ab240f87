//! What generated code calls. Not public API: anything here may change in any release.

pub use super::instances::{Erased, Instances};
pub use super::local::{lru, lru_instance, single, single_instance};
pub use super::slots::{Lru, Single};
pub use super::store::{Common, Store, shared};
pub use std::thread_local;
