//! The text of a query's arguments, for events and errors.
//!
//! No bound is asked for: an argument is written by its `Debug` where the signature of the query proves that it has one,
//! else as `..`. The choice is made by method lookup: `ByDebug` takes `&Probe` as it is, `ByDots` only after one more
//! reference, so the first is found first. The name of the method is one that no trait of the user's can have.

use std::fmt::{self, Debug, Formatter};

/// One argument.
pub struct Probe<'a, T>(pub &'a T);

/// Found for arguments that are `Debug`.
pub trait ByDebug {
    /// What to write.
    fn __salvia_view(&self) -> &dyn Debug;
}

impl<T: Debug> ByDebug for Probe<'_, T> {
    fn __salvia_view(&self) -> &dyn Debug {
        self.0
    }
}

/// Found for all others.
pub trait ByDots {
    /// What to write.
    fn __salvia_view(&self) -> &dyn Debug;
}

impl<T> ByDots for &Probe<'_, T> {
    fn __salvia_view(&self) -> &dyn Debug {
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

#[cfg(test)]
#[expect(
    clippy::needless_borrow,
    reason = "written as the macro writes it, which cannot know which of the two applies"
)]
mod tests {
    use super::{ByDebug as _, ByDots as _, Probe, text};
    use std::fmt::{self, Debug, Formatter};

    struct Written<F>(F);

    impl<F: Fn(&mut Formatter<'_>) -> fmt::Result> fmt::Display for Written<F> {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            (self.0)(f)
        }
    }

    struct Silent;

    fn of_any<T>(value: &T) -> String {
        Written(|f: &mut Formatter<'_>| text(f, &[(&Probe(value)).__salvia_view()])).to_string()
    }

    fn of_debug<T: Debug>(value: &T) -> String {
        Written(|f: &mut Formatter<'_>| text(f, &[(&Probe(value)).__salvia_view()])).to_string()
    }

    #[test]
    fn arguments_are_written_where_they_are_known_to_be_debug() {
        let (number, silent, word) = (3, Silent, "Red");
        let all = Written(|f: &mut Formatter<'_>| {
            text(
                f,
                &[
                    (&Probe(&number)).__salvia_view(),
                    (&Probe(&silent)).__salvia_view(),
                    (&Probe(&word)).__salvia_view(),
                ],
            )
        });
        assert_eq!(all.to_string(), "3, .., \"Red\"");
        assert_eq!(of_debug(&3), "3");
        assert_eq!(of_any(&3), "..", "the signature does not prove it");
        assert_eq!(
            Written(|f: &mut Formatter<'_>| text(f, &[])).to_string(),
            ""
        );
    }
}
