//! The options of `#[memo(..)]`, as written.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Ident, LitInt, Token};

use crate::diag::error;
use crate::engine::Engine;
use crate::options::{self, Known};

/// What the attribute says of a memo.
#[derive(Default)]
pub(super) struct Options {
    /// `crate = path`.
    pub(super) engine: Engine,
    /// `single`: the last call.
    pub(super) single: Option<Ident>,
    /// `lru = N`: the calls used last.
    pub(super) lru: Option<Slots>,
    /// `shared`: one cache for all threads.
    pub(super) shared: Option<Ident>,
    /// The strategy was wrong, which has been said.
    pub(super) is_wrong: bool,
}

/// The number of slots, and the word that it was given with.
pub(super) struct Slots {
    pub(super) name: Ident,
    pub(super) number: usize,
}

impl Known for Options {
    const OPTIONS: &'static [&'static str] = &["single", "lru = N", "shared", "crate = path"];

    fn take(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
        let word = match name.to_string().as_str() {
            "single" => &mut self.single,
            "shared" => &mut self.shared,
            "lru" => {
                // Whatever comes of it, there is no more to say about a strategy.
                let was_wrong = std::mem::replace(&mut self.is_wrong, true);
                let slots = Slots {
                    name: name.clone(),
                    number: number(name, input)?,
                };
                options::set(&mut self.lru, name, slots)?;
                self.is_wrong = was_wrong;
                return Ok(true);
            }
            _ => {
                let is_known = self.engine.take(name, input)?;
                self.is_wrong |= !is_known;
                return Ok(is_known);
            }
        };
        options::nothing(name, input)?;
        options::set(word, name, name.clone())?;
        Ok(true)
    }
}

/// The number of slots, after `lru` and `=`.
fn number(name: &Ident, input: ParseStream<'_>) -> syn::Result<usize> {
    if !input.peek(Token![=]) {
        return Err(error(
            name,
            "the number of slots is missing: write `lru = N`",
        ));
    }
    input.parse::<Token![=]>()?;
    let wrong = "the number of slots is a literal of at least 1, as in `lru = 8`";
    let at: TokenStream = value(input).unwrap_or_else(|| name.to_token_stream());
    let Ok(literal) = syn::parse2::<LitInt>(at.clone()) else {
        return Err(error(at, wrong));
    };
    let is_signed = literal.to_string().starts_with('-');
    if is_signed || !matches!(literal.suffix(), "" | "usize") {
        return Err(error(at, wrong));
    }
    match literal.base10_parse::<usize>() {
        Ok(0) => Err(error(
            literal,
            "a memo without slots would remember nothing: write at least 1, or remove `#[memo]`",
        )),
        Ok(number) => {
            input.parse::<LitInt>()?;
            Ok(number)
        }
        Err(_) => Err(error(
            literal,
            "this is more slots than there can be: write less",
        )),
    }
}

/// All that was given as the value, to point at.
fn value(input: ParseStream<'_>) -> Option<TokenStream> {
    let ahead = input.fork();
    let mut tokens = TokenStream::new();
    while !ahead.is_empty() && !ahead.peek(Token![,]) {
        let token: proc_macro2::TokenTree = ahead.parse().ok()?;
        tokens.extend([token]);
    }
    (!tokens.is_empty()).then_some(tokens)
}
