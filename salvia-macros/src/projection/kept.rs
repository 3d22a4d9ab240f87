//! What the snapshot of a field is made of.
//!
//! A field is one part, and the snapshot of its type is one type argument of the hidden type. A field in which the type
//! holds itself cannot be: its snapshot would be part of an argument of itself. So such a field is taken apart, as far
//! down as the type itself, which is the hidden type, and the form around that is written out.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::{Expr, Generics, Type};

use super::lifetimes::Freed;
use crate::bounds::{Container, Mention, Subject, take_apart};

/// The parts of all fields.
pub(super) struct Parts<'a> {
    generics: &'a Generics,
    /// The types that are kept by their own snapshots.
    pub(super) leaves: Vec<Leaf<'a>>,
    /// The types that hold the type itself in a way nothing is known of.
    pub(super) unknown: Vec<&'a Type>,
    /// Whether the type holds itself only where it can be rebuilt from a key.
    pub(super) can_be_keys: bool,
    /// Whether the type holds itself behind a reference, of which nothing remains in the snapshot to give it a size.
    pub(super) is_boxed: bool,
}

/// A part: fields whose types differ in lifetimes only are kept alike.
pub(super) struct Leaf<'a> {
    pub(super) ty: &'a Type,
    /// The type for all lifetimes.
    pub(super) freed: Freed,
    /// The same with `'static` among them.
    wholly: Freed,
}
/// How the snapshot of a type is written, by means of those of its parts.
pub(super) enum Form {
    /// The part of this number.
    Leaf(usize),
    /// The hidden type.
    Itself,
    Boxed(Box<Form>),
    Optional(Box<Form>),
    List(Box<Form>),
    Array(Box<Form>, Box<Expr>),
    Result(Box<Form>, Box<Form>),
    Tuple(Vec<Form>),
    Hashed(Box<Form>, Box<Form>),
}

impl<'a> Parts<'a> {
    pub(super) fn new(generics: &'a Generics) -> Self {
        Self {
            generics,
            leaves: Vec::new(),
            unknown: Vec::new(),
            can_be_keys: true,
            is_boxed: false,
        }
    }

    /// The form of a type; its parts are added.
    pub(super) fn form(&mut self, ty: &'a Type, subject: &Subject) -> Form {
        if !subject.has_itself(ty) {
            return self.leaf(ty);
        }
        match (subject.mention(ty), take_apart(ty)) {
            (Some(Mention::Same), _) => Form::Itself,
            (None, Some((container, arguments))) => {
                self.container(ty, container, &arguments, subject)
            }
            _ => self.unknown(ty),
        }
    }

