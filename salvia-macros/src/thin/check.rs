//! Every rule about traits with thin objects.
//!
//! Each mistake is reported at its token, with what to do. `where Self: Sized` always helps for a method, because such
//! methods are none of the object's.

use std::fmt::Display;

use quote::ToTokens;
use syn::{
    GenericParam, ItemTrait, ReturnType, Signature, TraitItem, Type, TypeParamBound, WherePredicate,
};

use super::model::{Kind, Method, Thin, ends_in, is_sized};
use super::words;
use crate::diag::Errors;

/// What can be written for the trait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Everything.
    Thin,
    /// There are mistakes, but `dyn Trait` is a type: what makes it the parameter of a reference, so that signatures and
    /// fields that name such references do not fail as well.
    Named,
    /// Nothing, as it would not compile.
    Nothing,
}

/// Supertraits that have no methods.
const MARKERS: [&str; 5] = ["Send", "Sync", "Unpin", "UnwindSafe", "RefUnwindSafe"];

const SIZED: &str = "or leave it out of the object with `where Self: Sized`";

/// Applies every rule.
pub(crate) fn check(thin: &Thin, errors: &mut Errors) -> Verdict {
    let mut found = Found {
        errors,
        verdict: Verdict::Thin,
    };
    whole(&thin.item, &mut found);
    for other in &thin.others {
        member(other, &mut found);
    }
    for method in &thin.methods {
        let signature = &method.function.sig;
        if !receiver(method, &mut found) {
            // Whatever else is in the way of a function that is none of an object's goes with it.
            continue;
        }
        qualifiers(signature, &mut found);
        parameters(signature, &mut found);
        conditions(signature, &mut found);
        for param in &method.params {
            types(&param.ty, "take", &mut found);
        }
        if let ReturnType::Type(_, output) = &signature.output {
            types(output, "return", &mut found);
        }
    }
    found.verdict
}

/// The mistakes so far, and what they leave possible.
struct Found<'e> {
    errors: &'e mut Errors,
    verdict: Verdict,
}

impl Found<'_> {
    /// A mistake with which `dyn Trait` can be written all the same.
    fn push(&mut self, at: impl ToTokens, message: impl Display) {
        self.errors.push(at, message);
        if self.verdict == Verdict::Thin {
            self.verdict = Verdict::Named;
        }
    }

    /// A mistake with which nothing that has `dyn Trait` in it would compile.
    fn incompatible(&mut self, at: impl ToTokens, message: impl Display) {
        self.errors.push(at, message);
        self.verdict = Verdict::Nothing;
    }
}

fn whole(item: &ItemTrait, found: &mut Found<'_>) {
    if let Some(unsafety) = &item.unsafety {
        found.push(
            unsafety,
            "a thin object cannot promise what an implementation of an `unsafe` trait has to: remove `unsafe`",
        );
    }
    if let Some(auto) = &item.auto_token {
        found.incompatible(
            auto,
            "an auto trait has no methods to call: remove `#[thin_dyn]`",
        );
    }
    for bound in &item.supertraits {
        supertrait(bound, found);
    }
    let clause = item.generics.where_clause.iter();
    for predicate in clause.flat_map(|clause| &clause.predicates) {
        if words::has("Self", predicate).is_some() {
            found.incompatible(
                predicate,
                "a condition on `Self` is a supertrait: write it behind the name of the trait, as in `trait Name: Send`",
            );
        }
    }
}

fn supertrait(bound: &TypeParamBound, found: &mut Found<'_>) {
    match bound {
        bound if is_sized(bound) => found.incompatible(
            bound,
            "a trait of `Sized` types has no objects: write `where Self: Sized` on the methods that need it instead",
        ),
        TypeParamBound::Trait(marker) if ends_in(&marker.path, &MARKERS) => {}
        TypeParamBound::Lifetime(lifetime) if lifetime.ident == "static" => {}
        TypeParamBound::Lifetime(_) => found.push(
            bound,
            "the only lifetime a thin object's trait can ask for is `'static`: remove this one",
        ),
        _ => found.push(
            bound,
            "the only supertraits of a thin object are `Send`, `Sync`, `Unpin`, `UnwindSafe` and `RefUnwindSafe`, because \
             methods of others cannot be called through it: declare the methods you need in the trait itself",
        ),
    }
}

