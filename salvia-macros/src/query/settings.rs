//! Writes the code that an option of a query stands for.

use proc_macro2::{Ident, Span, TokenStream};
use syn::ExprPath;

use super::arguments::may_share;
use super::emit::Parts;
use super::options::Options;
use crate::tokens::code;

impl Parts<'_> {
    /// What makes the call and what boxes the body: they ask of the value what its options need.
    pub(super) fn ways(&self) -> (Ident, Ident) {
        let ways = match (&self.options.shared, self.options.compares()) {
            (None, true) => ("query", "running"),
            (None, false) => ("query_uncompared", "running_uncompared"),
            (Some(_), true) => ("query_shared", "running_shared"),
            (Some(_), false) => ("query_shared_uncompared", "running_shared_uncompared"),
        };
        let hidden = |name| Ident::new(name, Span::mixed_site());
        (hidden(ways.0), hidden(ways.1))
    }

    /// The options in the form of the engine.
    pub(super) fn options(&self) -> TokenStream {
        let support = &self.support;
        let Options {
            spawn,
            detached,
            cycle,
            no_eq,
            eq,
            size,
            lru,
            ..
        } = self.options;
        let options = [
            spawn.as_ref().map(|_| code! { .spawn() }),
            detached.as_ref().map(|_| code! { .detached() }),
            cycle.as_ref().map(|path| self.cycle(path)),
            self.compare(),
            no_eq.as_ref().map(|_| code! { .no_eq() }),
            eq.as_ref().map(|path| self.eq(path)),
            size.as_ref().map(|path| self.size(path)),
            lru.as_ref().map(|count| code! { .lru(#count) }),
        ];
        let options = options.into_iter().flatten();
        code! { #support::Options::new() #(#options)* }
    }

    /// The value on a cycle. The function is given its whole type at the path of the user, so that one of another is
    /// wrong there, and nowhere else.
    fn cycle(&self, path: &ExprPath) -> TokenStream {
        let Self {
            engine,
            support,
            value,
            ..
        } = self;
        let types = self.arguments.all.iter().map(|argument| &argument.any);
        let (arguments, key) = (self.arguments(), self.key());
        let kept = match self.arguments.is_view() {
            false => code! { #support::taken::<#key>(__salvia_args) },
            true => code! { &#support::taken::<#support::Placed<#key>>(__salvia_args).key },
        };
        code! {
            .cycle(|__salvia_cycle, __salvia_args| {
                let __salvia_args = #kept;
                let __salvia_value: fn(&#engine::Cycle, #(#types),*) -> #value = #path;
                #support::keep(__salvia_value(__salvia_cycle, #(#arguments),*))
            })
        }
    }

    /// Early cut-off by pointers first, where a value may share what it holds with the one before.
    fn compare(&self) -> Option<TokenStream> {
        let Self { support, value, .. } = self;
        if !self.options.compares() || !may_share(value.clone()) {
            return None;
        }
        Some(code! {
            .compare({
                use #support::sharing::{ByEq as _, ByPointer as _};
                (&#support::sharing::Probe::<#value>::HERE).__salvia_same()
            })
        })
    }

    fn eq(&self, path: &ExprPath) -> TokenStream {
        let Self { support, value, .. } = self;
        code! {
            .eq(|__salvia_old, __salvia_new| {
                let __salvia_eq: fn(&#value, &#value) -> bool = #path;
                __salvia_eq(#support::kept(__salvia_old), #support::kept(__salvia_new))
            })
        }
    }

    fn size(&self, path: &ExprPath) -> TokenStream {
        let Self { support, value, .. } = self;
        code! {
            .size(|__salvia_kept| {
                let __salvia_size: fn(&#value) -> usize = #path;
                __salvia_size(#support::kept(__salvia_kept))
            })
        }
    }
}