    fn container(
        &mut self,
        ty: &'a Type,
        container: Container,
        arguments: &[&'a Type],
        subject: &Subject,
    ) -> Form {
        // Behind these there is no view of itself to be rebuilt, or none in order.
        self.can_be_keys &= !matches!(
            container,
            Container::Reference
                | Container::Slice
                | Container::Cow
                | Container::HashMap
                | Container::BTreeMap
                | Container::BTreeSet
                | Container::Rc
                | Container::Arc
        );
        self.is_boxed |= matches!(container, Container::Reference | Container::Cow);
        let mut form = |ty: &'a Type| Box::new(self.form(ty, subject));
        match (container, arguments) {
            (Container::Box, [inner]) => Form::Boxed(form(inner)),
            (Container::Reference | Container::Cow | Container::PhantomData, [inner]) => {
                *form(inner)
            }
            (Container::Option, [inner]) => Form::Optional(form(inner)),
            (
                Container::Vec
                | Container::VecDeque
                | Container::LinkedList
                | Container::Slice
                | Container::BTreeSet,
                [inner],
            ) => Form::List(form(inner)),
            (Container::Result, [value, error]) => Form::Result(form(value), form(error)),
            (Container::BTreeMap, [key, value]) => {
                let entry = vec![*form(key), *form(value)];
                Form::List(Box::new(Form::Tuple(entry)))
            }
            (Container::HashMap, [key, value, ..]) => Form::Hashed(form(key), form(value)),
            (Container::Array, [inner]) => match length(ty) {
                Some(length) => Form::Array(form(inner), Box::new(length)),
                None => self.unknown(ty),
            },
            (Container::Tuple, all) => Form::Tuple(all.iter().map(|ty| *form(ty)).collect()),
            // They are kept as they are, which takes no snapshot of what they hold.
            (Container::Rc | Container::Arc, _) => self.leaf(ty),
            _ => self.unknown(ty),
        }
    }

    fn leaf(&mut self, ty: &'a Type) -> Form {
        let freed = Freed::new(ty, self.generics);
        let known = self
            .leaves
            .iter()
            .position(|leaf| leaf.freed.text == freed.text);
        Form::Leaf(known.unwrap_or_else(|| {
            let wholly = Freed::wholly(ty, self.generics);
            self.leaves.push(Leaf { ty, freed, wholly });
            self.leaves.len() - 1
        }))
    }

    /// The number of the part that has the same snapshots as this one: `&'static str` has those of `&'a str`.
    pub(super) fn snapshot(&self, number: usize) -> usize {
        let wholly = &self.leaves[number].wholly.text;
        let first = self
            .leaves
            .iter()
            .position(|leaf| leaf.wholly.text == *wholly);
        first.unwrap_or(number)
    }

    /// The type whose snapshots these are, for all the lifetimes it has in its parts.
    pub(super) fn freed(&self, number: usize) -> &Freed {
        let leaf = &self.leaves[number];
        let alike = |other: &&Leaf<'_>| other.wholly.text == leaf.wholly.text;
        match self.leaves.iter().filter(alike).count() {
            1 => &leaf.freed,
            _ => &leaf.wholly,
        }
    }

    fn unknown(&mut self, ty: &'a Type) -> Form {
        self.unknown.push(ty);
        Form::Itself
    }
}

fn length(ty: &Type) -> Option<Expr> {
    match ty {
        Type::Array(array) => Some(array.len.clone()),
        Type::Paren(inner) => length(&inner.elem),
        Type::Group(inner) => length(&inner.elem),
        _ => None,
    }
}

/// The type parameter that stands for the snapshot of a part.
pub(super) fn param(number: usize) -> Ident {
    format_ident!("__Salvia{number}", span = Span::mixed_site())
}

impl Form {
    /// The type that keeps this. `itself` is the hidden type with its parameters.
    pub(super) fn tokens(&self, itself: &TokenStream, support: &TokenStream) -> TokenStream {
        let of = |form: &Self| form.tokens(itself, support);
        let span = Span::mixed_site();
        match self {
            Self::Leaf(number) => {
                let param = param(*number);
                quote_spanned! { span=> #param }
            }
            Self::Itself => itself.clone(),
            Self::Boxed(inner) => {
                let inner = of(inner);
                quote_spanned! { span=> ::std::boxed::Box<#inner> }
            }
            Self::Optional(inner) => {
                let inner = of(inner);
                quote_spanned! { span=> ::core::option::Option<#inner> }
            }
            Self::List(inner) => {
                let inner = of(inner);
                quote_spanned! { span=> ::std::vec::Vec<#inner> }
            }
            Self::Array(inner, length) => {
                let inner = of(inner);
                quote_spanned! { span=> [#inner; #length] }
            }
            Self::Result(value, error) => {
                let (value, error) = (of(value), of(error));
                quote_spanned! { span=> ::core::result::Result<#value, #error> }
            }
            Self::Tuple(all) => {
                let all = all.iter().map(of);
                quote_spanned! { span=> (#(#all,)*) }
            }
            Self::Hashed(key, value) => {
                let (key, value) = (of(key), of(value));
                quote_spanned! { span=> #support::HashEntries<#key, #value> }
            }
        }
    }
}
