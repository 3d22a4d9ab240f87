//! Revisions: versions of all inputs.
//!
//! A commit that changes at least one value makes the next revision. Revision 0 is the world
//! in which every input has its initial value.

use std::fmt;

/// A version of all inputs of one runtime.
///
/// Revisions of one runtime are totally ordered; those of different runtimes have nothing to
/// do with each other.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let rt = salvia::Runtime::new().await;
/// assert_eq!(rt.revision(), rt.snapshot().revision());
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Revision(u64);

impl Revision {
    /// The world before the first commit.
    pub(crate) const FIRST: Revision = Revision(0);
    /// Later than any revision: the end of an interval that is open.
    pub(crate) const NEVER: Revision = Revision(u64::MAX);

    #[inline]
    pub(crate) const fn from_raw(raw: u64) -> Self {
        Revision(raw)
    }

    pub(crate) const fn raw(self) -> u64 {
        self.0
    }

    /// The revision after this one; `NEVER` is its own successor.
    pub(crate) const fn next(self) -> Self {
        Revision(self.0.saturating_add(1))
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}", self.0)
    }
}
