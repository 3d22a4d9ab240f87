//! Shared pointers of a few bytes.
//!
#![doc = include_str!("../README.md")]

mod any;
mod arc;
mod boxed;
mod cell;
mod count;
mod counted;
mod member;
mod number;
mod sync;
mod veil;

pub use any::{Thin, ThinAny, ThinOf};
pub use arc::{ArcOf, VeiledArc, VeiledWeak, WeakOf};
pub use boxed::{BoxOf, VeiledBox};
pub use cell::MarkedCell;
pub use counted::{Counted, CountedOf};
pub use member::{Common, CommonOf, Member, MemberOf};
pub use number::{Kept, NumberOr};
pub use veil::{Veil, Veiled};
