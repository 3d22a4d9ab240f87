//! Places in the source, where calls stand.

use std::fmt;
use std::panic::Location;

/// The place of a call.
///
/// One place may have several addresses, since each codegen unit has its own copy, so the address is but the fast way.
#[derive(Clone, Copy)]
pub(crate) struct Site(pub(crate) &'static Location<'static>);

impl Site {
    /// Where the function that calls this one was called.
    #[track_caller]
    #[inline]
    pub(crate) fn caller() -> Self {
        Site(Location::caller())
    }

    /// Whether this is the same copy of a place. If not, the places may be equal all the same.
    #[inline]
    pub(crate) fn is(self, other: Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }

    /// A number that equal places have in common. Without the bytes of the file's name, which would cost more than all else.
    #[inline]
    pub(crate) fn number(self) -> u64 {
        (u64::from(self.0.line()) << 32) ^ u64::from(self.0.column())
    }
}

impl PartialEq for Site {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.is(*other) || (self.number() == other.number() && self.0.file() == other.0.file())
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy_of(site: Site) -> Site {
        Site(Box::leak(Box::new(*site.0)))
    }

    #[test]
    fn a_place_that_was_compiled_twice_is_one_place() {
        let site = Site::caller();
        let copy = copy_of(site);
        assert!(!std::ptr::eq(site.0, copy.0));
        assert!(site == copy && site.number() == copy.number());
    }

    #[test]
    fn two_columns_are_two_places() {
        let sites = [Site::caller(), Site::caller()];
        assert!(sites[0] != sites[1]);
        assert!(copy_of(sites[0]) != copy_of(sites[1]));
    }
}
