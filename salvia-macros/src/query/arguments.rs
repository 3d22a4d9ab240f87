//! The arguments of a query in the types that the code needs.
//!
//! An argument is owned or a view, which is seen by its lifetimes: a view has one that is not `'static`. An owned one is
//! its own key; a view leaves an owned key, and is made from it where the body runs.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::{Lifetime, Type};

use super::check::Sound;
use super::lifetimes::Found;
use crate::engine::Engine;
use crate::rewrite::{elided, in_static, named};
use crate::tokens::{at, code};

/// One argument.
pub(super) struct Argument {
    /// As the user wrote it, with a name for each lifetime.
    pub(super) ty: Type,
    /// The same without names, for the parameters of closures and functions.
    pub(super) any: Type,
    kind: Kind,
}

enum Kind {
    Owned,
    /// Of a type that may share what it holds with its key, as far as can be seen.
    Sharing,
    /// With the view's type for `'static`, which leads to the type of the key.
    View(Box<Type>),
}

/// All of them, the receiver first.
pub(super) struct Arguments {
    pub(super) all: Vec<Argument>,
    /// The names that were given to lifetimes.
    pub(super) lifetimes: Vec<Lifetime>,
}

impl Arguments {
    pub(super) fn new(sound: &Sound<'_>) -> Self {
        let mut lifetimes = Vec::new();
        let receiver = sound.query.receiver.iter().map(|receiver| &*receiver.ty);
        let types = receiver.chain(sound.params.iter().map(|param| param.ty));
        let all = types.map(|ty| Argument::new(ty, &mut lifetimes)).collect();
        Self { all, lifetimes }
    }

    /// Whether each is taken by itself: where a view is among them, or one that may share what it holds.
    pub(super) fn is_view(&self) -> bool {
        let is_plain = |argument: &Argument| matches!(argument.kind, Kind::Owned);
        !self.all.iter().all(is_plain)
    }

    /// What is kept of each.
    pub(super) fn keys(&self, engine: &Engine) -> Vec<TokenStream> {
        let key = |argument: &Argument| match &argument.kind {
            Kind::View(ty) => at(&**ty, code! { <#ty as #engine::Param>::Key }),
            _ => argument.ty.to_token_stream(),
        };
        self.all.iter().map(key).collect()
    }
}

impl Argument {
    fn new(ty: &Type, lifetimes: &mut Vec<Lifetime>) -> Self {
        let kind = match Found::within(ty).borrowed {
            Some(_) => Kind::View(Box::new(in_static(ty))),
            None if may_share(ty.to_token_stream()) => Kind::Sharing,
            None => Kind::Owned,
        };
        let ty = named(ty, || {
            let name = format_ident!("__view{}", lifetimes.len());
            let name = Lifetime::new(&format!("'{name}"), Span::mixed_site());
            lifetimes.push(name.clone());
            name
        });
        let any = elided(&ty);
        Self { ty, any, kind }
    }

    /// The argument for the engine, which is told by its type what to make of it.
    pub(super) fn itself(&self, name: &TokenStream, support: &TokenStream) -> TokenStream {
        let ty = &self.ty;
        let given = match &self.kind {
            Kind::Owned => code! { #support::Own(#name) },
            Kind::Sharing => code! {{
                use #support::sharing::{ByEq as _, ByPointer as _};
                (&#support::sharing::Probe::<#ty>::HERE).__salvia_argument(#name)
            }},
            Kind::View(_) => code! { #support::View(#name) },
        };
        at(ty, given)
    }

    /// A look at what is kept in `place`: the view, or the owned argument.
    pub(super) fn look(&self, place: &TokenStream, engine: &Engine) -> TokenStream {
        match &self.kind {
            Kind::View(ty) => at(&self.ty, code! { <#ty as #engine::Param>::view(&#place) }),
            _ => place.clone(),
        }
    }

    /// The argument again, made from what is kept in `place`.
    pub(super) fn again(&self, place: &TokenStream, engine: &Engine) -> TokenStream {
        if let Kind::View(_) = self.kind {
            return self.look(place, engine);
        }
        let (ty, support) = (&self.ty, engine.support());
        let place = at(ty, code! { &#place });
        at(ty, code! { #support::again(#place) })
    }
}

/// The names of types that may share what they hold.
const HANDLES: [&str; 7] = [
    "Arc", "Bytes", "Vector", "HashMap", "HashSet", "OrdMap", "OrdSet",
];

/// Whether one of them is named. The compiler is asked what it stands for only then.
pub(super) fn may_share(tokens: TokenStream) -> bool {
    let is_handle = |name: &Ident| HANDLES.iter().any(|handle| name == handle);
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => is_handle(&name),
        TokenTree::Group(group) => may_share(group.stream()),
        _ => false,
    })
}
