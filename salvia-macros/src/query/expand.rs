//! Runs the stages of `#[query]` one after the other.
//!
//! Works on `proc_macro2` streams only, so that tests can feed it anything. Never panics.

use proc_macro2::TokenStream;

use super::options::Options;
use super::{QUERY, check, emit, model, stub};
use crate::diag::Errors;
use crate::function::parse;
use crate::options;

/// Expands `#[query(options)] item`.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut given = Options::default();
    options::read(&mut given, options, &mut errors);
    let function = match parse::function(&QUERY, item.clone()) {
        Ok(function) => function,
        Err(error) => {
            errors.adopt(error);
            let reported = errors.into_tokens();
            // What is not a function stays as it is: other code may need it.
            return TokenStream::from_iter([reported, item]);
        }
    };
    let query = model::Query::new(function);
    let sound = check::check(&query);
    match sound {
        Ok(sound) if errors.is_empty() => return emit::query(&given, &sound),
        Ok(_) => {}
        Err(found) => errors.append(found),
    }
    TokenStream::from_iter([errors.into_tokens(), stub::stub(&query)])
}
