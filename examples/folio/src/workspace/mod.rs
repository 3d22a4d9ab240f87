//! w
pub mod path;
