//! The name of a type, for pointers that do not show what they point to.
//!
//! A compiler describes the type of each variable to the debugger, with all that its fields and pointers lead to, in every part
//! of a program where there is such a variable. A library whose handles lead to all of its state makes that long: the program
//! of its user would hold the description a hundred times. A pointer that is generic over a [`Veil`] has it end there, since a
//! `dyn` type is described by its name.

/// Who knows a type. `dyn Veil<Of = T>` does, and is described by its name.
///
/// The name has the lifetimes of the type, so a pointer by that name does not outlive what its value borrows:
///
/// ```
/// let text = String::from("there");
/// let kept = salvia_counted::Counted::new(&*text);
/// assert_eq!(*kept, "there");
/// ```
///
/// ```compile_fail,E0597
/// let kept;
/// {
///     let text = String::from("gone");
///     kept = salvia_counted::Counted::new(&*text);
/// }
/// drop(kept);
/// ```
///
/// Nothing else does: who has a pointer by a name relies on that the name tells the type of what it was made with.
pub trait Veil: sealed::Sealed {
    /// The type.
    type Of;
}

mod sealed {
    /// Of names, which have it as a part of what they are, and of nothing else, since nobody else can name it.
    pub trait Sealed {}
}

/// The name of `T`.
pub type Veiled<T> = dyn Veil<Of = T>;
