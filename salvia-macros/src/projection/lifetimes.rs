//! What can be seen of the lifetimes in the type of a field.

use proc_macro2::Span;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::VisitMut;
use syn::{Generics, Lifetime, Type, TypeParamBound, WherePredicate};

/// Where the lifetimes of a field come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Borrows {
    /// There are none, or they are those of the type.
    Own,
    /// `'static` ones only.
    Static,
    /// Both kinds.
    Mixed,
}

/// Looks at the lifetimes of a type.
pub(super) fn borrows(ty: &Type, generics: &Generics) -> Borrows {
    let mut seen = Seen::new(generics);
    seen.visit_type(ty);
    match (seen.own, seen.is_static) {
        (_, false) => Borrows::Own,
        (false, true) => Borrows::Static,
        (true, true) => Borrows::Mixed,
    }
}

/// The type with the lifetimes of the generics replaced by one.
pub(super) fn replaced(ty: &Type, generics: &Generics, by: &Lifetime) -> Type {
    let mut ty = ty.clone();
    let mut replace = Replace(|lifetime: &Lifetime| is_own(lifetime, generics).then(|| by.clone()));
    replace.visit_type_mut(&mut ty);
    ty
}

/// A type with a lifetime of its own for each of the generics, so that something can be said of all of them.
pub(super) struct Freed {
    pub(super) ty: Type,
    pub(super) lifetimes: Vec<Lifetime>,
    /// The type, to be compared.
    pub(super) text: String,
}

impl Freed {
    pub(super) fn new(ty: &Type, generics: &Generics) -> Self {
        Self::of(ty, |lifetime| is_own(lifetime, generics))
    }

    /// Frees `'static` as well.
    pub(super) fn wholly(ty: &Type, generics: &Generics) -> Self {
        Self::of(ty, |lifetime| {
            is_static(lifetime) || is_own(lifetime, generics)
        })
    }

    /// The lifetimes are numbered as they come, so that types that differ in them only become equal. A projection may be
    /// known for one lifetime only, so a type with one stays as it is.
    fn of(ty: &Type, is_freed: impl Fn(&Lifetime) -> bool) -> Self {
        let mut freed = ty.clone();
        let mut known: Vec<Lifetime> = Vec::new();
        let is_free = !has_projection(ty);
        let mut replace = Replace(|lifetime: &Lifetime| {
            if !is_free || !is_freed(lifetime) {
                return None;
            }
            let number = known.iter().position(|one| one.ident == lifetime.ident);
            let number = number.unwrap_or_else(|| {
                known.push(lifetime.clone());
                known.len() - 1
            });
            Some(fresh(number))
        });
        replace.visit_type_mut(&mut freed);
        Self {
            text: freed.to_token_stream().to_string(),
            lifetimes: (0..known.len()).map(fresh).collect(),
            ty: freed,
        }
    }
}

fn fresh(number: usize) -> Lifetime {
    Lifetime::new(&format!("'__salvia{number}"), Span::mixed_site())
}

fn has_projection(ty: &Type) -> bool {
    struct Look(bool);
    impl<'ast> Visit<'ast> for Look {
        fn visit_qself(&mut self, _: &'ast syn::QSelf) {
            self.0 = true;
        }
    }
    let mut look = Look(false);
    look.visit_type(ty);
    look.0
}

/// Whether a type remains one when each of its lifetimes becomes another: they are asked nothing but to outlive each
/// other, or to be outlived by a type.
pub(super) fn are_free(generics: &Generics) -> bool {
    let of_params = generics
        .type_params()
        .all(|param| param.bounds.iter().all(|bound| is_free(bound, generics)));
    let predicates = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    let mut of_clause = predicates.map(|predicate| match predicate {
        WherePredicate::Type(predicate) => {
            !mentions(&predicate.bounded_ty, generics)
                && predicate
                    .bounds
                    .iter()
                    .all(|bound| is_free(bound, generics))
        }
        WherePredicate::Lifetime(predicate) => !predicate.bounds.iter().any(is_static),
        _ => false,
    });
    let of_lifetimes = generics
        .lifetimes()
        .all(|param| !param.bounds.iter().any(is_static));
    of_params && of_lifetimes && of_clause.all(|free| free)
}

fn is_free(bound: &TypeParamBound, generics: &Generics) -> bool {
    let mut seen = Seen::new(generics);
    match bound {
        TypeParamBound::Lifetime(_) => {}
        bound => seen.visit_type_param_bound(bound),
    }
    !seen.own
}

fn mentions(ty: &Type, generics: &Generics) -> bool {
    let mut seen = Seen::new(generics);
    seen.visit_type(ty);
    seen.own
}

fn is_static(lifetime: &Lifetime) -> bool {
    lifetime.ident == "static"
}

fn is_own(lifetime: &Lifetime, generics: &Generics) -> bool {
    generics
        .lifetimes()
        .any(|param| param.lifetime.ident == lifetime.ident)
}

struct Seen<'g> {
    generics: &'g Generics,
    own: bool,
    is_static: bool,
}

impl<'g> Seen<'g> {
    fn new(generics: &'g Generics) -> Self {
        Self {
            generics,
            own: false,
            is_static: false,
        }
    }
}

impl<'ast> Visit<'ast> for Seen<'_> {
    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        self.own |= is_own(lifetime, self.generics);
        self.is_static |= is_static(lifetime);
        visit::visit_lifetime(self, lifetime);
    }
}

struct Replace<F>(F);

impl<F: FnMut(&Lifetime) -> Option<Lifetime>> VisitMut for Replace<F> {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if let Some(other) = (self.0)(lifetime) {
            *lifetime = other;
        }
    }
}
