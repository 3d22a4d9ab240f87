//! Where generated code finds `salvia-thin`: its own name, or `salvia::thin`, unless `crate = path` says otherwise.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::ParseStream;
use syn::{Ident, Path};

use crate::engine::rooted;
use crate::options::{self, Known};

/// The path of the crate or of a module that re-exports it.
pub(crate) struct Home {
    usual: TokenStream,
    given: Option<Path>,
}

impl Home {
    /// For users of `salvia-thin`.
    pub(crate) fn alone() -> Self {
        Self {
            usual: quote! { ::salvia_thin },
            given: None,
        }
    }

    /// For users of `salvia`.
    pub(crate) fn in_salvia() -> Self {
        Self {
            usual: quote! { ::salvia::thin },
            given: None,
        }
    }
}

impl Known for Home {
    const OPTIONS: &'static [&'static str] = &["crate = path"];

    fn take(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
        if name != "crate" {
            return Ok(false);
        }
        let path = options::module(name, input)?;
        options::set(&mut self.given, name, rooted(path))?;
        Ok(true)
    }
}

impl ToTokens for Home {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.given {
            None => self.usual.to_tokens(tokens),
            Some(path) => path.to_tokens(tokens),
        }
    }
}
