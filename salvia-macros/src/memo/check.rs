//! Every rule about memos.
//!
//! All errors are collected. Only a memo without any is handed on, as `Sound`, in which nothing is left to decide.

use proc_macro2::Group;
use syn::{PatIdent, Type};

use super::MEMO;
use super::model::Memo;
use super::options::Options;
use crate::diag::Errors;
use crate::function::params::{self, Param, Pattern};
use crate::function::parse::Body;
use crate::function::rules;
use crate::query::lifetimes::Found;

/// A memo without a mistake that can be seen in its tokens.
pub(super) struct Sound<'a> {
    pub(super) memo: &'a Memo,
    pub(super) params: Vec<(&'a PatIdent, &'a Type)>,
    pub(super) output: &'a Type,
    pub(super) body: &'a Group,
    pub(super) strategy: Strategy,
}

/// How many calls are remembered.
#[derive(Clone, Copy)]
pub(super) enum Strategy {
    Single,
    Lru(usize),
}

/// Applies every rule.
pub(super) fn check<'a>(
    options: &Options,
    memo: &'a Memo,
    mut errors: Errors,
) -> Result<Sound<'a>, Errors> {
    let strategy = check_strategy(options, memo, &mut errors);
    check_qualifiers(memo, &mut errors);
    check_receiver(memo, &mut errors);
    for param in &memo.params {
        check_param(param, &mut errors);
    }
    rules::check_names(&memo.params, &mut errors);
    check_output(memo, &mut errors);
    match sound(memo, strategy) {
        Some(sound) if errors.is_empty() => Ok(sound),
        _ => Err(errors),
    }
}

fn sound(memo: &Memo, strategy: Option<Strategy>) -> Option<Sound<'_>> {
    let Body::Block(body) = &memo.body else {
        return None;
    };
    let params = memo.params.iter().map(|param| match &param.pattern {
        Pattern::Name(name) => Some((name, &param.ty)),
        Pattern::Wildcard(_) | Pattern::Destructuring(_) => None,
    });
    Some(Sound {
        memo,
        params: params.collect::<Option<_>>()?,
        output: memo.output.as_ref()?,
        body,
        strategy: strategy?,
    })
}

fn check_strategy(options: &Options, memo: &Memo, errors: &mut Errors) -> Option<Strategy> {
    match (&options.single, &options.lru) {
        (Some(_), None) => Some(Strategy::Single),
        (None, Some(slots)) => Some(Strategy::Lru(slots.number)),
        (Some(_), Some(slots)) => {
            errors.push(
                &slots.name,
                "a memo is either `single` or `lru = N`: remove one of the two",
            );
            None
        }
        (None, None) if options.is_wrong => None,
        (None, None) => {
            let name = &memo.name;
            errors.push(
                name,
                format_args!(
                    "how many calls of `{name}` are to be remembered? Write `#[memo(single)]` for the last one, or \
                     `#[memo(lru = N)]` for the N that were used last"
                ),
            );
            None
        }
    }
}

fn check_qualifiers(memo: &Memo, errors: &mut Errors) {
    let sig = &memo.sig;
    rules::check_words(&MEMO, sig, errors);
    if let Some(asyncness) = &sig.asyncness {
        errors.push(
            asyncness,
            "a memo cannot be `async`, because it has no task to wait in: make it a `#[salvia::query]`, or remove `async`",
        );
    }
    if let Some(unsafety) = &sig.unsafety {
        errors.push(
            unsafety,
            "a memo cannot be `unsafe`, because what its caller has to see to is not part of the key: make the function \
             safe",
        );
    }
    rules::check_variadic(&MEMO, sig, errors);
    if let Body::Missing(semicolon) = &memo.body {
        errors.push(
            semicolon,
            "a memo needs a body: in a trait, declare the function without `#[memo]` and call a memo from its body",
        );
    }
    if memo.sig.inputs.is_empty() {
        errors.push(
            params::parentheses(&memo.sig),
            "a memo remembers values by its arguments: give it a parameter, or use a `std::sync::LazyLock` for the one \
             value",
        );
    }
}

fn check_receiver(memo: &Memo, errors: &mut Errors) {
    if let Some(receiver) = &memo.receiver {
        errors.push(
            receiver.self_token,
            "a memo cannot be a method: make it an associated function with a parameter `this: &Self`, or pass the parts \
             of `self` that it reads",
        );
    }
}

fn check_param(param: &Param, errors: &mut Errors) {
    rules::check_pattern(&MEMO, param, errors);
    if let Type::Reference(reference) = &param.ty
        && let Some(mutability) = &reference.mutability
    {
        errors.push(
            mutability,
            "a memo cannot take `&mut`, because a hit would change nothing: take `&`, and return the new value",
        );
        return;
    }
    let found = Found::within(&param.ty);
    for argument in &found.impls {
        errors.push(
            argument,
            "a memo cannot take `impl Trait`: name a type parameter, as in `fn f<T: Trait>(t: T)`",
        );
    }
    rules::check_inferred(&MEMO, found.inferred.as_ref(), errors);
}

fn check_output(memo: &Memo, errors: &mut Errors) {
    let Some(output) = &memo.output else {
        errors.push(
            &memo.name,
            "a memo returns what it remembers: write the type, as in `fn f(..) -> Type`",
        );
        return;
    };
    if let Type::Never(never) = output {
        errors.push(
            never,
            "a memo returns a value: write its type instead of `!`",
        );
        return;
    }
    let found = Found::within(output);
    for part in &found.impls {
        errors.push(
            part,
            "a memo cannot return `impl Trait`, because its value is stored: name the type",
        );
    }
    rules::check_inferred(&MEMO, found.inferred.as_ref(), errors);
    if let Some(borrowed) = found.borrowed {
        errors.push(
            borrowed,
            "a memo cannot return a borrow, because its value outlives the arguments: return an owned value, such as an \
             `Arc`, or a `&'static` reference",
        );
    }
}
