//! Every rule about queries.
//!
//! All errors are collected. Only a query without any is handed on, as `Sound`, in which nothing is left to decide.

use proc_macro2::Group;
use syn::{Lifetime, PatIdent, Type};

use super::QUERY;
use super::lifetimes::Found;
use super::model::{ContextType, Query, context_type, is_boxed_future};
use crate::diag::Errors;
use crate::function::params::{self, Param, Pattern};
use crate::function::parse::Body;
use crate::function::rules;

/// A query without a mistake that can be seen in its tokens.
pub(crate) struct Sound<'a> {
    pub(crate) query: &'a Query,
    pub(crate) params: Vec<Binding<'a>>,
    pub(crate) context: Context<'a>,
    pub(crate) body: &'a Group,
}

/// A named parameter.
pub(crate) struct Binding<'a> {
    pub(crate) name: &'a PatIdent,
    pub(crate) ty: &'a Type,
}

/// The last parameter.
pub(crate) struct Context<'a> {
    pub(crate) name: &'a PatIdent,
    /// The lifetime, if the user gave it a name.
    pub(crate) lifetime: Option<&'a Lifetime>,
    /// Whether it is the only lifetime of the signature, and need not have a name.
    pub(crate) only_lifetime: bool,
    /// What it refers to.
    pub(crate) of: &'a Type,
}

/// Applies every rule.
pub(crate) fn check(query: &Query) -> Result<Sound<'_>, Errors> {
    let mut errors = Errors::default();
    check_qualifiers(query, &mut errors);
    check_receiver(query, &mut errors);
    for param in &query.params {
        check_param(param, &mut errors);
    }
    rules::check_names(query.all_params(), &mut errors);
    check_output(query, &mut errors);
    let context = check_context(query, &mut errors);
    match sound(query, context) {
        Some(sound) if errors.is_empty() => Ok(sound),
        _ => Err(errors),
    }
}

fn sound<'a>(query: &'a Query, context: Option<Context<'a>>) -> Option<Sound<'a>> {
    let Body::Block(body) = &query.body else {
        return None;
    };
    let params = query.params.iter().map(|param| match &param.pattern {
        Pattern::Name(name) => Some(Binding {
            name,
            ty: &param.ty,
        }),
        Pattern::Wildcard(_) | Pattern::Destructuring(_) => None,
    });
    Some(Sound {
        query,
        params: params.collect::<Option<_>>()?,
        context: context?,
        body,
    })
}

fn check_qualifiers(query: &Query, errors: &mut Errors) {
    let sig = &query.sig;
    match &query.output {
        _ if sig.asyncness.is_some() => {}
        Some(output) if is_boxed_future(output) => errors.push(
            output,
            "a query is an `async fn`, not a function that returns a boxed future: if another attribute made it one, \
             put `#[query]` above that attribute",
        ),
        _ => errors.push(
            sig.fn_token,
            "a query is an `async fn`: write `async` before `fn`, and return the value itself instead of a future",
        ),
    }
    rules::check_words(&QUERY, sig, errors);
    if let Some(unsafety) = &sig.unsafety {
        errors.push(
            unsafety,
            "a query cannot be `unsafe`, because the engine runs it again by itself: make the function safe",
        );
    }
    rules::check_variadic(&QUERY, sig, errors);
    if let Body::Missing(semicolon) = &query.body {
        errors.push(
            semicolon,
            "a query needs a body: in a trait, declare the method without `#[query]` and call a query from its body",
        );
    }
}

fn check_receiver(query: &Query, errors: &mut Errors) {
    let Some(receiver) = &query.receiver else {
        return;
    };
    rules::check_attributes(&QUERY, &receiver.attrs, errors);
    if let Type::Reference(reference) = &*receiver.ty
        && let Some(mutability) = &reference.mutability
    {
        errors.push(
            mutability,
            "a query cannot take `&mut self`, because a hit would change nothing: take `&self`, and return what is new",
        );
    }
}

fn check_param(param: &Param, errors: &mut Errors) {
    rules::check_pattern(&QUERY, param, errors);
    check_param_type(&param.ty, errors);
}

fn check_param_type(ty: &Type, errors: &mut Errors) {
    if let ContextType::Reference { named: true, .. } = context_type(ty) {
        errors.push(
            ty,
            "a query has one context, and it is the last parameter: move it to the end",
        );
        return;
    }
    let found = Found::within(ty);
    for argument in &found.impls {
        errors.push(argument, "a query cannot take `impl Trait`: name a type parameter, as in `fn f<T: Trait>(t: T, ..)`");
    }
    rules::check_inferred(&QUERY, found.inferred.as_ref(), errors);
    check_reference(ty, errors);
}

