//! Thin trait objects: `&dyn Trait` without size, alignment and drop glue in the table behind it.
//!
#![doc = include_str!("../README.md")]
#![no_std]

mod auto;
mod kinds;
#[doc(hidden)]
pub mod macro_support;
mod object;
mod refs;
mod table;

pub use kinds::{DynTrait, RemoveSend, RemoveSync, Upcast};
pub use object::Object;
pub use refs::{Ref, RefMut};
pub use salvia_macros::thin_dyn;
