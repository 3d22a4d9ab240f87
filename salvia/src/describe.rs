//! The text of a query's arguments, for events and errors.
//!
//! No bound is asked for: an argument is written by its `Debug` where the signature of the query proves that it has one,
//! else as `..`. The choice is made by method lookup: `ByDebug` takes `&Probe` as it is, `ByDots` only after one more
//! reference, so the first is found first.

use std::fmt::{self, Debug, Formatter};

/// One argument.
pub struct Probe<'a, T>(pub &'a T);

/// Found for arguments that are `Debug`.
pub trait ByDebug {
    /// What to write.
    fn view(&self) -> &dyn Debug;
}

impl<T: Debug> ByDebug for Probe<'_, T> {
    fn view(&self) -> &dyn Debug {
        self.0
    }
}

/// Found for all others.
pub trait ByDots {
    /// What to write.
    fn view(&self) -> &dyn Debug;
}

impl<T> ByDots for &Probe<'_, T> {
    fn view(&self) -> &dyn Debug {
        &Dots
    }
}

struct Dots;

impl Debug for Dots {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

/// Writes the arguments as in a call, without the parentheses.
pub fn text(f: &mut Formatter<'_>, arguments: &[&dyn Debug]) -> fmt::Result {
    for (index, argument) in arguments.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        argument.fmt(f)?;
    }
    Ok(())
}
