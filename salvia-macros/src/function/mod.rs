//! What the attributes on functions (`#[query]`, `#[memo]`, `#[nested]`) have in common.
//!
//! `parse` reads a function, `params` sorts its parameters, `rules` are those that hold for all alike.

pub(crate) mod params;
pub(crate) mod parse;
pub(crate) mod rules;

/// What a function is to become, in the words of the messages.
pub(crate) struct What {
    /// As in "a query".
    pub(crate) noun: &'static str,
    /// What a mistake begins with when the attribute stands on something else.
    pub(crate) place: &'static str,
    /// The body of what is expected, as in "the body of the query".
    pub(crate) body_of: &'static str,
}
