//! Values that own themselves and are compared as they are: their snapshot, key and view are clones.

use std::cmp::Ordering;
use std::ffi::{CString, OsString};
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::NonZero;
use std::path::PathBuf;
use std::thread::ThreadId;
use std::time::{Duration, Instant, SystemTime};

use super::{Param, ToStatic};

macro_rules! owned {
    ($($ty:ty),* $(,)?) => {$(
        impl ToStatic for $ty {
            type Static = $ty;

            #[inline]
            fn to_static(&self) -> $ty {
                self.clone()
            }

            #[inline]
            fn eq_static(&self, kept: &$ty) -> bool {
                self == kept
            }
        }

        impl Param for $ty {
            type Key = $ty;
            type View<'k> = $ty;

            #[inline]
            fn hash_view<H: ::std::hash::Hasher>(&self, state: &mut H) {
                ::std::hash::Hash::hash(self, state);
            }

            #[inline]
            fn matches(&self, key: &$ty) -> bool {
                self == key
            }

            fn to_key(&self) -> $ty {
                self.clone()
            }

            fn view(key: &$ty) -> $ty {
                key.clone()
            }
        }
    )*};
}

pub(super) use owned;

owned! {
    u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, bool, char,
    NonZero<u8>, NonZero<u16>, NonZero<u32>, NonZero<u64>, NonZero<u128>, NonZero<usize>,
    NonZero<i8>, NonZero<i16>, NonZero<i32>, NonZero<i64>, NonZero<i128>, NonZero<isize>,
    String, PathBuf, OsString, CString,
    Duration, Instant, SystemTime,
    IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6,
    Ordering, ThreadId, crate::revision::Revision,
}

impl<T: ?Sized> ToStatic for PhantomData<T> {
    type Static = ();

    fn to_static(&self) {}

    fn eq_static(&self, (): &()) -> bool {
        true
    }
}
