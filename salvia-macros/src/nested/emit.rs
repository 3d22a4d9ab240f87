//! Writes the code of a nested function.
//!
//! No rules and no errors here. Names that the user's code could see begin with `__salvia`, and are nobody's besides.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{FnArg, Pat, PatType, ReturnType, Signature, Type, TypeImplTrait, parse_quote};

use super::options::Options;
use crate::function::parse::Function;
use crate::thin::words::has;
use crate::tokens::{code, spanned};

/// The function with the same face, whose body is a call.
pub(crate) fn function(options: &Options, function: &Function, body: &Group) -> TokenStream {
    let (sig, body) = match function.sig.asyncness {
        None => (function.sig.clone(), guarded(options, body)),
        Some(_) => future(options, &function.sig, body),
    };
    let (attrs, vis) = (&function.attrs, &function.vis);
    let is_tracked = attrs
        .iter()
        .any(|attr| attr.path().is_ident("track_caller"));
    let tracked = (!is_tracked).then(|| code! { #[track_caller] });
    code! { #(#attrs)* #tracked #vis #sig #body }
}

/// The guard of the call, as an expression.
fn enter(options: &Options) -> TokenStream {
    let support = options.engine.support();
    let Some(slot) = &options.slot else {
        return code! { #support::nested() };
    };
    // What a slot lacks is said where it is written.
    let place = Span::mixed_site().located_at(slot.span());
    let support = spanned(support, place);
    quote_spanned! {place=> {
        use #support::{ByReference as _, ByValue as _, ByView as _};
        #support::nested_in_slot(&*(&&#support::Probe(&(#slot))).__salvia_slot())
    }}
}

/// The body, with the guard before its first statement.
fn guarded(options: &Options, body: &Group) -> TokenStream {
    let (enter, statements) = (enter(options), body.stream());
    braced(body, code! { let __salvia_nested = #enter; #statements })
}

/// A function that is called at once and gives the future of its body. As an `async fn` does, the future takes all
/// arguments in and drops them when it ends, the last one first.
fn future(options: &Options, sig: &Signature, body: &Group) -> (Signature, TokenStream) {
    let support = options.engine.support();
    let mut sig = sig.clone();
    sig.asyncness = None;
    let mut before = TokenStream::new();
    let mut inside = TokenStream::new();
    for (nth, argument) in sig.inputs.iter_mut().enumerate() {
        match argument {
            FnArg::Receiver(receiver) => {
                let receiver = &receiver.self_token;
                inside.extend(code! { #support::hold(&#receiver); });
            }
            FnArg::Typed(argument) => take_in(argument, nth, options, &mut before, &mut inside),
        }
    }
    let value = match &sig.output {
        ReturnType::Default => parse_quote! { () },
        // As the value of a function it can be written, as that of a future it cannot be yet.
        ReturnType::Type(_, value) if matches!(**value, Type::Never(_)) => {
            parse_quote! { <fn() -> #value as #support::Returns>::Value }
        }
        ReturnType::Type(_, value) => Type::clone(value),
    };
    // The compiler takes the type of the value from the first `return` it meets, and without the one here would not turn
    // what the body returns into an `Arc<dyn Trait>`, say.
    let place = Span::mixed_site().located_at(value.span());
    let never = spanned(code! { return #support::assert::never }, place);
    let typed =
        can_be_named(&value).then(|| quote_spanned! {place=> if false { #never::<#value>(); } });
    sig.output = parse_quote! { -> impl ::core::future::Future<Output = #value> };
    let enter = enter(options);
    let block = code! {
        #before
        let __salvia_nested = #enter;
        __salvia_nested.__salvia_scope(async move { #inside #typed match () { () => #body } })
    };
    (sig, braced(body, block))
}

/// Moves an argument into the future.
fn take_in(
    argument: &mut PatType,
    nth: usize,
    options: &Options,
    before: &mut TokenStream,
    inside: &mut TokenStream,
) {
    let pattern = argument.pat.clone();
    match &mut *argument.pat {
        // The name serves for the slot as well.
        Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => {
            name.mutability = None;
            let name = name.ident.clone();
            inside.extend(code! { let #pattern = #name; });
            // What only the slot needs is used all the same, as in a function that is not `async`.
            if has(&name.to_string(), &options.slot).is_some() {
                let support = options.engine.support();
                inside.extend(code! { #support::hold(&#name); });
            }
        }
        Pat::Wild(_) => {
            let name = hidden(nth);
            *argument.pat = parse_quote! { #name };
            inside.extend(code! { let #name = #name; });
        }
        _ => {
            let name = hidden(nth);
            *argument.pat = parse_quote! { #name };
            let place = if options.slot.is_some() {
                before
            } else {
                inside
            };
            place.extend(code! { let #pattern = #name; });
        }
    }
}

fn hidden(nth: usize) -> Ident {
    format_ident!("__salvia_argument_{nth}", span = Span::mixed_site())
}

/// Whether the type can stand in the arguments of a function: `impl Trait` cannot, and `!` not yet.
fn can_be_named(ty: &Type) -> bool {
    struct Nameless(bool);
    impl<'ast> Visit<'ast> for Nameless {
        fn visit_type_impl_trait(&mut self, _: &'ast TypeImplTrait) {
            self.0 = true;
        }

        fn visit_type(&mut self, ty: &'ast Type) {
            self.0 |= matches!(ty, Type::Never(_) | Type::Macro(_) | Type::Infer(_));
            visit::visit_type(self, ty);
        }
    }
    let mut found = Nameless(false);
    found.visit_type(ty);
    !found.0
}

/// Braces at the place of the user's.
fn braced(body: &Group, tokens: TokenStream) -> TokenStream {
    let mut braces = Group::new(body.delimiter(), tokens);
    braces.set_span(body.span());
    braces.to_token_stream()
}
