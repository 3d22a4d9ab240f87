//! Memos and projections.

#[allow(
    unused_imports,
    clippy::wildcard_imports,
    reason = "generated code must not use them"
)]
use crate::decoys::*;

/// A view.
#[derive(::engine::Projection)]
#[projection(crate = engine)]
pub struct View<'a, T> {
    /// Borrowed.
    pub text: &'a str,
    /// Of any type.
    pub value: T,
    /// For ever.
    pub name: &'static str,
    /// Nothing.
    pub mark: ::core::marker::PhantomData<T>,
}

/// Holds itself.
#[derive(::engine::Projection)]
#[projection(crate = engine)]
pub enum Tree<'a> {
    /// An end.
    Leaf,
    /// A name.
    Name(&'a str),
    /// Two of them.
    Fork {
        /// One.
        left: ::std::boxed::Box<Self>,
        /// The other.
        right: ::core::option::Option<::std::boxed::Box<Tree<'a>>>,
    },
    /// All of them.
    All(::std::vec::Vec<Tree<'a>>),
}

/// Holds nothing.
#[derive(::engine::Projection)]
#[projection(crate = crate::facade::inner::renamed)]
pub struct Nothing;

/// Is not there.
#[derive(::engine::Projection)]
#[projection(crate = engine)]
pub enum Never {}

struct Private(u32);

impl ::engine::ToStatic for Private {
    type Static = u32;

    fn to_static(&self) -> u32 {
        self.0
    }

    fn eq_static(&self, kept: &u32) -> bool {
        self.0 == *kept
    }
}

/// Holds what cannot be seen.
#[derive(::engine::Projection)]
#[projection(crate = engine)]
pub struct Public {
    inner: Private,
}

impl Public {
    /// Makes one.
    #[must_use]
    pub fn new(number: u32) -> Self {
        Self {
            inner: Private(number),
        }
    }
}

/// One slot.
#[::engine::memo(single, crate = engine)]
#[must_use]
pub fn single(number: u32) -> u32 {
    number + 1
}

/// Some slots.
#[::engine::memo(crate = engine, lru = 4)]
#[must_use]
pub fn lru(view: &View<'_, u8>, mut number: usize) -> usize {
    number += 1;
    number + view.text.len()
}

/// One cache for all.
#[::engine::memo(crate = crate::facade::inner::renamed, shared, single)]
#[must_use]
pub fn shared(text: &str) -> usize {
    text.len()
}

/// Generic.
#[::engine::memo(lru = 2, crate = engine)]
pub fn generic<'a, T, const N: usize>(value: [T; N], text: &'a str) -> ::core::option::Option<T>
where
    T: ::engine::ToStatic + ::core::clone::Clone + 'static,
{
    let _: &'a str = text;
    let first = value.first()?;
    ::core::option::Option::Some(first.clone())
}

/// Fails.
///
/// # Errors
///
/// Always.
#[::engine::memo(single, crate = engine)]
pub fn early(number: u32) -> ::core::result::Result<u32, u32> {
    if number == 0 {
        return ::core::result::Result::Ok(0);
    }
    ::core::result::Result::Err(number)
}

/// Reads a tree.
#[::engine::memo(single, crate = engine)]
#[must_use]
pub fn leaves(tree: &Tree<'_>, never: ::core::option::Option<Never>, nothing: Nothing) -> usize {
    let _ = (never.is_none(), nothing);
    match tree {
        Tree::Leaf | Tree::Name(_) => 1,
        Tree::Fork { left, right } => {
            let right = right.as_ref().map_or(0, |right| {
                leaves(right, ::core::option::Option::None, Nothing)
            });
            right + leaves(left, ::core::option::Option::None, Nothing)
        }
        Tree::All(all) => all.len(),
    }
}

/// Holds one value.
#[derive(::engine::Projection)]
#[projection(crate = engine)]
pub struct Holder<T>(pub T);

impl<T: ::engine::ToStatic + ::core::marker::Copy + 'static> Holder<T> {
    /// Associated.
    #[::engine::memo(single, crate = engine)]
    #[must_use]
    pub fn associated(this: &Self, public: Public, f: u8, args: u8, cache: u8) -> T {
        let _ = (public.inner, f, args, cache);
        this.0
    }
}