/// A view is made again from its key when the query runs without its caller. There is nothing then that a reference to a
/// view could lead to.
fn check_reference(ty: &Type, errors: &mut Errors) {
    let Type::Reference(reference) = ty else {
        return;
    };
    if let Some(mutability) = &reference.mutability {
        errors.push(
            mutability,
            "a query cannot take `&mut`, because a hit would change nothing: take `&`, and return the new value",
        );
        return;
    }
    if let Some(borrowed) = Found::within(&reference.elem).borrowed {
        errors.push(
            borrowed,
            "a query cannot take a reference to what borrows itself, because it keeps an owned key and makes views from \
             that: pass the view, or the container of views, by value, as `Vec<View<'_>>` instead of `&[View<'_>]`",
        );
    }
}

fn check_output(query: &Query, errors: &mut Errors) {
    let Some(output) = &query.output else { return };
    if query.sig.asyncness.is_none() {
        // What such a function returns is no value of a query, so the rules of values say nothing about it.
        return;
    }
    if let Type::Never(never) = output {
        errors.push(
            never,
            "a query returns a value: write its type instead of `!`",
        );
        return;
    }
    let found = Found::within(output);
    for part in &found.impls {
        errors.push(
            part,
            "a query cannot return `impl Trait`, because its value is stored: name the type",
        );
    }
    rules::check_inferred(&QUERY, found.inferred.as_ref(), errors);
    if let Some(borrowed) = found.borrowed {
        errors.push(
            borrowed,
            "a query cannot return a borrow, because its value is stored: return an owned value, an `Arc` (`Arc<str>` for \
             `&str`), or a `&'static` reference",
        );
    }
}

fn check_context<'a>(query: &'a Query, errors: &mut Errors) -> Option<Context<'a>> {
    let Some(param) = &query.context else {
        errors.push(
            params::parentheses(&query.sig),
            "a query takes its context as the last parameter: add `cx: &QueryContext`",
        );
        return None;
    };
    rules::check_attributes(&QUERY, &param.attrs, errors);
    let name = check_context_name(param, errors);
    let (lifetime, of) = check_context_type(query, param, errors)?;
    let lifetimes_elsewhere = query
        .params
        .iter()
        .any(|param| Found::within(&param.ty).lifetimes);
    Some(Context {
        name: name?,
        lifetime,
        only_lifetime: query.receiver.is_none() && !lifetimes_elsewhere,
        of,
    })
}

fn check_context_name<'a>(param: &'a Param, errors: &mut Errors) -> Option<&'a PatIdent> {
    match &param.pattern {
        Pattern::Name(name) => return Some(name),
        Pattern::Wildcard(wildcard) => {
            errors.push(
                wildcard,
                "the context of a query needs a name: write `_cx` if the body does not use it",
            );
        }
        Pattern::Destructuring(pattern) => {
            errors.push(
                pattern,
                "the context of a query is a plain name: write `cx: &QueryContext`",
            );
        }
    }
    None
}

fn check_context_type<'a>(
    query: &Query,
    param: &'a Param,
    errors: &mut Errors,
) -> Option<(Option<&'a Lifetime>, &'a Type)> {
    match context_type(&param.ty) {
        ContextType::Reference {
            lifetime: Some(lifetime),
            ..
        } if lifetime.ident == "static" => {
            errors.push(lifetime, "the context of a query lives as long as the call, no longer: write `&QueryContext`");
        }
        ContextType::Reference { lifetime, of, .. } => {
            return Some((lifetime.filter(|lifetime| lifetime.ident != "_"), of));
        }
        ContextType::Unique(mutability) => {
            errors.push(
                mutability,
                "the context of a query is shared: write `&QueryContext`",
            );
        }
        ContextType::Owned => errors.push(
            &param.ty,
            "a query borrows its context: write `&QueryContext`",
        ),
        // One that is elsewhere has its own message, which is enough.
        ContextType::Other if query.params.iter().any(is_context) => {
            check_param_type(&param.ty, errors)
        }
        ContextType::Other => errors.push(
            &param.ty,
            "the last parameter of a query is its context: add `cx: &QueryContext` after this one",
        ),
    }
    None
}

fn is_context(param: &Param) -> bool {
    matches!(
        context_type(&param.ty),
        ContextType::Reference { named: true, .. }
    )
}
