//! `bytes::Bytes`: the same bytes of the same buffer are not read.

use std::hash::{Hash, Hasher};

use ::bytes::Bytes;

use super::{Param, ToStatic};

/// The same if they begin at the same place and are equally long, or hold the same.
pub(super) fn same(one: &Bytes, other: &Bytes) -> bool {
    one.len() == other.len() && (one.as_ptr() == other.as_ptr() || one == other)
}

impl ToStatic for Bytes {
    type Static = Bytes;

    fn to_static(&self) -> Bytes {
        self.clone()
    }

    #[inline]
    fn eq_static(&self, kept: &Bytes) -> bool {
        same(self, kept)
    }
}

impl Param for Bytes {
    type Key = Bytes;
    type View<'k> = Bytes;

    #[inline]
    fn hash_view<H: Hasher>(&self, state: &mut H) {
        self.hash(state);
    }

    #[inline]
    fn matches(&self, key: &Bytes) -> bool {
        same(self, key)
    }

    fn to_key(&self) -> Bytes {
        self.clone()
    }

    fn view(key: &Bytes) -> Bytes {
        key.clone()
    }
}
