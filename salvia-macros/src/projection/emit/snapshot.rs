//! `impl ToStatic`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Type, WherePredicate};

use super::shape::{comparing, kept_name, kept_value, kept_variant, matching};
use super::{boxed, code, generics, kept_with};
use crate::bounds::{self, Asked};
use crate::projection::asked::Needed;
use crate::projection::kept::param;
use crate::projection::lifetimes::Freed;
use crate::projection::model::View;

pub(super) fn implementation(view: &View<'_>) -> TokenStream {
    let View { engine, name, .. } = view;
    let [params, arguments, clause] = generics(view, parts(view), &bounds(view));
    let all = 0..view.parts.leaves.len();
    let snapshots = all.map(|number| param(view.parts.snapshot(number)).into_token_stream());
    let (kept, value) = (boxed(view, kept_with(view, snapshots)), kept_value());
    let to_static = matching(
        view,
        |place| {
            let (ty, name) = (place.field.ty, &place.of_view);
            code! { <#ty as #engine::ToStatic>::to_static(#name) }
        },
        |number, values| {
            let (kept, variant) = (kept_name(), kept_variant(number));
            code! { #kept::#variant(#(#values),*), }
        },
    );
    let eq_static = comparing(view, |place| {
        let (ty, name, kept) = (place.field.ty, &place.of_view, &place.of_kept);
        code! { <#ty as #engine::ToStatic>::eq_static(#name, #kept) }
    });
    let (to_static, unboxed) = match view.parts.is_boxed {
        true => (
            code! { ::std::boxed::Box::new(#to_static) },
            code! { let #value = &**#value; },
        ),
        false => (to_static, TokenStream::new()),
    };
    code! {
        #[automatically_derived]
        impl #params #engine::ToStatic for #name #arguments #clause {
            type Static = #kept;

            #[inline]
            fn to_static(&self) -> Self::Static {
                #to_static
            }

            #[inline]
            fn eq_static(&self, #value: &Self::Static) -> bool {
                #unboxed
                #eq_static
            }
        }
    }
}

/// The numbers of the parts that have snapshots of their own.
fn parts(view: &View<'_>) -> impl Iterator<Item = usize> {
    let all = 0..view.parts.leaves.len();
    all.filter(|number| view.parts.snapshot(*number) == *number)
}

/// The exact bounds. They are said of all lifetimes: of two that differ in nothing else, the compiler would not know
/// which to use.
fn bounds(view: &View<'_>) -> Vec<TokenStream> {
    let engine = &view.engine;
    let parts = parts(view).map(|number| {
        let (Freed { ty, lifetimes, .. }, param) = (view.parts.freed(number), param(number));
        // With no lifetime at all this is still said of all, so that it is `check` who says what does not hold.
        code! { for<'__salvia #(, #lifetimes)*> #ty: #engine::ToStatic<Static = #param>, #param: 'static }
    });
    // What the containers in which the type holds itself ask of other parts. The parts have been asked.
    let needed = Needed::ToStatic(engine);
    let asked = needed.path(Span::call_site()).to_string();
    let exact = bounds::exact(view.input, &needed).into_iter();
    let others = exact.filter(|predicate| match predicate {
        WherePredicate::Type(predicate) => predicate.bounds.to_token_stream().to_string() != asked,
        _ => true,
    });
    parts
        .chain(others.map(ToTokens::into_token_stream))
        .collect()
}

/// Says what a field lacks whose type depends on no parameter: the bounds take away the implementation only.
pub(super) fn check(view: &View<'_>) -> TokenStream {
    let support = view.engine.support();
    let (params, _, clause) = view.generics.split_for_impl();
    let fixed = view.parts.leaves.iter().map(|leaf| leaf.ty);
    let fixed = fixed.filter(|ty| view.subject.params(ty).is_empty());
    let checks = fixed.map(|ty| {
        let check = at(ty, code! { #support::assert::snapshot });
        code! { #check::<#ty>(); }
    });
    code! { fn __salvia_check #params() #clause { #(#checks)* } }
}

/// Makes the compiler take these tokens for being where `place` is.
fn at(place: &Type, tokens: TokenStream) -> TokenStream {
    let span = Span::mixed_site().located_at(place.span());
    let moved = tokens.into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    moved.collect()
}
