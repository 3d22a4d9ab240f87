//! Every rule about nested functions.
//!
//! What is not refused here keeps its meaning: the function does the same, and is a call of its own.

use proc_macro2::Group;

use crate::diag::Errors;
use crate::function::parse::{Body, Function};

/// Applies every rule, and gives the body.
pub(crate) fn check<'f>(function: &'f Function, errors: &mut Errors) -> Option<&'f Group> {
    let sig = &function.sig;
    if let Some(constness) = &sig.constness {
        errors.push(
            constness,
            "a nested function is called while the program runs, for its path is not known before: remove `const`",
        );
    }
    if let Some(abi) = &sig.abi {
        errors.push(
            abi,
            "only a function of Rust knows where it was called: remove `extern`",
        );
    }
    for attr in &function.attrs {
        let name = attr.path().segments.last().map(|last| &last.ident);
        if name.is_some_and(|name| name == "query") {
            errors.push(
                attr,
                "a query is the beginning of a path, whoever calls it: remove `#[nested]`, or put it on the function that asks",
            );
        }
    }
    match &function.body {
        Body::Block(block) => Some(block),
        Body::Missing(semicolon) => {
            errors.push(
                semicolon,
                "a nested function needs a body: put `#[nested]` on each implementation of the method",
            );
            None
        }
    }
}
