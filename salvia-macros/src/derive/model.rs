//! Facts about a type that is derived, right or wrong, with the tokens they came from.

use proc_macro2::Span;
use syn::{
    Attribute, Data, DeriveInput, Expr, Fields, Generics, Ident, Index, Member, Meta, Token, Type,
    punctuated::Punctuated, spanned::Spanned,
};

use super::marker::{Marker, Way};
use super::parse::marks;
use super::request::Wanted;
use crate::bounds::{Standard, Subject};

/// A type, and the traits that are wanted for it.
pub(super) struct Model {
    pub(super) way: Way,
    /// Whether the marks are for another attribute of the item.
    pub(super) beside_bounded: bool,
    pub(super) traits: Vec<Wanted>,
    /// What the bounds are found with.
    pub(super) subject: Subject,
    pub(super) attrs: Vec<Attribute>,
    pub(super) name: Ident,
    pub(super) generics: Generics,
    pub(super) shape: Shape,
    pub(super) is_packed: bool,
    /// The type of the discriminants, if it is said.
    pub(super) discriminants: Option<Ident>,
}

pub(super) enum Shape {
    Struct(Variant),
    Enum(Vec<Variant>),
    Union(Variant),
}

/// One variant; a struct is one too.
pub(super) struct Variant {
    pub(super) attrs: Vec<Attribute>,
    pub(super) name: Ident,
    pub(super) is_tuple: bool,
    pub(super) fields: Vec<Field>,
    pub(super) discriminant: Option<Expr>,
}

pub(super) struct Field {
    pub(super) attrs: Vec<Attribute>,
    pub(super) member: Member,
    pub(super) ty: Type,
    pub(super) is_marked: bool,
}

impl Model {
    pub(super) fn new(marker: Marker, input: DeriveInput) -> Self {
        let subject = Subject::new(&input);
        let hints = hints(&input.attrs);
        let name = &input.ident;
        let shape = match input.data {
            Data::Struct(data) => Shape::Struct(Variant::new(name.clone(), data.fields)),
            Data::Union(data) => {
                let fields = Fields::Named(data.fields);
                Shape::Union(Variant::new(name.clone(), fields))
            }
            Data::Enum(data) => Shape::Enum(data.variants.into_iter().map(of_enum).collect()),
        };
        Self {
            way: marker.way,
            beside_bounded: marker.beside_bounded,
            traits: marker.traits,
            subject,
            is_packed: hints.iter().any(|hint| hint == "packed"),
            discriminants: hints.into_iter().find(is_integer),
            attrs: input.attrs,
            name: input.ident,
            generics: input.generics,
            shape,
        }
    }

    pub(super) fn variants(&self) -> &[Variant] {
        match &self.shape {
            Shape::Struct(one) | Shape::Union(one) => std::slice::from_ref(one),
            Shape::Enum(variants) => variants,
        }
    }

    pub(super) fn is_wanted(&self, kind: Standard) -> bool {
        self.traits.iter().any(|wanted| wanted.kind == kind)
    }

    /// The types listed in the mark of the type itself.
    pub(super) fn listed(&self) -> Option<&Attribute> {
        marks(&self.attrs).next()
    }

    /// The fields whose values an implementation of the trait has to do with.
    pub(super) fn fields_of(&self, kind: Standard) -> Vec<&Field> {
        let is_concerned = |variant: &&Variant| match (&self.shape, kind) {
            (Shape::Enum(_), Standard::Default) => variant.is_default(),
            _ => true,
        };
        let variants = self.variants().iter().filter(is_concerned);
        variants.flat_map(|variant| &variant.fields).collect()
    }
}

impl Variant {
    fn new(name: Ident, fields: Fields) -> Self {
        let is_tuple = matches!(fields, Fields::Unnamed(_));
        let field = |(at, field): (usize, syn::Field)| Field {
            is_marked: marks(&field.attrs).count() > 0,
            member: match field.ident {
                Some(name) => Member::Named(name),
                None => Member::Unnamed(Index {
                    index: u32::try_from(at).unwrap_or(u32::MAX),
                    span: Span::mixed_site(),
                }),
            },
            attrs: field.attrs,
            ty: field.ty,
        };
        Self {
            attrs: Vec::new(),
            name,
            is_tuple,
            fields: fields.into_iter().enumerate().map(field).collect(),
            discriminant: None,
        }
    }

    /// The marks of the default variant.
    pub(super) fn defaults(&self) -> impl Iterator<Item = &Attribute> {
        self.attrs
            .iter()
            .filter(|attr| attr.path().is_ident("default"))
    }

    pub(super) fn is_default(&self) -> bool {
        self.defaults().next().is_some()
    }
}

impl Field {
    /// Where the compiler is to point when the field lacks a trait.
    pub(super) fn span(&self) -> Span {
        Span::mixed_site().located_at(self.ty.span())
    }
}

fn of_enum(variant: syn::Variant) -> Variant {
    Variant {
        attrs: variant.attrs,
        discriminant: variant.discriminant.map(|(_, value)| value),
        ..Variant::new(variant.ident, variant.fields)
    }
}

/// The words in `#[repr(..)]`.
fn hints(attrs: &[Attribute]) -> Vec<Ident> {
    let reprs = attrs.iter().filter(|attr| attr.path().is_ident("repr"));
    let words = reprs.filter_map(|attr| {
        attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .ok()
    });
    words
        .flatten()
        .filter_map(|word| word.path().get_ident().cloned())
        .collect()
}

fn is_integer(hint: &Ident) -> bool {
    const INTEGERS: [&str; 12] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
    ];
    INTEGERS.iter().any(|name| hint == name)
}
