//! Rules that hold for every attribute on a function.

use std::collections::HashSet;

use syn::{Attribute, Signature, TypeInfer};

use super::What;
use super::params::{Param, Pattern};
use crate::diag::Errors;

/// What no such function can be, whatever it is otherwise.
pub(crate) fn check_variadic(what: &What, sig: &Signature, errors: &mut Errors) {
    if let Some(variadic) = &sig.variadic {
        errors.push(
            variadic.dots,
            format_args!(
                "a {} cannot take a variable number of arguments: pass them as one collection",
                what.noun
            ),
        );
    }
}

/// A word before `fn` that means nothing here.
pub(crate) fn check_words(what: &What, sig: &Signature, errors: &mut Errors) {
    let noun = what.noun;
    if let Some(constness) = &sig.constness {
        errors.push(
            constness,
            format_args!("a {noun} cannot be `const`: remove it"),
        );
    }
    if let Some(abi) = &sig.abi {
        errors.push(abi, format_args!("a {noun} cannot be `extern`: remove it"));
    }
}

/// A parameter has a plain name, and nothing else stands before its type.
pub(crate) fn check_pattern(what: &What, param: &Param, errors: &mut Errors) {
    let noun = what.noun;
    check_attributes(what, &param.attrs, errors);
    match &param.pattern {
        Pattern::Name(_) => {}
        Pattern::Wildcard(wildcard) => errors.push(
            wildcard,
            format_args!(
                "every parameter of a {noun} is part of its key and needs a name: write one that begins with `_`, such \
                 as `_unused`"
            ),
        ),
        Pattern::Destructuring(pattern) => errors.push(
            pattern,
            format_args!(
                "a parameter of a {noun} is a plain name: give it one, and take the value apart in the body"
            ),
        ),
    }
}

/// The attributes of one parameter.
pub(crate) fn check_attributes(what: &What, attrs: &[Attribute], errors: &mut Errors) {
    for attr in attrs {
        errors.push(
            attr,
            format_args!(
                "a parameter of a {} cannot have attributes: put them on the function",
                what.noun
            ),
        );
    }
}

/// A type that is not written out.
pub(crate) fn check_inferred(what: &What, inferred: Option<&TypeInfer>, errors: &mut Errors) {
    if let Some(inferred) = inferred {
        errors.push(
            inferred,
            format_args!(
                "the types of a {} are not inferred: write this one out",
                what.noun
            ),
        );
    }
}

/// The compiler would report a name used twice as well, but once for each place that the macro copies it to.
pub(crate) fn check_names<'a>(params: impl IntoIterator<Item = &'a Param>, errors: &mut Errors) {
    let mut seen = HashSet::new();
    for param in params {
        let Pattern::Name(name) = &param.pattern else {
            continue;
        };
        let ident = &name.ident;
        if !seen.insert(ident) {
            errors.push(
                ident,
                format_args!("two parameters are named `{ident}`: give this one another name"),
            );
        }
    }
}
