//! Runs the stages of `#[derive(InputAccess)]` one after the other.
//!
//! Works on `proc_macro2` streams only, so that tests can feed it anything. Never panics.

use proc_macro2::TokenStream;

use super::{check, emit, model, parse};
use crate::diag::Errors;

/// Expands `#[derive(InputAccess)]` on an item.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input = match parse::item(item) {
        Ok(input) => input,
        Err(error) => return Errors::from(error).into_tokens(),
    };
    let mut errors = Errors::default();
    let host = model::Host::new(input, &mut errors);
    check::check(&host, &mut errors);
    // The methods are written even after an error, so that the accesses to the host do not fail as well.
    TokenStream::from_iter([errors.into_tokens(), emit::access(&host)])
}
