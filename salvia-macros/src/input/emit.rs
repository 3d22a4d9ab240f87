//! Writes `get` and `set`.
//!
//! No rules and no errors here. Both methods only call the engine, and say how the host is written: by `Debug` where its
//! definition proves that it has it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::model::Host;

/// The inherent methods of a host.
pub(crate) fn access(host: &Host) -> TokenStream {
    let Host {
        engine,
        name,
        generics,
        ..
    } = host;
    let support = engine.support();
    let (params, arguments, where_clause) = generics.split_for_impl();
    let value = value_param(host);
    let shown = quote_spanned! { Span::mixed_site()=>
        |host, f| {
            use #support::describe::{ByDebug as _, ByDots as _};
            #support::describe::text(f, &[(&#support::describe::Probe(host)).__salvia_view()])
        }
    };
    quote_spanned! { Span::mixed_site()=>
        #[automatically_derived]
        impl #params #name #arguments #where_clause {
            /// Reads the input of this host that holds values of the given type.
            ///
            /// The future does nothing unless it is awaited.
            /// It gives the value last set, as the context sees it, or the initial one.
            pub fn get<#value>(self, cx: &impl #engine::ReadContext) -> #support::Get<'_, Self, #value>
            where
                #support::assert::Host<Self>: #support::assert::Holds<Self, #value>,
                #value: #engine::Stashable,
            {
                <#support::assert::Host<Self> as #support::assert::Holds<Self, #value>>::get(self, #shown, cx)
            }

            /// Sets the input of this host that holds values of the given type.
            ///
            /// The future does nothing unless it is awaited.
            pub fn set<#value>(self, value: #value, cx: &#engine::InputContext) -> #support::Set<'_, Self, #value>
            where
                #support::assert::Host<Self>: #support::assert::Holds<Self, #value>,
                #value: #engine::Stashable,
            {
                <#support::assert::Host<Self> as #support::assert::Holds<Self, #value>>::set(self, value, #shown, cx)
            }
        }
    }
}

/// The name of the methods' type parameter: short, for the documentation, but none of the host's own.
fn value_param(host: &Host) -> Ident {
    let mut name = "V".to_owned();
    while host.has_param(&name) {
        name.push('_');
    }
    Ident::new(&name, Span::mixed_site())
}
