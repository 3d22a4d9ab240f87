//! Collected errors of one expansion.
//!
//! Invariants: every message begins with `salvia: `, and nothing is reported twice for one mistake: the rules push here,
//! and only the entry points turn what was pushed into tokens.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The errors found so far.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    found: Vec<syn::Error>,
}

impl Errors {
    /// Reports `message` at exactly these tokens.
    pub(crate) fn push(&mut self, at: impl ToTokens, message: impl Display) {
        self.found.push(error(at, message));
    }

    /// Takes over an error of the parser, which knows its span but not our prefix.
    pub(crate) fn adopt(&mut self, error: syn::Error) {
        self.found
            .extend(error.into_iter().map(|one| match one.to_string() {
                message if message.starts_with(PREFIX) => one,
                message => syn::Error::new(one.span(), format_args!("{PREFIX}{message}")),
            }));
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.found.extend(other.found);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The tokens that make the compiler report everything found.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.found
            .iter()
            .map(syn::Error::to_compile_error)
            .collect()
    }
}

impl From<syn::Error> for Errors {
    fn from(error: syn::Error) -> Self {
        let mut errors = Self::default();
        errors.adopt(error);
        errors
    }
}

/// One error, for the parsers, which stop at their first.
pub(crate) fn error(at: impl ToTokens, message: impl Display) -> syn::Error {
    syn::Error::new_spanned(at, format_args!("{PREFIX}{message}"))
}

const PREFIX: &str = "salvia: ";
