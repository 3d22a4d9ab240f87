//! Writes the code of a memo.
//!
//! No rules and no errors here: `Sound` has nothing left to decide. The code is a cache and one call of a hidden function
//! of the engine, which is given the body as a closure: so `return` and `?` end the body and not the memo, and the type of
//! the closure tells the instances of a generic memo apart.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericParam, Type};

use super::check::{Sound, Strategy};
use super::options::Options;
use super::types;
use crate::rewrite::in_static;
use crate::tokens::{code, ends, hidden, nest};

/// The function with its cache.
pub(super) fn memo(options: &Options, sound: &Sound<'_>) -> TokenStream {
    let memo = sound.memo;
    let (attrs, vis, fn_token, name) = (&memo.attrs, &memo.vis, &memo.sig.fn_token, &memo.name);
    let (generics, clause) = (&memo.generics, &memo.generics.where_clause);
    let output = sound.output;
    let params = sound.params.iter().map(|(name, ty)| {
        let name = hidden(name);
        code! { #name: #ty }
    });
    let cache = cache(options, sound);
    let call = call(options, sound);
    // The function begins and ends with tokens of the user, or it would not be the user's to the lint for dead code.
    let mut block = proc_macro2::Group::new(proc_macro2::Delimiter::Brace, code! { #cache #call });
    block.set_span(sound.body.span());
    code! {
        #(#attrs)*
        #vis #fn_token #name #generics(#(#params),*) -> #output #clause #block
    }
}

/// Whether the types of the cache can be named in a `static`.
fn is_plain(sound: &Sound<'_>) -> bool {
    let params = &sound.memo.generics.params;
    let is_lifetime = |param: &GenericParam| matches!(param, GenericParam::Lifetime(_));
    params.iter().all(is_lifetime)
        && sound.params.iter().all(|(_, ty)| types::is_plain(ty))
        && types::is_plain(sound.output)
}

fn cache(options: &Options, sound: &Sound<'_>) -> TokenStream {
    let support = options.engine.support();
    if options.shared.is_some() {
        return code! {
            static __SALVIA_CACHE: #support::memo::Store = #support::memo::Store::none();
        };
    }
    let held = match is_plain(sound) {
        false => code! { #support::memo::Erased },
        true => {
            let engine = &options.engine;
            let types: Vec<_> = sound
                .params
                .iter()
                .map(|(_, ty)| in_static(ty).into_token_stream())
                .collect();
            let (types, output) = (nest(&types), in_static(sound.output));
            let kind = match sound.strategy {
                Strategy::Single => code! { Single },
                Strategy::Lru(_) => code! { Lru },
            };
            code! { #support::memo::#kind<<#types as #engine::ToStatic>::Static, #output> }
        }
    };
    code! {
        #support::memo::thread_local! {
            static __SALVIA_CACHE: #support::memo::Instances<#held> = const { #support::memo::Instances::none() };
        }
    }
}

fn call(options: &Options, sound: &Sound<'_>) -> TokenStream {
    let support = options.engine.support();
    let (output, body) = (sound.output, sound.body);
    let arguments: Vec<_> = sound
        .params
        .iter()
        .map(|(name, ty)| at(ty, hidden(name).to_token_stream()))
        .collect();
    let names: Vec<_> = sound
        .params
        .iter()
        .map(|(name, _)| name.to_token_stream())
        .collect();
    let types: Vec<_> = sound
        .params
        .iter()
        .map(|(_, ty)| ty.to_token_stream())
        .collect();
    let (arguments, names, types) = (nest(&arguments), nest(&names), nest(&types));
    let slots = match sound.strategy {
        Strategy::Single => 1usize,
        Strategy::Lru(slots) => slots,
    };
    let body = code! { |#names: #types| -> #output #body };
    let function = match (options.shared.is_some(), sound.strategy, is_plain(sound)) {
        (true, ..) => "shared",
        (false, Strategy::Single, true) => "single",
        (false, Strategy::Single, false) => "single_instance",
        (false, Strategy::Lru(_), true) => "lru",
        (false, Strategy::Lru(_), false) => "lru_instance",
    };
    let function = Ident::new(function, Span::mixed_site());
    at(
        output,
        code! { #support::memo::#function(&__SALVIA_CACHE, #slots, #arguments, #body) },
    )
}

/// Makes the compiler take these tokens for being where `place` is; what is in brackets stays where it was.
fn at(place: &Type, tokens: TokenStream) -> TokenStream {
    let (first, _) = ends(place);
    let moved = tokens.into_iter().map(|mut token: TokenTree| {
        token.set_span(Span::mixed_site().located_at(first));
        token
    });
    moved.collect()
}
