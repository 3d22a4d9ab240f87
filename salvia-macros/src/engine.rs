//! Where generated code finds the engine.
//!
//! Generated code names everything by a path from the root of a crate. That is `::salvia`, unless the user renamed the
//! dependency or reaches it through a re-export and says so with `crate = path`. Reading the manifest instead would be
//! input and output during expansion, which builds cannot track.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::ParseStream;
use syn::{Ident, Path, Token};

use crate::options::{self, Known};

/// The path of the engine's crate.
#[derive(Default)]
pub(crate) struct Engine {
    path: Option<Path>,
}

impl Engine {
    /// The hidden functions that generated code calls.
    pub(crate) fn support(&self) -> TokenStream {
        quote! { #self::macro_support }
    }
}

impl Known for Engine {
    const OPTIONS: &'static [&'static str] = &["crate = path"];

    fn take(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
        if name != "crate" {
            return Ok(false);
        }
        let path = options::module(name, input)?;
        options::set(&mut self.path, name, rooted(path))?;
        Ok(true)
    }
}

impl ToTokens for Engine {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.path {
            None => tokens.extend(quote! { ::salvia }),
            Some(path) => path.to_tokens(tokens),
        }
    }
}

/// A path of the user is meant from the root, whatever modules are in scope; `crate`, `self` and `super` say otherwise.
pub(crate) fn rooted(mut path: Path) -> Path {
    let relative = path.segments.first().is_some_and(|first| {
        first.ident == "crate" || first.ident == "self" || first.ident == "super"
    });
    if !relative && path.leading_colon.is_none() {
        path.leading_colon = Some(Token![::](proc_macro2::Span::mixed_site()));
    }
    path
}
