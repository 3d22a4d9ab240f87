//! Where the addresses of a type's methods are, and how the one that is asked for is found.
//!
//! No method needs no address, one is kept in the reference itself, and for more the reference points to a table that
//! has nothing but them. Which of the three it is depends on the trait alone, so it is a type: [`Methods`].

use core::ptr::NonNull;

use crate::kinds::DynTrait;

/// The address of a method, for whichever type it was compiled.
#[derive(Debug, Clone, Copy)]
#[repr(transparent)]
pub struct Code(*const ());

impl Code {
    /// Takes the address of a function.
    pub const fn new(function: *const ()) -> Self {
        Self(function)
    }

    /// The address as a pointer to a function.
    ///
    /// # Safety
    ///
    /// `F` is a type of function pointers, and a function of that type, up to lifetimes and to parameters and values whose
    /// types are ABI-compatible, has this address.
    pub(crate) unsafe fn typed<F: Copy>(self) -> F {
        const { assert!(size_of::<F>() == size_of::<Self>(), "not a pointer") };
        // SAFETY: by the contract `F` is a function pointer, and this address is that of a function that may be called by
        // it. A pointer to data that came from a function pointer may be transmuted back to one where both have one size,
        // which was just asserted, and the address of a function is never null.
        unsafe { core::mem::transmute_copy(&self) }
    }
}

/// Where the addresses are, for a trait with no (0), one (1), or more methods (2).
#[derive(Debug)]
pub struct Methods<const FORM: usize>;

/// The number that [`Methods`] has for so many methods.
pub const fn form(methods: usize) -> usize {
    if methods < 2 { methods } else { 2 }
}

/// How addresses are kept in a thin reference.
pub trait Shape: sealed::Sealed {
    /// What stands beside the data pointer.
    type Handle: Copy;

    /// The address of the method at `index`.
    ///
    /// # Safety
    ///
    /// The handle is that of a type with more than `index` methods.
    unsafe fn code(handle: Self::Handle, index: usize) -> Code;
}

/// The addresses of the methods of `C`, in the order of the trait.
pub trait Entries<C>: DynTrait {
    /// As many as the trait has methods.
    const ENTRIES: &'static [Code];
}

/// Makes the handle for `C` as a `P`.
pub trait Pick<P: ?Sized, C>: Shape {
    /// The handle.
    const HANDLE: Self::Handle;
}

impl Shape for Methods<0> {
    type Handle = ();

    unsafe fn code((): (), _index: usize) -> Code {
        unreachable!("there is no method to be called")
    }
}

impl<P: ?Sized + Entries<C>, C> Pick<P, C> for Methods<0> {
    const HANDLE: () = assert!(entries::<P, C>().is_empty());
}

impl Shape for Methods<1> {
    type Handle = Code;

    #[inline]
    unsafe fn code(only: Code, _index: usize) -> Code {
        only
    }
}

impl<P: ?Sized + Entries<C>, C> Pick<P, C> for Methods<1> {
    const HANDLE: Code = entries::<P, C>()[0];
}

impl Shape for Methods<2> {
    type Handle = NonNull<Code>;

    #[inline]
    unsafe fn code(table: NonNull<Code>, index: usize) -> Code {
        // SAFETY: handles are made by `Pick` only, from the pointer to a whole slice in static memory. It has an entry at
        // `index`, because the caller says that there are more methods than that.
        let entry = unsafe { table.add(index) };
        // SAFETY: for the same reason the entry can be read; it is never written.
        unsafe { entry.read() }
    }
}

impl<P: ?Sized + Entries<C>, C> Pick<P, C> for Methods<2> {
    const HANDLE: NonNull<Code> = NonNull::from_ref(entries::<P, C>()).cast();
}

/// The entries, after they were counted: `Shape::code` relies on their number.
const fn entries<P: ?Sized + Entries<C>, C>() -> &'static [Code] {
    assert!(P::ENTRIES.len() == P::METHODS, "an entry for each method");
    P::ENTRIES
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Methods<0> {}
    impl Sealed for super::Methods<1> {}
    impl Sealed for super::Methods<2> {}
}

const _: () = {
    const WORD: usize = size_of::<usize>();
    assert!(size_of::<Code>() == WORD && size_of::<fn()>() == WORD);
    assert!(size_of::<<Methods<0> as Shape>::Handle>() == 0);
    assert!(size_of::<<Methods<1> as Shape>::Handle>() == WORD);
    assert!(size_of::<<Methods<2> as Shape>::Handle>() == WORD);
    assert!(form(0) == 0 && form(1) == 1 && form(2) == 2 && form(9) == 2);
};
