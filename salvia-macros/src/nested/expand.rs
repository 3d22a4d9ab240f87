//! Runs the stages of `#[nested]` one after the other.
//!
//! Works on `proc_macro2` streams only, so that tests can feed it anything. Never panics.

use proc_macro2::TokenStream;
use quote::quote;

use super::options::Options;
use super::{NESTED, check, emit};
use crate::diag::Errors;
use crate::function::parse;
use crate::options;

/// Expands `#[nested(options)] item`. With a mistake the item stays as it is, so that its users compile.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut given = Options::default();
    options::read(&mut given, options, &mut errors);
    match parse::function(&NESTED, item.clone()) {
        Ok(function) => {
            let body = check::check(&function, &mut errors);
            if let (Some(body), true) = (body, errors.is_empty()) {
                return emit::function(&given, &function, body);
            }
            // What else there is to say about it can wait: a parameter may be there for the slot only.
            TokenStream::from_iter([errors.into_tokens(), quote! { #[allow(warnings)] }, item])
        }
        Err(error) => {
            errors.adopt(error);
            TokenStream::from_iter([errors.into_tokens(), item])
        }
    }
}
