//! Runs the stages of `#[thin_dyn]` one after the other.
//!
//! Works on `proc_macro2` streams only, so that tests can feed it anything. Never panics.

use proc_macro2::TokenStream;

use super::{Home, check, emit, model, parse};
use crate::diag::Errors;
use crate::options;

/// Expands `#[thin_dyn(options)] item`.
pub(crate) fn expand(mut home: Home, options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    options::read(&mut home, options, &mut errors);
    let parsed = match parse::item(item.clone()) {
        Ok(parsed) => parsed,
        Err(error) => {
            errors.adopt(error);
            // What is not a trait stays as it is: other code may need it.
            return TokenStream::from_iter([errors.into_tokens(), item]);
        }
    };
    let thin = model::Thin::new(parsed, &item);
    let verdict = check::check(&thin, &mut errors);
    let code = emit::code(&home, &thin, verdict);
    TokenStream::from_iter([errors.into_tokens(), item, code])
}
