//! Writes the code of a query.
//!
//! No rules and no errors here: `Sound` has nothing left to decide. The code is one call of a hidden function of the
//! engine. Its spans matter: what the type checker may have to say about a parameter or the value is said at the type
//! the user wrote. Names that the user's code could see begin with `__salvia`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident};
use syn::{GenericParam, Lifetime, Receiver, Token, Type, ext::IdentExt, parse_quote};

use super::arguments::{Argument, Arguments};
use super::carry;
use super::check::{Binding, Context, Sound};
use super::options::Options;
use crate::engine::Engine;
use crate::tokens::{TUPLE, at, code, ends, first, hidden, nest, spanned};

/// The query, and for one with a receiver the hidden method that holds its body.
pub(crate) fn query(options: &Options, sound: &Sound<'_>) -> TokenStream {
    let parts = Parts::new(options, sound);
    match &sound.query.receiver {
        None => {
            let attrs = carry::to_whole(&sound.query.attrs);
            let head = parts.head(&parts.body_closure());
            code! { #(#attrs)* #head }
        }
        Some(receiver) => {
            let attrs = carry::to_head(&sound.query.attrs);
            // What the compiler says of it in an `impl` of a trait, which cannot be seen here, is nothing but its name.
            let method = format_ident!(
                "__salvia_body_of_{}_which_must_be_a_free_function_or_an_inherent_method",
                sound.query.name.unraw(),
                span = Span::mixed_site()
            );
            let head = parts.head(&parts.call_path(&method));
            let body = parts.body_method(&method, receiver);
            code! { #(#attrs)* #head #body }
        }
    }
}

/// What several places of the code need.
pub(super) struct Parts<'a> {
    pub(super) options: &'a Options,
    pub(super) engine: &'a Engine,
    sound: &'a Sound<'a>,
    pub(super) support: TokenStream,
    /// The type of the value.
    pub(super) value: TokenStream,
    pub(super) arguments: Arguments,
    /// What is kept of each argument.
    keys: Vec<TokenStream>,
}

impl<'a> Parts<'a> {
    fn new(options: &'a Options, sound: &'a Sound<'a>) -> Self {
        let engine = &options.engine;
        let arguments = Arguments::new(sound, engine);
        Self {
            options,
            engine,
            sound,
            support: engine.support(),
            value: sound
                .query
                .output
                .as_ref()
                .map_or_else(|| code! { () }, ToTokens::to_token_stream),
            keys: arguments.keys(),
            arguments,
        }
    }

    /// The function the user calls. `body` is what to call with the arguments to have the user's code run.
    fn head(&self, body: &TokenStream) -> TokenStream {
        let Self {
            engine,
            support,
            value,
            ..
        } = self;
        let query = self.sound.query;
        let (vis, fn_token, name) = (&query.vis, &query.sig.fn_token, &query.name);
        let (generics, lifetime) = self.generics();
        let (params, arguments) = self.params(&lifetime);
        let of = self.sound.context.of;
        // At one token, because an error about the type may be found at the call or at its argument.
        let place = first(&of);
        let context = at(&place, hidden(self.sound.context.name).to_token_stream());
        let context = at(&place, code! { #support::assert::context(#context) });
        let where_clause = &generics.where_clause;
        let types: Vec<_> = self
            .arguments
            .all
            .iter()
            .map(|argument| argument.ty.to_token_stream())
            .collect();
        let types = nest(&types);
        let given = match self.options.shared {
            Some(_) => code! { #engine::Shared<#value> },
            None => value.clone(),
        };
        let used = &query.stripped;
        let run = self.run(body);
        let describe = self.describe();
        let (query, _) = self.ways();
        let options = self.options();
        let assert = match self.arguments.is_view() {
            false => code! { assert },
            true => code! { views },
        };
        let call = code! {
            #support::#assert::#query(#context, #arguments, __salvia_run, __salvia_run, #describe, #options)
        };
        let call = at(&self.value_place(), call);
        let block = code! {{
            #(use #used as _;)*
            let __salvia_run = #run;
            #call
        }};
        // The function begins and ends with tokens of the user, or it would not be the user's to the lint for dead code.
        let end = self.sound.body.span();
        let close = Token![>](end);
        let block = spanned(block, end);
        code! {
            #vis #fn_token #name #generics(#params) -> #engine::Query<#lifetime, #types, #given #close #where_clause #block
        }
    }

    /// The generics of the query, and the lifetime of its context.
    fn generics(&self) -> (syn::Generics, Lifetime) {
        let mut generics = self.sound.query.generics.clone();
        let place = ends(self.sound.context.of).0;
        for lifetime in self.arguments.lifetimes.iter().rev() {
            generics.params.insert(0, parse_quote! { #lifetime });
        }
        let lifetime = match self.sound.context.lifetime {
            Some(lifetime) => lifetime.clone(),
            None if self.sound.context.only_lifetime && !self.arguments.is_view() => {
                Lifetime::new("'_", Span::mixed_site().located_at(place))
            }
            None => {
                let lifetime = Lifetime::new("'__cx", Span::mixed_site());
                generics.params.insert(0, parse_quote! { #lifetime });
                lifetime
            }
        };
        (generics, lifetime)
    }

    /// The parameters of the query, and the expression that makes the tuple of its arguments from them.
    fn params(&self, lifetime: &Lifetime) -> (TokenStream, TokenStream) {
        let mut params = Vec::new();
        let mut arguments = Vec::new();
        let mut all = self.arguments.all.iter();
        if let Some(receiver) = &self.sound.query.receiver
            && let Some(argument) = all.next()
        {
            let name = receiver.self_token.to_token_stream();
            arguments.push(self.given(argument, name));
            params.push(named_receiver(receiver, &argument.ty));
        }
        for (Binding { name, .. }, argument) in self.sound.params.iter().zip(all) {
            let (name, ty) = (hidden(name), &argument.ty);
            arguments.push(self.given(argument, at(ty, name.to_token_stream())));
            params.push(code! { #name: #ty });
        }
        let Context { name, of, .. } = &self.sound.context;
        let name = hidden(name);
        params.push(code! { #name: &#lifetime #of });
        let place = match self.arguments.all.first() {
            Some(argument) => argument.ty.to_token_stream(),
            None => self.value.clone(),
        };
        (code! { #(#params),* }, at(&place, nest(&arguments)))
    }

    /// An argument for the engine.
    fn given(&self, argument: &Argument, name: TokenStream) -> TokenStream {
        match self.arguments.is_view() {
            false => name,
            true => argument.itself(&name, self.engine),
        }
    }

    /// The closure that runs the body. Its type is what tells this query, with its generic arguments, from others.
    fn run(&self, body: &TokenStream) -> TokenStream {
        let Self {
            engine, support, ..
        } = self;
        let arguments = self.arguments();
        let keys = nest(&self.keys);
        let context = code! { #support::assert::written(&__salvia_cx) };
        let context = at(&first(self.sound.context.of), context);
        let (_, running) = self.ways();
        let (own, kept) = match self.arguments.is_view() {
            false => (
                Some(code! { let __salvia_args = #support::taken::<#keys>(__salvia_args); }),
                None,
            ),
            true => (
                None,
                Some(code! { let __salvia_args = #support::viewed::<#keys>(&__salvia_cx); }),
            ),
        };
        let running = code! {
            #support::assert::#running(async move { #kept #body(#(#arguments,)* #context).await })
        };
        let running = at(&self.value_place(), running);
        code! {
            |__salvia_args: &mut dyn ::core::any::Any, __salvia_cx: #engine::QueryContext| { #own #running }
        }
    }

    /// The arguments in the body: owned ones, or made from what is kept.
    pub(super) fn arguments(&self) -> Vec<TokenStream> {
        let accesses = self.accesses();
        if !self.arguments.is_view() {
            return accesses;
        }
        let all = self.arguments.all.iter().zip(&accesses);
        all.map(|(argument, place)| argument.again(place, self.engine))
            .collect()
    }

    /// The type of what is kept of the arguments.
    pub(super) fn key(&self) -> TokenStream {
        nest(&self.keys)
    }

    /// The body where it is: a closure sees the generics of the function and of the `impl` around it.
    fn body_closure(&self) -> TokenStream {
        let Self { support, value, .. } = self;
        let block = self.sound.body;
        let names = self.sound.params.iter().map(|param| param.name);
        let types = self.arguments.all.iter().map(|argument| &argument.any);
        let Context { name, of, .. } = &self.sound.context;
        // The compiler takes the type of the value from the first `return` it meets. Without the one here,
        // `return Arc::new(..)` would not become an `Arc<dyn Trait>`. The arm of a `match` drops what the last expression
        // of the body borrows when a function would, and no lint takes its braces for needless.
        let never = at(
            &self.value_place(),
            code! { return #support::assert::never },
        );
        code! {
            (async |#(#names: #types,)* #name: &#of| {
                if false { #never::<#value>() }
                match () { () => #block }
            })
        }
    }

    /// The body as a method: a closure cannot bind `self`.
    fn body_method(&self, method: &Ident, receiver: &Receiver) -> TokenStream {
        let value = &self.value;
        let query = self.sound.query;
        let attrs = carry::to_body(&query.attrs);
        let (generics, where_clause) = (&query.generics, &query.generics.where_clause);
        let names = self.sound.params.iter().map(|param| param.name);
        let types = self.sound.params.iter().map(|param| param.ty);
        let Context {
            name, of, lifetime, ..
        } = &self.sound.context;
        let block = self.sound.body;
        code! {
            #(#attrs)*
            #[doc(hidden)]
            async fn #method #generics(#receiver, #(#names: #types,)* #name: &#lifetime #of) -> #value #where_clause #block
        }
    }

    /// The hidden method, with every generic argument that is no lifetime, as they need not follow from the parameters.
    fn call_path(&self, method: &Ident) -> TokenStream {
        let arguments = self
            .sound
            .query
            .generics
            .params
            .iter()
            .filter_map(|param| match param {
                GenericParam::Lifetime(_) => None,
                GenericParam::Type(param) => Some(&param.ident),
                GenericParam::Const(param) => Some(&param.ident),
            });
        code! { Self::#method::<#(#arguments),*> }
    }

    /// The closure that writes the arguments; for each it takes `Debug` where the signature proves it.
    fn describe(&self) -> TokenStream {
        let support = &self.support;
        let accesses = self.accesses();
        if accesses.is_empty() {
            return code! { |_, _| ::core::result::Result::Ok(()) };
        }
        let all = self.arguments.all.iter().zip(&accesses);
        let arguments = all.map(|(argument, place)| argument.look(place));
        let keys = nest(&self.keys);
        code! {
            |__salvia_args, __salvia_f| {
                let __salvia_args = #support::tuple::<#keys>(__salvia_args);
                use #support::describe::{ByDebug as _, ByDots as _};
                #support::describe::text(__salvia_f, &[#((&#support::describe::Probe(&#arguments)).__salvia_view()),*])
            }
        }
    }

    /// The places of the arguments in the tuple that `nest` makes.
    pub(super) fn accesses(&self) -> Vec<TokenStream> {
        let mut place = code! { __salvia_args };
        let mut left = self.keys.len();
        let mut accesses = Vec::new();
        loop {
            let here = if left > TUPLE { TUPLE - 1 } else { left };
            accesses.extend(
                (0..here)
                    .map(syn::Index::from)
                    .map(|index| code! { #place.#index }),
            );
            left -= here;
            if left == 0 {
                return accesses;
            }
            let last = syn::Index::from(here);
            place = code! { #place.#last };
        }
    }

    /// Where to say what the value lacks: its type, or the name of a query that returns the unit.
    fn value_place(&self) -> TokenStream {
        match &self.sound.query.output {
            Some(output) => output.to_token_stream(),
            None => self.sound.query.name.to_token_stream(),
        }
    }
}

/// The receiver, with a name for its lifetime.
fn named_receiver(receiver: &Receiver, ty: &Type) -> TokenStream {
    let mut receiver = Receiver {
        // `mut` is for the body; a receiver that is a reference has its own.
        mutability: receiver.mutability.filter(|_| receiver.reference.is_some()),
        ..receiver.clone()
    };
    if let (Some((_, lifetime)), Type::Reference(reference)) = (&mut receiver.reference, ty) {
        lifetime.clone_from(&reference.lifetime);
    }
    *receiver.ty = ty.clone();
    receiver.to_token_stream()
}
