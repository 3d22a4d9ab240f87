//! Writes the code of a query.
//!
//! No rules and no errors here: `Sound` has nothing left to decide. The code is one call of a hidden function of the
//! engine. Its spans matter: what the type checker may have to say about a parameter or the value is said at the type
//! the user wrote. Names that the user's code could see begin with `__salvia`.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::{GenericParam, Lifetime, Receiver, Token, ext::IdentExt, parse_quote};

use super::carry;
use super::check::{Binding, Context, Sound};
use super::lifetimes::ends;
use super::options::Options;
use crate::engine::Engine;

/// `quote!` for tokens that are nobody's: variables in them are hidden from the user, and lints pass them by. All have one
/// context, without which the compiler could not narrow an error down to one argument.
macro_rules! code {
    ($($tokens:tt)*) => { ::quote::quote_spanned! { ::proc_macro2::Span::mixed_site()=> $($tokens)* } };
}
pub(super) use code;

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
            let method = format_ident!(
                "__salvia_body_of_{}",
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
    /// The type of each argument, the receiver first.
    pub(super) types: Vec<TokenStream>,
}

impl<'a> Parts<'a> {
    fn new(options: &'a Options, sound: &'a Sound<'a>) -> Self {
        let engine = &options.engine;
        let receiver = sound
            .query
            .receiver
            .iter()
            .map(|receiver| receiver.ty.to_token_stream());
        let params = sound.params.iter().map(|param| param.ty.to_token_stream());
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
            types: receiver.chain(params).collect(),
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
        let types = nest(&self.types);
        let given = match self.options.shared {
            Some(_) => code! { #engine::Shared<#value> },
            None => value.clone(),
        };
        let used = &query.stripped;
        let run = self.run(body, &types);
        let describe = self.describe();
        let (query, _) = self.ways();
        let options = self.options(&types);
        let call = code! {
            #support::assert::#query(#context, #arguments, __salvia_run, __salvia_run, #describe, #options)
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
        let lifetime = match self.sound.context.lifetime {
            Some(lifetime) => lifetime.clone(),
            None if self.sound.context.only_lifetime => {
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
        if let Some(receiver) = &self.sound.query.receiver {
            let receiver = Receiver {
                // `mut` is for the body; a receiver that is a reference has its own.
                mutability: receiver.mutability.filter(|_| receiver.reference.is_some()),
                ..receiver.clone()
            };
            arguments.push(receiver.self_token.to_token_stream());
            params.push(receiver.to_token_stream());
        }
        for Binding { name, ty } in &self.sound.params {
            let name = hidden(name);
            arguments.push(at(ty, name.to_token_stream()));
            params.push(code! { #name: #ty });
        }
        let Context { name, of, .. } = &self.sound.context;
        let name = hidden(name);
        params.push(code! { #name: &#lifetime #of });
        let place = self.types.first().unwrap_or(&self.value);
        (code! { #(#params),* }, at(place, nest(&arguments)))
    }

    /// The closure that runs the body. Its type is what tells this query, with its generic arguments, from others.
    fn run(&self, body: &TokenStream, types: &TokenStream) -> TokenStream {
        let Self {
            engine, support, ..
        } = self;
        let arguments = self.accesses();
        let context = code! { #support::assert::written(&__salvia_cx) };
        let context = at(&first(self.sound.context.of), context);
        let (_, running) = self.ways();
        let running = code! { #support::assert::#running(async move { #body(#(#arguments,)* #context).await }) };
        let running = at(&self.value_place(), running);
        code! {
            |__salvia_args: #types, __salvia_cx: #engine::QueryContext| #running
        }
    }

    /// The body where it is: a closure sees the generics of the function and of the `impl` around it.
    fn body_closure(&self) -> TokenStream {
        let Self { support, value, .. } = self;
        let block = self.sound.body;
        let names = self.sound.params.iter().map(|param| param.name);
        let types = self.sound.params.iter().map(|param| param.ty);
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
        let arguments = self.accesses();
        if arguments.is_empty() {
            return code! { |_, _| ::core::result::Result::Ok(()) };
        }
        code! {
            |__salvia_args, __salvia_f| {
                use #support::describe::{ByDebug as _, ByDots as _};
                #support::describe::text(__salvia_f, &[#((&#support::describe::Probe(&#arguments)).__salvia_view()),*])
            }
        }
    }

    /// The places of the arguments in the tuple that `nest` makes.
    pub(super) fn accesses(&self) -> Vec<TokenStream> {
        let mut place = code! { __salvia_args };
        let mut left = self.types.len();
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

/// The longest tuple that implements the traits of a key.
const TUPLE: usize = 12;

/// A tuple of any length; what does not fit is a tuple in its last place.
fn nest(items: &[TokenStream]) -> TokenStream {
    if items.len() <= TUPLE {
        return code! { (#(#items,)*) };
    }
    let (first, rest) = items.split_at(TUPLE - 1);
    let rest = nest(rest);
    code! { (#(#first,)* #rest) }
}

/// The name for use outside the body: the same to read, but lints about the user's names do not see it twice.
fn hidden(name: &syn::PatIdent) -> Ident {
    let mut hidden = name.ident.clone();
    hidden.set_span(Span::mixed_site().located_at(name.ident.span()));
    hidden
}

fn spanned(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            token.set_span(span);
            token
        })
        .collect()
}

fn first(tokens: &dyn ToTokens) -> TokenStream {
    tokens.to_token_stream().into_iter().take(1).collect()
}

/// Makes the compiler take these tokens for being where `place` is.
fn at(place: &dyn ToTokens, tokens: TokenStream) -> TokenStream {
    let (first, last) = ends(place);
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let end = tokens.len().saturating_sub(1);
    for (index, token) in tokens.iter_mut().enumerate() {
        let span = if index > 0 && index == end {
            last
        } else {
            first
        };
        token.set_span(Span::mixed_site().located_at(span));
    }
    tokens.into_iter().collect()
}
