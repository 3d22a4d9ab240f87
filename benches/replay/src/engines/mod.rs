//! The ways to keep answers up to date.

pub(crate) mod folio;
pub(crate) mod salsa;
pub(crate) mod scratch;
