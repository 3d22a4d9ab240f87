//! Runs the stages of `#[derive(Projection)]` one after the other.
//!
//! Works on `proc_macro2` streams only, so that tests can feed it anything. Never panics.

use proc_macro2::TokenStream;

use super::{check, emit, model, parse};
use crate::diag::Errors;

/// Expands `#[derive(Projection)]` on an item.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input = match parse::item(item) {
        Ok(input) => input,
        Err(error) => return Errors::from(error).into_tokens(),
    };
    let mut errors = Errors::default();
    let engine = model::engine(&input, &mut errors);
    let view = model::View::new(&input, engine);
    check::check(&view, &mut errors);
    if errors.is_empty() {
        return emit::projection(&view);
    }
    TokenStream::from_iter([errors.into_tokens(), emit::stub(&view)])
}
