//! `#[derive(Projection)]`.
//!
//! The stages are those of `#[query]`: `parse` reads the item and the helper attribute, `model` sorts its fields into what
//! is to be kept of them, `check` holds the rules, `emit` writes the code. `kept` says what the snapshot of a field is
//! made of, and takes apart the fields in which a type holds itself; `asked` is what the search for exact bounds has to
//! know; `lifetimes` is what can be seen of borrows.
//!
//! One hidden type, with a type parameter for each part that is kept, is both the snapshot and the key. The parameters of
//! the implementations that stand for its arguments are found by the compiler, from `where Field: ToStatic<Static = S>`.
//! So no type of the user, which may be private, and none of his lifetimes is part of the snapshot's type.

mod asked;
mod check;
mod emit;
mod expand;
mod kept;
mod lifetimes;
mod model;
mod parse;

pub(crate) use expand::expand;
