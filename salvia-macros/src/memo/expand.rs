//! Runs the stages of `#[memo]` one after the other.
//!
//! Works on `proc_macro2` streams only, so that tests can feed it anything. Never panics.

use proc_macro2::TokenStream;

use super::options::Options;
use super::{MEMO, check, emit, model, stub};
use crate::diag::Errors;
use crate::function::parse;
use crate::options;

/// Expands `#[memo(options)] item`.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut given = Options::default();
    options::read(&mut given, options, &mut errors);
    given.is_wrong |= !errors.is_empty();
    let function = match parse::function(&MEMO, item.clone()) {
        Ok(function) => function,
        Err(error) => {
            errors.adopt(error);
            let reported = errors.into_tokens();
            // What is not a function stays as it is: other code may need it.
            return TokenStream::from_iter([reported, item]);
        }
    };
    let memo = model::Memo::new(function);
    match check::check(&given, &memo, errors) {
        Ok(sound) => emit::memo(&given, &sound),
        Err(errors) => TokenStream::from_iter([errors.into_tokens(), stub::stub(&memo)]),
    }
}
