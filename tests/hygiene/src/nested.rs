//! Nested functions where every usual name means something else.

#[allow(
    unused_imports,
    clippy::wildcard_imports,
    reason = "generated code must not use them"
)]
use crate::decoys::*;
use ::engine::nested;
use ::engine::scope::CallId;

/// Plain.
#[nested(crate = ::engine)]
#[must_use]
pub fn plain(n: u8) -> u8 {
    n
}

/// In a slot.
#[nested(slot = "name", crate = ::engine)]
#[must_use]
pub fn in_slot(name: &str) -> CallId {
    let _ = name;
    CallId::current()
}

/// In the slot of a value.
#[nested(slot = "n", crate = crate::facade::inner::renamed)]
#[must_use]
pub fn in_slot_of_value(n: u8) -> CallId {
    CallId::current()
}

/// Async, with all kinds of parameters.
///
/// # Errors
///
/// If `a` is 0.
#[nested(crate = ::engine)]
pub async fn waiting(a: u8, _: u8, (b, mut c): (u8, u8)) -> ::core::result::Result<u8, u8> {
    if a == 0 {
        return ::core::result::Result::Err(b);
    }
    c += a;
    ::core::future::ready(()).await;
    ::core::result::Result::Ok(b + c)
}

/// Names that generated code could use.
#[nested(slot = "support", crate = ::engine)]
pub async fn names(nested: u8, slot: u8, path: u8, support: u8) -> u8 {
    nested.scope();
    nested + slot + path + support
}

/// A host.
pub struct Holder(pub u8);

impl Holder {
    /// By reference.
    #[nested(crate = ::engine)]
    pub async fn shared(&self) -> &u8 {
        &self.0
    }

    /// By value, in a slot of its own.
    #[nested(slot = "self.0", crate = ::engine)]
    pub async fn taken(mut self) -> u8 {
        self.0 += 1;
        self.0
    }

    /// What every type has as a method.
    #[nested(slot = "&self.0", crate = ::engine)]
    pub fn finish(&mut self) -> u8 {
        self.0
    }
}

/// Deprecated, and calls itself.
#[deprecated]
#[nested(crate = ::engine)]
#[must_use]
pub fn deprecated(n: u8) -> u8 {
    if n == 0 { 0 } else { deprecated(n - 1) }
}

/// Without anything.
#[nested(crate = ::engine)]
pub fn nothing() {}
