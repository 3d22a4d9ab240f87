//! References, and what is only met behind one: texts, slices, paths. Boxes and `Cow`, which are as what they hold.

use std::borrow::Cow;
use std::ffi::{CStr, CString, OsStr, OsString};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use super::{Key, Param, ToStatic};

impl<T: ToStatic + ?Sized> ToStatic for &T {
    type Static = T::Static;

    #[inline]
    fn to_static(&self) -> T::Static {
        T::to_static(self)
    }

    #[inline]
    fn eq_static(&self, kept: &T::Static) -> bool {
        T::eq_static(self, kept)
    }
}

impl<T: ToStatic + ?Sized> ToStatic for Box<T> {
    type Static = Box<T::Static>;

    fn to_static(&self) -> Box<T::Static> {
        Box::new(T::to_static(self))
    }

    #[inline]
    fn eq_static(&self, kept: &Box<T::Static>) -> bool {
        T::eq_static(self, kept)
    }
}

impl<T: ToStatic + ToOwned + ?Sized> ToStatic for Cow<'_, T> {
    type Static = T::Static;

    fn to_static(&self) -> T::Static {
        T::to_static(self)
    }

    #[inline]
    fn eq_static(&self, kept: &T::Static) -> bool {
        T::eq_static(self, kept)
    }
}

impl<T: ToStatic> ToStatic for [T] {
    type Static = Vec<T::Static>;

    fn to_static(&self) -> Vec<T::Static> {
        self.iter().map(T::to_static).collect()
    }

    #[inline]
    fn eq_static(&self, kept: &Vec<T::Static>) -> bool {
        self.len() == kept.len() && self.iter().zip(kept).all(|(one, kept)| one.eq_static(kept))
    }
}

/// An owned value that can be looked at through a reference needs nothing of ours to be a key.
impl<T: Key> Param for &T {
    type Key = T;
    type View<'k> = &'k T;

    #[inline]
    fn hash_view<H: Hasher>(&self, state: &mut H) {
        T::hash(self, state);
    }

    #[inline]
    fn matches(&self, key: &T) -> bool {
        **self == *key
    }

    fn to_key(&self) -> T {
        T::clone(self)
    }

    fn view(key: &T) -> &T {
        key
    }
}

macro_rules! unsized_ones {
    ($([$($param:ident)?] $borrowed:ty => $owned:ty;)*) => {$(
        impl<$($param: Key)?> Param for &$borrowed {
            type Key = $owned;
            type View<'k> = &'k $borrowed;

            #[inline]
            fn hash_view<H: Hasher>(&self, state: &mut H) {
                <$borrowed>::hash(self, state);
            }

            #[inline]
            fn matches(&self, key: &$owned) -> bool {
                let key: &$borrowed = key;
                *self == key
            }

            fn to_key(&self) -> $owned {
                (*self).to_owned()
            }

            fn view(key: &$owned) -> &$borrowed {
                key
            }
        }
    )*};
}

unsized_ones! {
    [] str => String;
    [] Path => PathBuf;
    [] OsStr => OsString;
    [] CStr => CString;
    [T] [T] => Vec<T>;
}

macro_rules! texts {
    ($($borrowed:ty => $owned:ty;)*) => {$(
        impl ToStatic for $borrowed {
            type Static = $owned;

            fn to_static(&self) -> $owned {
                self.to_owned()
            }

            #[inline]
            fn eq_static(&self, kept: &$owned) -> bool {
                let kept: &$borrowed = kept;
                self == kept
            }
        }
    )*};
}

texts! {
    str => String;
    Path => PathBuf;
    OsStr => OsString;
    CStr => CString;
}

impl<P: Param> Param for Box<P> {
    type Key = Box<P::Key>;
    type View<'k> = Box<P::View<'k>>;

    #[inline]
    fn hash_view<H: Hasher>(&self, state: &mut H) {
        P::hash_view(self, state);
    }

    #[inline]
    fn matches(&self, key: &Box<P::Key>) -> bool {
        P::matches(self, key)
    }

    fn to_key(&self) -> Box<P::Key> {
        Box::new(P::to_key(self))
    }

    fn view(key: &Box<P::Key>) -> Box<P::View<'_>> {
        Box::new(P::view(key))
    }
}

macro_rules! boxed {
    ($([$($param:ident)?] $boxed:ty;)*) => {$(
        impl<$($param: Key)?> Param for $boxed {
            type Key = $boxed;
            type View<'k> = $boxed;

            #[inline]
            fn hash_view<H: Hasher>(&self, state: &mut H) {
                self.hash(state);
            }

            #[inline]
            fn matches(&self, key: &$boxed) -> bool {
                self == key
            }

            fn to_key(&self) -> $boxed {
                self.clone()
            }

            fn view(key: &$boxed) -> $boxed {
                key.clone()
            }
        }
    )*};
}

boxed! {
    [] Box<str>;
    [] Box<Path>;
    [T] Box<[T]>;
}

/// The view borrows, whatever the argument did.
impl<T> Param for Cow<'_, T>
where
    T: ToOwned<Owned: Clone + Eq + Hash + Send + Sync> + Eq + Hash + ?Sized + 'static,
{
    type Key = T::Owned;
    type View<'k> = Cow<'k, T>;

    #[inline]
    fn hash_view<H: Hasher>(&self, state: &mut H) {
        T::hash(self, state);
    }

    #[inline]
    fn matches(&self, key: &T::Owned) -> bool {
        **self == *std::borrow::Borrow::<T>::borrow(key)
    }

    fn to_key(&self) -> T::Owned {
        T::to_owned(self)
    }

    fn view(key: &T::Owned) -> Cow<'_, T> {
        Cow::Borrowed(std::borrow::Borrow::borrow(key))
    }
}
