//! Every rule about what can be derived, and about marks.

use syn::{Attribute, Meta};

use super::marker::Way;
use super::model::{Model, Shape, Variant};
use super::parse::{marks, types, word};
use super::request::Wanted;
use crate::bounds::Standard;
use crate::diag::Errors;

/// Applies every rule.
pub(super) fn check(model: &Model, errors: &mut Errors) {
    check_marks(model, errors);
    for wanted in &model.traits {
        check_trait(model, wanted, errors);
    }
}

/// Whether the trait can be implemented for the type; if not, that has been reported.
pub(super) fn is_possible(model: &Model, kind: Standard) -> bool {
    match (&model.shape, kind) {
        (Shape::Union(..), _) => matches!(kind, Standard::Clone | Standard::Copy),
        (Shape::Enum(variants), Standard::Default) => variants.iter().any(Variant::is_default),
        _ => true,
    }
}

fn check_trait(model: &Model, wanted: &Wanted, errors: &mut Errors) {
    let Wanted { kind, name } = wanted;
    if matches!(model.shape, Shape::Union(..)) && !is_possible(model, *kind) {
        errors.push(
            name,
            format_args!(
                "`{name}` cannot be derived for a union, which does not know which of its fields holds a value: only `Clone` and `Copy` can"
            ),
        );
        return;
    }
    if *kind == Standard::Default {
        check_default(model, wanted, errors);
    }
}

fn check_default(model: &Model, wanted: &Wanted, errors: &mut Errors) {
    for field in model.variants().iter().flat_map(|one| &one.fields) {
        let misplaced = field
            .attrs
            .iter()
            .find(|attr| attr.path().is_ident("default"));
        if let Some(attr) = misplaced {
            errors.push(
                attr,
                "`#[default]` goes on a variant: remove it from the field",
            );
        }
    }
    let Shape::Enum(variants) = &model.shape else {
        return;
    };
    let defaults: Vec<&Attribute> = variants.iter().flat_map(Variant::defaults).collect();
    for attr in &defaults {
        if !matches!(attr.meta, Meta::Path(_)) {
            errors.push(attr, "`#[default]` takes nothing: write `#[default]`");
        }
    }
    match &defaults[..] {
        [_] => {}
        [] if variants.is_empty() => errors.push(
            &wanted.name,
            "an enum without variants has no default: remove `Default`",
        ),
        [] => errors.push(
            &wanted.name,
            "which variant is the default is not said: put `#[default]` on one of them",
        ),
        [_, others @ ..] => {
            for other in others {
                errors.push(
                    other,
                    "there is one default variant: remove this `#[default]`",
                );
            }
        }
    }
}

fn check_marks(model: &Model, errors: &mut Errors) {
    let on_type: Vec<&Attribute> = marks(&model.attrs).collect();
    let variants = model.variants();
    let on_fields: Vec<&Attribute> = variants
        .iter()
        .flat_map(|variant| &variant.fields)
        .flat_map(|field| marks(&field.attrs))
        .collect();
    for mark in variants.iter().flat_map(|variant| marks(&variant.attrs)) {
        errors.push(mark, "a variant is not marked: mark its fields");
    }
    for param in &model.generics.params {
        for mark in marks(attributes(param)) {
            errors.push(
                mark,
                "a parameter is not marked: list it on the type, or mark fields",
            );
        }
    }
    if model.way == Way::Perfect {
        if !model.beside_bounded {
            check_needless(on_type.into_iter().chain(on_fields), errors);
        }
        return;
    }
    if let [_, second, ..] = &on_type[..] {
        errors.push(second, "the types are listed twice: join the lists");
    }
    if let ([_, ..], [mark, ..]) = (&on_type[..], &on_fields[..]) {
        errors.push(
            mark,
            "the list on the type says all the bounds: remove it, or the marks of the fields",
        );
    }
    let mistakes = on_type.iter().filter_map(|mark| types(mark).err());
    let others = on_fields.iter().filter_map(|mark| word(mark).err());
    mistakes
        .chain(others)
        .for_each(|mistake| errors.adopt(mistake));
}

/// `#[perfect_derive]` needs no marks, and would not heed them.
fn check_needless<'a>(marks: impl Iterator<Item = &'a Attribute>, errors: &mut Errors) {
    for mark in marks {
        errors.push(
            mark,
            "`#[perfect_derive]` takes its bounds from all fields: remove this, or use `#[bounded_derive]`",
        );
    }
}

fn attributes(param: &syn::GenericParam) -> &[Attribute] {
    match param {
        syn::GenericParam::Lifetime(param) => &param.attrs,
        syn::GenericParam::Type(param) => &param.attrs,
        syn::GenericParam::Const(param) => &param.attrs,
    }
}
