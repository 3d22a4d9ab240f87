//! `#[memo]`.
//!
//! The stages are those of `#[query]`: `function::parse` reads the function, `model` sorts its parts, `check` holds the rules, `emit`
//! writes the code, or `stub` what stands in after an error. `options` is what the attribute says.
//! `types` says whether a type is known.

mod check;
mod emit;
mod expand;
mod model;
mod options;
mod stub;
mod types;

pub(crate) use expand::expand;

use crate::function::What;

const MEMO: What = What {
    noun: "memo",
    place: "`#[memo]` goes on a function",
    body_of: "memo",
};
