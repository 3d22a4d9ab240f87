//! Looks for what a type of a query must not hold: lifetimes other than `'static`, `impl Trait` and `_`.
//!
//! Lifetimes bound inside the type (`for<'a> fn(&'a str)`, `Arc<dyn Fn(&u32)>`) are no lifetimes of its values.
//! Lifetimes hidden in a path (`Foo` for `Foo<'_>`) cannot be seen; the compiler reports those.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{
    BoundLifetimes, GenericParam, Lifetime, ParenthesizedGenericArguments, TraitBound, Type,
    TypeBareFn, TypeImplTrait, TypeInfer, TypeReference,
};

/// What was found in one type.
#[derive(Default)]
pub(crate) struct Found {
    /// The tokens of the first lifetime that is not `'static`: the lifetime, or the `&` that leaves it out.
    pub(crate) borrowed: Option<TokenStream>,
    /// Whether there is any lifetime at all, `'static` and those left out among them.
    pub(crate) lifetimes: bool,
    /// Each `impl Trait`.
    pub(crate) impls: Vec<TypeImplTrait>,
    /// The first `_`.
    pub(crate) inferred: Option<TypeInfer>,
    bound: Vec<Lifetime>,
    elision_depth: usize,
}

impl Found {
    pub(crate) fn within(ty: &Type) -> Self {
        let mut found = Self::default();
        found.visit_type(ty);
        found
    }

    fn borrow(&mut self, at: impl ToTokens) {
        self.borrowed.get_or_insert_with(|| at.to_token_stream());
    }

    /// Visits with the lifetimes of a `for<..>` in scope.
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

    /// Visits the inputs and output of a function type, whose own elided lifetimes are bound by it.
    fn eliding(&mut self, visit: impl FnOnce(&mut Self)) {
        self.elision_depth += 1;
        visit(self);
        self.elision_depth -= 1;
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
        self.lifetimes = true;
        if reference.lifetime.is_none() && self.elision_depth == 0 {
            self.borrow(reference.and_token);
        }
        visit::visit_type_reference(self, reference);
    }

    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        self.lifetimes = true;
        let allowed = match lifetime.ident.to_string().as_str() {
            "static" => true,
            "_" => self.elision_depth > 0,
            _ => self.bound.contains(lifetime),
        };
        if !allowed {
            self.borrow(lifetime);
        }
    }

    fn visit_type_bare_fn(&mut self, function: &'ast TypeBareFn) {
        self.binding(function.lifetimes.as_ref(), |found| {
            found.eliding(|found| visit::visit_type_bare_fn(found, function));
        });
    }

    fn visit_trait_bound(&mut self, bound: &'ast TraitBound) {
        self.binding(bound.lifetimes.as_ref(), |found| {
            visit::visit_trait_bound(found, bound)
        });
    }

    fn visit_parenthesized_generic_arguments(
        &mut self,
        arguments: &'ast ParenthesizedGenericArguments,
    ) {
        self.eliding(|found| visit::visit_parenthesized_generic_arguments(found, arguments));
    }

    fn visit_bound_lifetimes(&mut self, _: &'ast BoundLifetimes) {
        // A declaration, not a use.
    }

    fn visit_type_infer(&mut self, inferred: &'ast TypeInfer) {
        self.inferred.get_or_insert_with(|| inferred.clone());
    }

    fn visit_type_impl_trait(&mut self, found: &'ast TypeImplTrait) {
        // What is inside goes with it: one mistake, one message.
        self.impls.push(found.clone());
    }
}
