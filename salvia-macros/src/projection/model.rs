//! Facts about a projection: its shapes, and what is to be kept of each field.

use proc_macro2::TokenStream;
use syn::{
    Attribute, Data, DeriveInput, Fields, Generics, Ident, Index, Member, Meta, Token, Type,
};

use super::kept::{Form, Parts};
use super::lifetimes::{self, Borrows};
use super::parse::HELPER;
use crate::bounds::{Container, Subject, take_apart};
use crate::diag::{Errors, error};
use crate::engine::Engine;
use crate::options;

/// A type that is to be a projection.
pub(super) struct View<'a> {
    pub(super) engine: Engine,
    pub(super) input: &'a DeriveInput,
    pub(super) subject: Subject,
    pub(super) name: &'a Ident,
    pub(super) generics: &'a Generics,
    /// The one of a struct, those of an enum.
    pub(super) variants: Vec<Variant<'a>>,
    /// What is kept of all fields.
    pub(super) parts: Parts<'a>,
    /// Present if the type is a union.
    pub(super) union: Option<Token![union]>,
    /// Whether nothing that can be seen is in the way of a `Param`.
    pub(super) can_be_param: bool,
}

pub(super) struct Variant<'a> {
    /// `None` for a struct.
    pub(super) name: Option<&'a Ident>,
    pub(super) fields: Vec<Field<'a>>,
}

pub(super) struct Field<'a> {
    pub(super) member: Member,
    pub(super) ty: &'a Type,
    pub(super) keep: Keep,
}

/// What becomes of a field.
pub(super) enum Keep {
    /// It is `PhantomData`.
    Nothing,
    /// It is kept in this form.
    As(Form),
}

impl<'a> View<'a> {
    pub(super) fn new(input: &'a DeriveInput, engine: Engine) -> Self {
        let subject = Subject::new(input);
        let mut parts = Parts::new(&input.generics);
        let mut variant = |name: Option<&'a Ident>, fields: &'a Fields| Variant {
            name,
            fields: members(fields)
                .map(|(member, ty)| Field {
                    member,
                    ty,
                    keep: keep(ty, &subject, &mut parts),
                })
                .collect(),
        };
        let (variants, union) = match &input.data {
            Data::Struct(data) => (vec![variant(None, &data.fields)], None),
            Data::Enum(data) => {
                let each = |one: &'a syn::Variant| variant(Some(&one.ident), &one.fields);
                (data.variants.iter().map(each).collect(), None)
            }
            Data::Union(data) => (Vec::new(), Some(data.union_token)),
        };
        let generics = &input.generics;
        let mut fields = variants.iter().flat_map(|variant| &variant.fields);
        let can_be_param = parts.can_be_keys
            && lifetimes::are_free(generics)
            && fields.all(|field| can_be_key(field, generics));
        Self {
            engine,
            input,
            subject,
            name: &input.ident,
            generics,
            variants,
            can_be_param,
            parts,
            union,
        }
    }
}

/// The name of the engine, as the helper attributes say.
pub(super) fn engine(input: &DeriveInput, errors: &mut Errors) -> Engine {
    let mut engine = Engine::default();
    let helpers = input
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident(HELPER));
    for attr in helpers {
        match arguments(attr) {
            Ok(options) => options::read(&mut engine, options, errors),
            Err(error) => errors.adopt(error),
        }
    }
    engine
}

fn arguments(attr: &Attribute) -> syn::Result<TokenStream> {
    match &attr.meta {
        Meta::List(list) => Ok(list.tokens.clone()),
        Meta::Path(_) | Meta::NameValue(_) => Err(error(
            attr,
            format_args!("write `#[{HELPER}(crate = path)]`, or remove the attribute"),
        )),
    }
}

fn members(fields: &Fields) -> impl Iterator<Item = (Member, &Type)> {
    fields.iter().enumerate().map(|(index, field)| {
        let member = match &field.ident {
            Some(name) => Member::Named(name.clone()),
            None => Member::Unnamed(Index::from(index)),
        };
        (member, &field.ty)
    })
}

/// Within a field in which the type holds itself, a `'static` reference cannot be kept as it is. What has no size has no
/// place in a view that is made anew.
fn can_be_key(field: &Field<'_>, generics: &Generics) -> bool {
    let is_sized = match field.ty {
        Type::Slice(_) | Type::TraitObject(_) => false,
        Type::Path(path) => !path.path.is_ident("str"),
        _ => true,
    };
    let can_be_rebuilt = match &field.keep {
        Keep::Nothing | Keep::As(Form::Leaf(_)) => true,
        Keep::As(_) => lifetimes::borrows(field.ty, generics) == Borrows::Own,
    };
    is_sized && can_be_rebuilt
}

fn keep<'a>(ty: &'a Type, subject: &Subject, parts: &mut Parts<'a>) -> Keep {
    match take_apart(ty) {
        Some((Container::PhantomData, _)) => Keep::Nothing,
        _ => Keep::As(parts.form(ty, subject)),
    }
}
