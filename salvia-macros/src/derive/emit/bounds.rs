//! What an implementation asks of the parameters.

use syn::{Type, WherePredicate};

use crate::bounds::{Bounds, Standard};
use crate::derive::marker::Way;
use crate::derive::model::{Field, Model, Shape};
use crate::derive::parse;

/// The predicates for one trait, beside those the type itself has.
pub(super) fn predicates(model: &Model, kind: Standard) -> Vec<WherePredicate> {
    let mut bounds = Bounds::new(&model.subject);
    for asked in asked(model, kind) {
        ask(model, kind, asked, &mut bounds);
    }
    bounds.into_predicates()
}

/// What the fields have to implement. Those of a packed struct cannot be borrowed, so they are copied out first.
fn asked(model: &Model, kind: Standard) -> Vec<Standard> {
    match (&model.shape, kind) {
        (Shape::Union(..), _) => vec![Standard::Copy],
        (_, Standard::Copy | Standard::Default) => vec![kind],
        _ if model.is_packed => vec![kind, Standard::Copy],
        _ => vec![kind],
    }
}

fn ask(model: &Model, kind: Standard, asked: Standard, bounds: &mut Bounds<'_>) {
    let fields = model.fields_of(kind);
    if model.way == Way::Perfect {
        return bounds.exact(&types(&fields, |_| true), &asked);
    }
    // What is wrong with the list has been reported; the classic bounds do not add to that.
    if let Some(Ok(listed)) = model.listed().map(parse::types) {
        return listed.iter().for_each(|ty| bounds.write(ty, &asked));
    }
    let is_enum_default = matches!(model.shape, Shape::Enum(_)) && kind == Standard::Default;
    if !is_enum_default && !fields.iter().any(|field| field.is_marked) {
        bounds.of_params(&asked);
    }
    bounds.classic(&types(&fields, |field| !field.is_marked), &asked);
    bounds.exact(&types(&fields, |field| field.is_marked), &asked);
}

fn types<'m>(fields: &[&'m Field], which: impl Fn(&Field) -> bool) -> Vec<&'m Type> {
    let fields = fields.iter().filter(|field| which(field));
    fields.map(|field| &field.ty).collect()
}
