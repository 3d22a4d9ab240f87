//! The algorithm: from the types of fields to predicates.

use std::collections::HashSet;

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    PredicateType, Token, Type, TypeParamBound, TypeParen, WherePredicate, parse_quote_spanned,
};

use super::Asked;
use super::container::{bare, needs_parentheses, take_apart};
use super::subject::{Mention, Subject};

/// The predicates found so far, each once, in the order in which they were found.
pub(crate) struct Bounds<'s> {
    subject: &'s Subject,
    predicates: Vec<WherePredicate>,
    written: HashSet<String>,
}

impl<'s> Bounds<'s> {
    pub(crate) fn new(subject: &'s Subject) -> Self {
        Self {
            subject,
            predicates: Vec::new(),
            written: HashSet::new(),
        }
    }

    /// Asks a trait of these types, exactly.
    pub(crate) fn exact<A: Asked>(&mut self, types: &[&Type], asked: &A) {
        let mut open = Open {
            all: vec![asked.clone()],
        };
        let mut next = 0;
        while let Some(asked) = open.all.get(next).cloned() {
            for ty in types {
                self.ask(ty, &asked, &mut open);
            }
            next += 1;
        }
    }

    /// Asks a trait of the parameters that these types mention, and of what is a projection of one.
    pub(crate) fn classic<A: Asked>(&mut self, types: &[&Type], asked: &A) {
        for ty in types {
            self.fall_back(ty, asked);
        }
    }

    /// Asks a trait of all parameters.
    pub(crate) fn of_params<A: Asked>(&mut self, asked: &A) {
        for param in &self.subject.types {
            self.write(&parse_quote_spanned! { param.span()=> #param }, asked);
        }
    }

    /// Asks a trait of this type, whatever it mentions.
    pub(crate) fn write<A: Asked>(&mut self, ty: &Type, asked: &A) {
        let path = asked.path(ty.span());
        let key = format!("{}: {path}", bare(ty).to_token_stream());
        if !self.written.insert(key) {
            return;
        }
        let bounded_ty = match needs_parentheses(bare(ty)) {
            false => ty.clone(),
            true => Type::Paren(TypeParen {
                paren_token: syn::token::Paren::default(),
                elem: Box::new(bare(ty).clone()),
            }),
        };
        let bound: TypeParamBound = parse_quote_spanned! { ty.span()=> #path };
        self.predicates.push(WherePredicate::Type(PredicateType {
            lifetimes: None,
            bounded_ty,
            colon_token: Token![:](ty.span()),
            bounds: Punctuated::from_iter([bound]),
        }));
    }

    pub(crate) fn into_predicates(self) -> Vec<WherePredicate> {
        self.predicates
    }

    fn ask<A: Asked>(&mut self, ty: &Type, asked: &A, open: &mut Open<A>) {
        let ty = bare(ty);
        if !self.subject.decides(ty) {
            return;
        }
        if !self.subject.has_itself(ty) {
            return self.write(ty, asked);
        }
        match self.subject.mention(ty) {
            Some(Mention::Same) => open.add(asked),
            Some(Mention::Other) => self.fall_back(ty, asked),
            None => match arguments(ty, asked) {
                None => self.fall_back(ty, asked),
                Some(arguments) => {
                    for (argument, asked) in arguments {
                        self.ask(argument, &asked, open);
                    }
                }
            },
        }
    }

    fn fall_back<A: Asked>(&mut self, ty: &Type, asked: &A) {
        for param in self.subject.params(ty) {
            self.write(&parse_quote_spanned! { ty.span()=> #param }, asked);
        }
        for projection in self.subject.projections(ty) {
            // A bound on a type that mentions itself would be a circle.
            if !self.subject.has_itself(&projection) {
                self.write(&projection, asked);
            }
        }
    }
}

/// The traits the type itself is asked for: of each, all fields are asked as well.
struct Open<A> {
    all: Vec<A>,
}

impl<A: Asked> Open<A> {
    fn add(&mut self, asked: &A) {
        if !self.all.contains(asked) {
            self.all.push(asked.clone());
        }
    }
}

/// What a container asks of its arguments; `None` if it is not known of one of them.
fn arguments<'t, A: Asked>(ty: &'t Type, asked: &A) -> Option<Vec<(&'t Type, A)>> {
    let (container, types) = take_apart(ty)?;
    let mut all = Vec::new();
    for (position, ty) in types.into_iter().enumerate() {
        let each = asked.of_argument(container, position)?;
        all.extend(each.into_iter().map(|asked| (ty, asked)));
    }
    Some(all)
}
