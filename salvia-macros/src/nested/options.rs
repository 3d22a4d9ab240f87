//! The options of `#[nested(..)]`, as written.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Expr, Ident, LitStr, Token};

use crate::diag::error;
use crate::engine::Engine;
use crate::options::{self, Known};

/// What the attribute says of a function.
#[derive(Default)]
pub(crate) struct Options {
    /// `crate = path`.
    pub(crate) engine: Engine,
    /// `slot = "expression"`.
    pub(crate) slot: Option<Expr>,
}

impl Known for Options {
    const OPTIONS: &'static [&'static str] = &["slot = \"..\"", "crate = path"];

    fn take(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
        if name != "slot" {
            return self.engine.take(name, input);
        }
        let slot = expression(name, input)?;
        options::set(&mut self.slot, name, slot)?;
        Ok(true)
    }
}

/// The expression in a string, after a name and `=`.
fn expression(name: &Ident, input: ParseStream<'_>) -> syn::Result<Expr> {
    let expected = |at: TokenStream| {
        let message =
            format_args!("`{name}` takes an expression in a string: write `{name} = \"..\"`");
        error(at, message.to_string())
    };
    if !input.peek(Token![=]) {
        return Err(expected(name.to_token_stream()));
    }
    input.parse::<Token![=]>()?;
    let ahead = input.fork();
    let Ok(text) = ahead.parse::<LitStr>() else {
        let at = input.cursor().token_tree();
        return Err(expected(match at {
            Some((token, _)) if !input.peek(Token![,]) => token.into(),
            _ => name.to_token_stream(),
        }));
    };
    let parsed = text.parse::<Expr>();
    let Ok(parsed) = parsed.map_err(drop).and_then(plain) else {
        return Err(error(
            text,
            "this is not an expression: write one over the parameters, as in `slot = \"name\"`",
        ));
    };
    input.parse::<LitStr>()?;
    Ok(parsed)
}

/// Attributes parse as well, but have no place in an argument.
fn plain(expression: Expr) -> Result<Expr, ()> {
    let begins = expression.to_token_stream().into_iter().next();
    match begins.is_some_and(|token| token.to_string() == "#") {
        true => Err(()),
        false => Ok(expression),
    }
}
