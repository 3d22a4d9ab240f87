//! Inputs under the names of salvia 0.1.

pub use crate::{Input, InputAccess};
