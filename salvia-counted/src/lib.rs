//! Shared pointers of a few bytes.
//!
#![doc = include_str!("../README.md")]

mod any;
mod cell;
mod count;
mod counted;
mod member;
mod number;
mod sync;

pub use any::{Thin, ThinAny};
pub use cell::MarkedCell;
pub use counted::Counted;
pub use member::{Common, Member};
pub use number::{Kept, NumberOr};
