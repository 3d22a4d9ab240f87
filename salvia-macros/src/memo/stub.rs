//! Writes what stands in for a memo with a mistake.
//!
//! That is the function without the attribute, so that its callers compile and the mistake stays the only message. What the
//! compiler would report as well, names that are used twice and types that are not written, is replaced.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, Ident, Pat, ReturnType, Signature, Type, parse_quote};

use super::model::Memo;
use crate::function::parse::Body;
use crate::query::lifetimes::Found;
use crate::rewrite::in_static;

/// The stub of a memo.
pub(super) fn stub(memo: &Memo) -> TokenStream {
    let Memo { attrs, vis, .. } = memo;
    let mut sig = memo.sig.clone();
    let is_repaired = repair(&mut sig);
    let body = match &memo.body {
        Body::Block(_) if is_repaired => quote! { { loop {} } },
        Body::Block(block) => block.to_token_stream(),
        Body::Missing(semicolon) => semicolon.to_token_stream(),
    };
    quote! { #(#attrs)* #[allow(warnings)] #vis #sig #body }
}

/// Whether there was something to replace.
fn repair(sig: &mut Signature) -> bool {
    let mut seen: HashSet<Ident> = HashSet::new();
    let mut is_repaired = false;
    for input in &mut sig.inputs {
        let FnArg::Typed(param) = input else { continue };
        if let Pat::Ident(name) = &*param.pat
            && !seen.insert(name.ident.clone())
        {
            *param.pat = parse_quote! { _ };
            is_repaired = true;
        }
        is_repaired |= written(&mut param.ty, parse_quote! { impl ::core::marker::Sized });
    }
    if let ReturnType::Type(_, ty) = &mut sig.output {
        is_repaired |= written(ty, parse_quote! { ::core::convert::Infallible });
        // Where a lifetime is left out that cannot be told from the parameters, that would be said as well.
        if Found::within(ty).borrowed.is_some() {
            **ty = in_static(ty);
            is_repaired = true;
        }
    }
    is_repaired
}

/// Replaces `_`, and says whether there was one.
fn written(ty: &mut Type, by: Type) -> bool {
    struct Replace {
        by: Type,
        found: bool,
    }
    impl VisitMut for Replace {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            match ty {
                Type::Infer(_) => {
                    *ty = self.by.clone();
                    self.found = true;
                }
                _ => visit_mut::visit_type_mut(self, ty),
            }
        }
    }
    let mut replace = Replace { by, found: false };
    replace.visit_type_mut(ty);
    replace.found
}
