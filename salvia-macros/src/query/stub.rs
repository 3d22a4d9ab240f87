//! Writes what stands in for a query with a mistake.
//!
//! The stub has the signature the user most likely meant, so that its callers compile and the mistake stays the only
//! message. It is never run.

use proc_macro2::{Group, TokenStream};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Type, parse_quote};

use super::lifetimes::Found;
use super::model::{Query, is_boxed_future};
use crate::function::params::Param;
use crate::function::parse::Body;
use crate::rewrite::in_static;

/// The stub of a query.
pub(crate) fn stub(query: &Query) -> TokenStream {
    let Query {
        attrs,
        vis,
        name,
        generics,
        ..
    } = query;
    let unsafety = &query.sig.unsafety;
    let where_clause = &generics.where_clause;
    let is_boxed =
        query.sig.asyncness.is_none() && query.output.as_ref().is_some_and(is_boxed_future);
    let asyncness = (!is_boxed).then(|| quote! { async });
    let Rest {
        params,
        output,
        body,
    } = rest(query);
    let output = output.map(|output| quote! { -> #output });
    quote! {
        #(#attrs)*
        #[allow(warnings)]
        #vis #asyncness #unsafety fn #name #generics(#params) #output #where_clause #body
    }
}

struct Rest {
    params: TokenStream,
    output: Option<Type>,
    body: TokenStream,
}

/// A body that never ends has any type, except that it cannot tell what an `impl Trait` stands for: only the user's own
/// body can, and if that has no value either, a type stands in that has most of the usual traits.
fn rest(query: &Query) -> Rest {
    let anonymous = params(query, |_| quote! { _ });
    let endless = match &query.body {
        Body::Block(_) => quote! { { loop {} } },
        Body::Missing(semicolon) => semicolon.to_token_stream(),
    };
    let output = query.output.clone().map(|mut ty| {
        Replace {
            inferred: usual(),
            anonymous: None,
        }
        .visit_type_mut(&mut ty);
        ty
    });
    let Some(mut unnamed) = output
        .clone()
        .filter(|ty| !Found::within(ty).impls.is_empty())
    else {
        // Where a lifetime is left out that cannot be told from the parameters, that would be said as well.
        return Rest {
            params: anonymous,
            output: output.as_ref().map(in_static),
            body: endless,
        };
    };
    match &query.body {
        Body::Block(block) if !is_placeholder(block) => Rest {
            params: params(query, |param| param.pattern.to_token_stream()),
            output,
            body: block.to_token_stream(),
        },
        _ => {
            Replace {
                inferred: usual(),
                anonymous: Some(usual()),
            }
            .visit_type_mut(&mut unnamed);
            Rest {
                params: anonymous,
                output: Some(unnamed),
                body: endless,
            }
        }
    }
}

fn params(query: &Query, pattern: impl Fn(&Param) -> TokenStream) -> TokenStream {
    let receiver = query.receiver.iter().map(|receiver| {
        let receiver = syn::Receiver {
            attrs: Vec::new(),
            ..receiver.clone()
        };
        receiver.to_token_stream()
    });
    let others = query.all_params().map(|param| {
        let (pattern, mut ty) = (pattern(param), param.ty.clone());
        Replace {
            inferred: parse_quote! { impl ::core::marker::Sized },
            anonymous: None,
        }
        .visit_type_mut(&mut ty);
        quote! { #pattern: #ty }
    });
    let all = receiver.chain(others);
    quote! { #(#all),* }
}

/// Whether a body is but `todo!()` or the like.
fn is_placeholder(block: &Group) -> bool {
    syn::parse2::<syn::Macro>(block.stream()).is_ok()
}

/// A type that implements most of the usual traits.
fn usual() -> Type {
    parse_quote! { ::core::convert::Infallible }
}

/// Puts types in the places of those that are not written out.
struct Replace {
    /// For `_`.
    inferred: Type,
    /// For `impl Trait`, if it cannot stay.
    anonymous: Option<Type>,
}

impl VisitMut for Replace {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        match (&*ty, &self.anonymous) {
            (Type::Infer(_), _) => *ty = self.inferred.clone(),
            (Type::ImplTrait(_), Some(named)) => *ty = named.clone(),
            _ => visit_mut::visit_type_mut(self, ty),
        }
    }
}
