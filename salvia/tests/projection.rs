//! Snapshots and keys of arguments: what is the same, what differs, and what a comparison costs.
//!
//! `projection/` has a module for each theme: what the standard library brings, what the derive makes of types of users,
//! and how a table would use the keys.

#[path = "projection/derived.rs"]
mod derived;
#[path = "projection/generic.rs"]
mod generic;
#[path = "projection/items.rs"]
mod items;
#[path = "projection/keys.rs"]
mod keys;
#[path = "projection/kinds.rs"]
mod kinds;
#[path = "projection/pointers.rs"]
mod pointers;

use salvia::ToStatic;

/// Whether the snapshot of one value answers for another.
fn same<T: ToStatic + ?Sized, U: ToStatic<Static = T::Static> + ?Sized>(
    one: &T,
    other: &U,
) -> bool {
    other.eq_static(&one.to_static())
}

/// A value is the same as itself, and differs from the other, in both directions.
#[track_caller]
fn tells_apart<T: ToStatic + ?Sized>(one: &T, other: &T) {
    assert!(
        same(one, one) && same(other, other),
        "not the same as itself"
    );
    assert!(
        !same(one, other) && !same(other, one),
        "the same as another"
    );
}