fn member(item: &TraitItem, found: &mut Found<'_>) {
    match item {
        TraitItem::Type(ty) => found.incompatible(
            ty.type_token,
            "a thin object has no associated types: make it a parameter of the trait",
        ),
        TraitItem::Const(constant) => found.incompatible(
            constant.const_token,
            "a thin object has no associated constants: make it a method that takes `&self`",
        ),
        TraitItem::Macro(call) => found.incompatible(
            call,
            "what a macro writes cannot be seen here: write the methods out",
        ),
        other => found.incompatible(other, "only methods are expected here: remove it"),
    }
}

/// Whether there is any receiver.
fn receiver(method: &Method, found: &mut Found<'_>) -> bool {
    let name = &method.function.sig.ident;
    match &method.receiver {
        Kind::Shared(_) | Kind::Exclusive(_) => {}
        Kind::Other(receiver) => {
            let at = match receiver.colon_token {
                Some(_) => receiver.ty.to_token_stream(),
                None => receiver.self_token.to_token_stream(),
            };
            let message =
                format!("a thin object is only borrowed: take `&self` or `&mut self`, {SIZED}");
            found.push(at, message);
        }
        Kind::Missing => found.incompatible(
            name,
            format_args!("`{name}` takes no object to call it on: add `&self`, {SIZED}"),
        ),
    }
    !matches!(method.receiver, Kind::Missing)
}

fn qualifiers(signature: &Signature, found: &mut Found<'_>) {
    if let Some(asyncness) = &signature.asyncness {
        found.incompatible(
            asyncness,
            "an `async fn` cannot be called through an object, because each type has another future: return \
             `Pin<Box<dyn Future<Output = ..> + '_>>` instead",
        );
    }
    if let Some(constness) = &signature.constness {
        found.incompatible(constness, "methods of traits are not `const`: remove it");
    }
    if let Some(variadic) = &signature.variadic {
        let message = format!("a method of an object is not variadic: remove `...`, {SIZED}");
        found.incompatible(variadic, message);
    }
}

/// Lifetimes make no difference to the code of a method; other parameters do.
fn parameters(signature: &Signature, found: &mut Found<'_>) {
    for param in &signature.generics.params {
        let name = match param {
            GenericParam::Lifetime(_) => continue,
            GenericParam::Type(param) => &param.ident,
            GenericParam::Const(param) => &param.ident,
        };
        let message = format!(
            "a method of an object is generic in lifetimes only: make `{name}` a parameter of the trait, {SIZED}"
        );
        found.incompatible(param, message);
    }
}

fn conditions(signature: &Signature, found: &mut Found<'_>) {
    let clause = signature.generics.where_clause.iter();
    for predicate in clause.flat_map(|clause| &clause.predicates) {
        if !matches!(predicate, WherePredicate::Lifetime(_)) {
            let message = format!(
                "a method of an object has conditions on lifetimes only: remove this one, {SIZED}"
            );
            found.push(predicate, message);
        }
    }
}

fn types(ty: &Type, verb: &str, found: &mut Found<'_>) {
    if let Some(at) = words::has("Self", ty) {
        let message = format!(
            "a method of an object cannot {verb} `Self`, because the type is not known: write another type, {SIZED}"
        );
        found.incompatible(at, message);
    }
    if let Some(at) = words::has("impl", ty) {
        let message = format!(
            "a method of an object cannot {verb} `impl Trait`, because each type has another: {verb} `Box<dyn Trait>` or the \
             like, {SIZED}"
        );
        found.incompatible(at, message);
    }
}
