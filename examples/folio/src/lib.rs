//! folio.
pub mod parse;
pub mod slug;
pub mod workspace;
