//! Where generated code finds the engine.
//!
//! Generated code names everything by a path from the root of a crate. That is `::salvia`, unless the user renamed the
//! dependency or reaches it through a re-export and says so with `crate = path`. Reading the manifest instead would be
//! input and output during expansion, which builds cannot track.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Ident, LitStr, Path, Token, ext::IdentExt};

use crate::diag::{Errors, error};

/// The path of the engine's crate.
#[derive(Default)]
pub(crate) struct Engine {
    path: Option<Path>,
}

impl Engine {
    /// Reads the arguments of an attribute, `crate = path` or nothing.
    ///
    /// What is wrong is reported, and what was right before it holds.
    pub(crate) fn read(&mut self, options: TokenStream, errors: &mut Errors) {
        let parsed = (|input: ParseStream<'_>| self.read_options(input)).parse2(options);
        if let Err(error) = parsed {
            errors.adopt(error);
        }
    }

    fn read_options(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        while !input.is_empty() {
            let name = read_name(input)?;
            let path = read_path(&name, input)?;
            if self.path.is_some() {
                return Err(error(name, "`crate` is given twice: remove one"));
            }
            self.path = Some(path);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    /// The hidden functions that generated code calls.
    pub(crate) fn support(&self) -> TokenStream {
        quote! { #self::macro_support }
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

fn read_name(input: ParseStream<'_>) -> syn::Result<Ident> {
    if input.peek(Token![crate]) {
        return input.call(Ident::parse_any);
    }
    let message = match input.fork().call(Ident::parse_any) {
        Ok(name) => format!("the option `{name}` is not known: remove it"),
        Err(_) => "an option is expected to begin with its name".to_owned(),
    };
    // The whole rest is taken, because what follows an unknown option cannot be understood.
    let at = input.cursor().token_stream().into_iter().next();
    input.parse::<TokenStream>()?;
    Err(error(at, message))
}

fn read_path(name: &Ident, input: ParseStream<'_>) -> syn::Result<Path> {
    if !input.peek(Token![=]) {
        input.parse::<TokenStream>()?;
        return Err(error(
            name,
            "the path of the crate is missing: write `crate = path`",
        ));
    }
    input.parse::<Token![=]>()?;
    if let Ok(text) = input.fork().parse::<LitStr>() {
        input.parse::<TokenStream>()?;
        return Err(error(text, "write the path of the crate without quotes"));
    }
    match input.fork().call(Path::parse_mod_style) {
        Ok(_) => input.call(Path::parse_mod_style).map(rooted),
        Err(_) => {
            let at = input.cursor().token_stream().into_iter().next();
            input.parse::<TokenStream>()?;
            let at = at.map_or_else(|| name.to_token_stream(), TokenStream::from);
            Err(error(
                at,
                "the path of the crate is expected after `crate =`",
            ))
        }
    }
}

/// A path of the user is meant from the root, whatever modules are in scope; `crate`, `self` and `super` say otherwise.
fn rooted(mut path: Path) -> Path {
    let relative = path.segments.first().is_some_and(|first| {
        first.ident == "crate" || first.ident == "self" || first.ident == "super"
    });
    if !relative && path.leading_colon.is_none() {
        path.leading_colon = Some(Token![::](proc_macro2::Span::mixed_site()));
    }
    path
}
