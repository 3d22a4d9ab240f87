//! `PartialEq`, `Eq`, `PartialOrd`, `Ord`.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Generics};

use super::variants::{constructor, of_two, other};
use crate::derive::model::{Field, Model, Shape, Variant};

pub(super) fn eq(model: &Model) -> TokenStream {
    let other = other();
    let fields = of_two(
        model,
        |variant, own, others| {
            let equal = pairs(variant, own, others).map(|(field, own, other)| {
                quote_spanned! { field.span()=> ::core::cmp::PartialEq::eq(#own, #other) }
            });
            let equal: Vec<TokenStream> = equal.collect();
            match equal.is_empty() {
                true => code! { true },
                false => code! { #(#equal)&&* },
            }
        },
        || code! { true },
    );
    let discriminants = code! {
        ::core::cmp::PartialEq::eq(
            &::core::mem::discriminant(self),
            &::core::mem::discriminant(#other),
        )
    };
    let is_enum = matches!(model.shape, Shape::Enum(_)) && model.variants().len() > 1;
    let has_fields = model.variants().iter().any(|one| !one.fields.is_empty());
    let equal = match (is_enum, has_fields) {
        (false, _) => fields,
        (true, false) => discriminants,
        (true, true) => code! { #discriminants && #fields },
    };
    code! {
        #[inline]
        fn eq(&self, #other: &Self) -> bool { #equal }
    }
}

/// `Eq` has no methods that could ask it of the fields, so one of another trait does, which nobody can name or call.
pub(super) fn total(model: &Model, generics: &Generics, name: &Ident) -> TokenStream {
    let (params, arguments, where_clause) = generics.split_for_impl();
    let mut seen = HashSet::new();
    let fields = model.variants().iter().flat_map(|one| &one.fields);
    let checks: Vec<TokenStream> = fields
        .filter(|field| seen.insert(field.ty.to_token_stream().to_string()))
        .map(|field| {
            let (ty, check) = (&field.ty, Ident::new("__salvia_total", field.span()));
            quote_spanned! { field.span()=> #check::<#ty>(); }
        })
        .collect();
    if checks.is_empty() {
        return TokenStream::new();
    }
    code! {
        const _: () = {
            fn __salvia_total<__Asked: ::core::cmp::Eq + ?::core::marker::Sized>() {}
            trait __SalviaTotal {
                fn fields();
            }
            impl #params __SalviaTotal for #name #arguments #where_clause {
                fn fields() { #(#checks)* }
            }
        };
    }
}

pub(super) fn partial_cmp(model: &Model) -> TokenStream {
    let order = Order {
        compare: code! { ::core::cmp::PartialOrd::partial_cmp },
        equal: code! { ::core::option::Option::Some(::core::cmp::Ordering::Equal) },
    };
    let (other, value) = (other(), order.value(model));
    code! {
        #[inline]
        fn partial_cmp(&self, #other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
            #value
        }
    }
}

pub(super) fn cmp(model: &Model) -> TokenStream {
    let order = Order {
        compare: code! { ::core::cmp::Ord::cmp },
        equal: code! { ::core::cmp::Ordering::Equal },
    };
    let (other, value) = (other(), order.value(model));
    code! {
        #[inline]
        fn cmp(&self, #other: &Self) -> ::core::cmp::Ordering { #value }
    }
}

/// The two traits that order differ in these.
struct Order {
    compare: TokenStream,
    equal: TokenStream,
}

impl Order {
    /// Fields one after the other, up to the first that differs; variants by their discriminants.
    fn value(&self, model: &Model) -> TokenStream {
        of_two(
            model,
            |variant, own, others| self.fields(pairs(variant, own, others)),
            || {
                let compare = &self.compare;
                let own = discriminant(model, &code! { self });
                let others = discriminant(model, &other().to_token_stream());
                code! { #compare(&#own, &#others) }
            },
        )
    }

    fn fields<'a>(
        &self,
        pairs: impl DoubleEndedIterator<Item = (&'a Field, &'a TokenStream, &'a TokenStream)>,
    ) -> TokenStream {
        let Self { compare, equal } = self;
        let ordered = pairs.rev().fold(None, |rest, (field, own, other)| {
            let span = field.span();
            let path: TokenStream = compare
                .clone()
                .into_iter()
                .map(|mut token| {
                    token.set_span(span);
                    token
                })
                .collect();
            let first = quote_spanned! { span=> #path(#own, #other) };
            Some(match rest {
                None => first,
                Some(rest) => code! {
                    match #first {
                        #equal => #rest,
                        __salvia_unequal => __salvia_unequal,
                    }
                },
            })
        });
        ordered.unwrap_or_else(|| equal.clone())
    }
}

/// The discriminant of a value. The language tells it only of enums without fields, so it is counted here.
fn discriminant(model: &Model, value: &TokenStream) -> TokenStream {
    let ty = match &model.discriminants {
        Some(ty) => Ident::new(&ty.to_string(), Span::mixed_site()),
        None => Ident::new("isize", Span::mixed_site()),
    };
    let mut last: (Option<&Expr>, usize) = (None, 0);
    let arms = model.variants().iter().enumerate().map(|(at, variant)| {
        last = match (&variant.discriminant, at) {
            (Some(given), _) => (Some(given), 0),
            (None, 0) => (None, 0),
            (None, _) => (last.0, last.1 + 1),
        };
        let offset = proc_macro2::Literal::usize_unsuffixed(last.1);
        let number = match last.0 {
            None => code! { #offset },
            Some(given) => code! { const { let __salvia_given: ::core::primitive::#ty = #given; __salvia_given + #offset } },
        };
        let pattern = constructor(model, variant);
        code! { #pattern { .. } => #number, }
    });
    code! {
        { let __salvia_discriminant: ::core::primitive::#ty = match #value { #(#arms)* }; __salvia_discriminant }
    }
}

fn pairs<'a>(
    variant: &'a Variant,
    own: &'a [TokenStream],
    others: &'a [TokenStream],
) -> impl DoubleEndedIterator<Item = (&'a Field, &'a TokenStream, &'a TokenStream)> + ExactSizeIterator
{
    let both = own.iter().zip(others);
    let all = variant.fields.iter().zip(both);
    all.map(|(field, (own, other))| (field, own, other))
}
