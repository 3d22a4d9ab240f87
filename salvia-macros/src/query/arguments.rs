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
use crate::tokens::{at, code, of_trait, spanned};

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
    View(OfParam),
}

/// The way to what `Param` has for a view: of its type for `'static`, which leads to that of the key. A compiler that takes all
/// of it for being at the view says there, and once, that it has none.
struct OfParam {
    path: TokenStream,
    end: Span,
}

/// All of them, the receiver first.
pub(super) struct Arguments {
    pub(super) all: Vec<Argument>,
    /// The names that were given to lifetimes.
    pub(super) lifetimes: Vec<Lifetime>,
}

impl Arguments {
    pub(super) fn new(sound: &Sound<'_>, engine: &Engine) -> Self {
        let mut lifetimes = Vec::new();
        let receiver = sound.query.receiver.iter().map(|receiver| &*receiver.ty);
        let types = receiver.chain(sound.params.iter().map(|param| param.ty));
        let all = types.map(|ty| Argument::new(ty, engine, &mut lifetimes));
        Self {
            all: all.collect(),
            lifetimes,
        }
    }

    /// Whether each is taken by itself: where a view is among them, or one that may share what it holds.
    pub(super) fn is_view(&self) -> bool {
        let is_plain = |argument: &Argument| matches!(argument.kind, Kind::Owned);
        !self.all.iter().all(is_plain)
    }

    /// What is kept of each.
    pub(super) fn keys(&self) -> Vec<TokenStream> {
        let key = |argument: &Argument| match &argument.kind {
            Kind::View(view) => view.key(),
            _ => argument.ty.to_token_stream(),
        };
        self.all.iter().map(key).collect()
    }
}

impl Argument {
    fn new(ty: &Type, engine: &Engine, lifetimes: &mut Vec<Lifetime>) -> Self {
        let kind = match Found::within(ty).borrowed {
            Some(_) => Kind::View(OfParam::new(ty, engine)),
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
    pub(super) fn itself(&self, name: &TokenStream, engine: &Engine) -> TokenStream {
        let (ty, support) = (&self.ty, engine.support());
        let given = match &self.kind {
            Kind::Owned => code! { #support::Own(#name) },
            Kind::Sharing => code! {{
                use #support::sharing::{ByEq as _, ByPointer as _};
                (&#support::sharing::Probe::<#ty>::HERE).__salvia_argument(#name)
            }},
            Kind::View(view) => {
                let key = view.key();
                let (start, end) = (
                    at(ty, code! { #support::view::< }),
                    at(ty, code! { , _>(#name) }),
                );
                return code! { #start #key #end };
            }
        };
        at(ty, given)
    }

    /// A look at what is kept in `place`: the view, or the owned argument.
    pub(super) fn look(&self, place: &TokenStream) -> TokenStream {
        match &self.kind {
            Kind::View(view) => view.view(&at(&self.ty, code! { &#place })),
            _ => place.clone(),
        }
    }

    /// The argument again, made from what is kept in `place`.
    pub(super) fn again(&self, place: &TokenStream, engine: &Engine) -> TokenStream {
        if let Kind::View(_) = self.kind {
            return self.look(place);
        }
        let (ty, support) = (&self.ty, engine.support());
        let place = at(ty, code! { &#place });
        at(ty, code! { #support::again(#place) })
    }
}

impl OfParam {
    fn new(ty: &Type, engine: &Engine) -> Self {
        let (path, end) = of_trait(&in_static(ty), &code! { #engine::Param });
        Self { path, end }
    }

    /// The type of the key.
    fn key(&self) -> TokenStream {
        self.item(code! { Key })
    }

    /// The view again, made from the key in `place`.
    fn view(&self, place: &TokenStream) -> TokenStream {
        self.item(code! { view(#place) })
    }

    fn item(&self, item: TokenStream) -> TokenStream {
        let (path, item) = (&self.path, spanned(item, self.end));
        code! { #path #item }
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
