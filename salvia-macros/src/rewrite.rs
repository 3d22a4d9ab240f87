//! Types with other lifetimes in the place of their own.
//!
//! Lifetimes bound inside of a type (`for<'a> fn(&'a str)`, `Arc<dyn Fn(&u32)>`) are no lifetimes of its values, and stay.

use proc_macro2::Span;
use syn::visit_mut::{self, VisitMut};
use syn::{
    BoundLifetimes, GenericParam, Lifetime, ParenthesizedGenericArguments, TraitBound, Type,
    TypeBareFn, TypeReference,
};

/// `'static` for every lifetime, to be named where no other is in scope.
pub(crate) fn in_static(ty: &Type) -> Type {
    rewritten(ty, |lifetime| {
        let span = lifetime.map_or_else(Span::mixed_site, Lifetime::span);
        Some(Lifetime::new("'static", span))
    })
}

/// `'_` for every lifetime but `'static`: for the parameters of a closure, which may have any.
pub(crate) fn elided(ty: &Type) -> Type {
    rewritten(ty, |lifetime| {
        let lifetime = lifetime?;
        let is_static = lifetime.ident == "static";
        (!is_static).then(|| Lifetime::new("'_", lifetime.span()))
    })
}

/// Names for the lifetimes that have none.
pub(crate) fn named(ty: &Type, mut name: impl FnMut() -> Lifetime) -> Type {
    rewritten(ty, |lifetime| {
        let has_name = lifetime.is_some_and(|lifetime| lifetime.ident != "_");
        (!has_name).then(&mut name)
    })
}

/// `other` is given each lifetime, none where a reference leaves it out, and says what is to be there instead.
fn rewritten(ty: &Type, other: impl FnMut(Option<&Lifetime>) -> Option<Lifetime>) -> Type {
    let mut ty = ty.clone();
    let mut rewrite = Rewrite {
        other,
        bound: Vec::new(),
        depth: 0,
    };
    rewrite.visit_type_mut(&mut ty);
    ty
}

struct Rewrite<F> {
    other: F,
    bound: Vec<Lifetime>,
    /// Within the signature of a function type, which binds what is left out.
    depth: usize,
}

impl<F: FnMut(Option<&Lifetime>) -> Option<Lifetime>> Rewrite<F> {
    fn binding(&mut self, lifetimes: Option<&BoundLifetimes>, visit: impl FnOnce(&mut Self)) {
        let before = self.bound.len();
        for param in lifetimes.into_iter().flat_map(|bound| &bound.lifetimes) {
            if let GenericParam::Lifetime(param) = param {
                self.bound.push(param.lifetime.clone());
            }
        }
        visit(self);
        self.bound.truncate(before);
    }
}

impl<F: FnMut(Option<&Lifetime>) -> Option<Lifetime>> VisitMut for Rewrite<F> {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        if reference.lifetime.is_none() && self.depth == 0 {
            reference.lifetime = (self.other)(None);
            self.visit_type_mut(&mut reference.elem);
        } else {
            visit_mut::visit_type_reference_mut(self, reference);
        }
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        let stays = match lifetime.ident == "_" {
            true => self.depth > 0,
            false => self.bound.contains(lifetime),
        };
        if !stays && let Some(other) = (self.other)(Some(lifetime)) {
            *lifetime = other;
        }
    }

    fn visit_bound_lifetimes_mut(&mut self, _: &mut BoundLifetimes) {
        // A declaration, not a use.
    }

    fn visit_type_bare_fn_mut(&mut self, function: &mut TypeBareFn) {
        let bound = function.lifetimes.clone();
        self.binding(bound.as_ref(), |this| {
            this.depth += 1;
            visit_mut::visit_type_bare_fn_mut(this, function);
            this.depth -= 1;
        });
    }

    fn visit_trait_bound_mut(&mut self, bound: &mut TraitBound) {
        let lifetimes = bound.lifetimes.clone();
        self.binding(lifetimes.as_ref(), |this| {
            visit_mut::visit_trait_bound_mut(this, bound);
        });
    }

    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        arguments: &mut ParenthesizedGenericArguments,
    ) {
        self.depth += 1;
        visit_mut::visit_parenthesized_generic_arguments_mut(self, arguments);
        self.depth -= 1;
    }
}
