//! Writes the implementations that make thin objects of a trait.
//!
//! No rules and no errors here. What is written keeps the contract in the module `macro_support` of `salvia-thin`, on which
//! the soundness of that crate rests; its numbers stand here where they are kept.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{FnArg, GenericParam, Generics, Lifetime, LifetimeParam, Receiver, parse_quote};

use super::attributes;
use super::model::{Kind, Method, Thin};
use super::{Home, check::Verdict};

/// All that stands beside the trait.
pub(crate) fn code(home: &Home, thin: &Thin, verdict: Verdict) -> TokenStream {
    let writer = Writer {
        home,
        thin,
        methods: match verdict {
            Verdict::Thin => &thin.methods,
            Verdict::Named | Verdict::Nothing => &[],
        },
    };
    match verdict {
        Verdict::Thin => TokenStream::from_iter([writer.kinds(), writer.calls()]),
        Verdict::Named => writer.kinds(),
        Verdict::Nothing => TokenStream::new(),
    }
}

struct Writer<'a> {
    home: &'a Home,
    thin: &'a Thin,
    methods: &'a [Method],
}

impl Writer<'_> {
    /// The trait with its parameters, as it is named in a type.
    fn name(&self) -> TokenStream {
        let name = &self.thin.item.ident;
        let (_, arguments, _) = self.thin.item.generics.split_for_impl();
        quote! { #name #arguments }
    }

    /// `dyn Trait` with an explicit lifetime, and its parameter among those of the trait.
    fn with_lifetime(&self) -> (Lifetime, Generics) {
        let name = &self.thin.names.lifetime;
        let lifetime = Lifetime::new(&format!("'{name}"), Span::mixed_site());
        let mut generics = self.thin.item.generics.clone();
        let param = GenericParam::Lifetime(LifetimeParam::new(lifetime.clone()));
        generics.params.insert(0, param);
        (lifetime, generics)
    }

    /// What every implementation begins with.
    fn head(&self) -> TokenStream {
        let conditions = &self.thin.conditions;
        let allowed = attributes::allowed(&self.thin.item.attrs);
        quote! { #(#conditions)* #[automatically_derived] #(#allowed)* }
    }

    /// Which trait objects there are, of which types, and the addresses of their methods (1 to 4).
    fn kinds(&self) -> TokenStream {
        let none = quote! {};
        let send = quote! { + ::core::marker::Send };
        let sync = quote! { + ::core::marker::Sync };
        let both = quote! { + ::core::marker::Send + ::core::marker::Sync };
        let auto = [&none, &send, &sync, &both].map(|auto| self.kind(auto));
        let removals = [
            self.removal("RemoveSend", &send, &none),
            self.removal("RemoveSend", &both, &sync),
            self.removal("RemoveSync", &sync, &none),
            self.removal("RemoveSync", &both, &send),
        ];
        TokenStream::from_iter(auto.into_iter().chain(removals).chain([self.entries()]))
    }

    /// `dyn Trait` with some auto traits is a trait object with a thin form, and which types it can be made from.
    fn kind(&self, auto: &TokenStream) -> TokenStream {
        let Self { home, thin, .. } = self;
        let (head, name) = (self.head(), self.name());
        let (lifetime, mut generics) = self.with_lifetime();
        let methods = self.count(self.methods);
        let (params, _, clause) = generics.split_for_impl();
        let dyn_trait = quote_spanned! { Span::mixed_site()=>
            #head
            impl #params #home::DynTrait for dyn #name #auto + #lifetime #clause {
                type Plain = dyn #name + 'static;
                type Shape = #home::macro_support::Methods<{ #home::macro_support::form(#methods) }>;
                const METHODS: ::core::primitive::usize = #methods;
            }
        };
        let concrete = &thin.names.concrete;
        generics
            .params
            .push(parse_quote! { #concrete: #name #auto });
        let (params, _, clause) = generics.split_for_impl();
        quote_spanned! { Span::mixed_site()=>
            #dyn_trait

            #head
            impl #params #home::Upcast<#concrete> for dyn #name #auto + #lifetime #clause {
                const HANDLE: <<dyn #name + 'static as #home::DynTrait>::Shape as #home::macro_support::Shape>::Handle =
                    <<dyn #name + 'static as #home::DynTrait>::Shape as #home::macro_support::Pick<
                        dyn #name + 'static,
                        #concrete,
                    >>::HANDLE;
            }
        }
    }

    fn removal(&self, from: &str, auto: &TokenStream, rest: &TokenStream) -> TokenStream {
        let (home, head, name) = (self.home, self.head(), self.name());
        let remove = format_ident!("{from}", span = Span::mixed_site());
        let (lifetime, generics) = self.with_lifetime();
        let (params, _, clause) = generics.split_for_impl();
        quote_spanned! { Span::mixed_site()=>
            #head
            impl #params #home::#remove for dyn #name #auto + #lifetime #clause {
                type Without = dyn #name #rest + #lifetime;
            }
        }
    }

    /// The addresses of the methods of each type (2).
    fn entries(&self) -> TokenStream {
        let Self { home, thin, .. } = self;
        let (head, name) = (self.head(), self.name());
        let concrete = &thin.names.concrete;
        let mut generics = thin.item.generics.clone();
        generics.params.push(parse_quote! { #concrete: #name });
        let (params, _, clause) = generics.split_for_impl();
        // What is allowed of one entry, deprecated methods for example, has to be allowed of all: there is no place for it at
        // an expression.
        let allowed = self
            .methods
            .iter()
            .flat_map(|method| attributes::allowed(&method.function.attrs));
        let entries = self.methods.iter().map(|method| {
            let conditions = &method.conditions;
            let method = &method.function.sig.ident;
            quote_spanned! { Span::mixed_site()=>
                #(#conditions)*
                #home::macro_support::Code::new(<#concrete as #name>::#method as *const ())
            }
        });
        quote_spanned! { Span::mixed_site()=>
            #head
            #(#allowed)*
            impl #params #home::macro_support::Entries<#concrete> for dyn #name + 'static #clause {
                const ENTRIES: &'static [#home::macro_support::Code] = &[#(#entries),*];
            }
        }
    }

    /// How many methods these are, where some may be left out by a condition.
    fn count(&self, methods: &[Method]) -> TokenStream {
        if methods.iter().all(|method| method.conditions.is_empty()) {
            let count = methods.len();
            return quote! { #count };
        }
        let units = methods.iter().map(|method| {
            let conditions = &method.conditions;
            quote! { #(#conditions)* () }
        });
        quote_spanned! { Span::mixed_site()=> { <[()]>::len(&[#(#units),*]) } }
    }

    /// The target of references implements the trait (5).
    fn calls(&self) -> TokenStream {
        let Self { home, thin, .. } = self;
        let (head, name) = (self.head(), self.name());
        let object = &thin.names.object;
        let mut generics = thin.item.generics.clone();
        generics.params.push(parse_quote! {
            #object: ?::core::marker::Sized + #home::DynTrait<Plain = dyn #name + 'static>
        });
        let supertraits = &thin.item.supertraits;
        if !supertraits.is_empty() {
            generics
                .make_where_clause()
                .predicates
                .push(parse_quote! { #home::Object<#object>: #supertraits });
        }
        let (params, _, clause) = generics.split_for_impl();
        let calls = (0..self.methods.len()).map(|index| self.call(index));
        quote_spanned! { Span::mixed_site()=>
            #head
            impl #params #name for #home::Object<#object> #clause {
                #(#calls)*
            }
        }
    }

    fn call(&self, index: usize) -> TokenStream {
        let (home, method) = (self.home, &self.methods[index]);
        let signature = &method.function.sig;
        let (conditions, unsafety, abi) = (&method.conditions, &signature.unsafety, &signature.abi);
        let (name, output) = (&signature.ident, &signature.output);
        let (params, _, clause) = signature.generics.split_for_impl();
        let (receiver, make) = match &method.receiver {
            Kind::Shared(receiver) => (receiver, quote! { shared }),
            Kind::Exclusive(receiver) => (receiver, quote! { exclusive }),
            Kind::Other(_) | Kind::Missing => return TokenStream::new(),
        };
        let (receiver, this) = (plain(receiver), receiver.self_token);
        let Arguments {
            declared,
            passed,
            blanks,
        } = arguments(method);
        let foreign = abi
            .as_ref()
            .map(|_| quote! { #[allow(improper_ctypes_definitions)] });
        let allowed = attributes::allowed(&method.function.attrs);
        let index = self.count(&self.methods[..index]);
        quote_spanned! { Span::mixed_site()=>
            #(#conditions)*
            #(#allowed)*
            #foreign
            #[inline]
            #unsafety #abi fn #name #params(#receiver #(, #declared)*) #output #clause {
                #home::macro_support::method::<#index, _, #abi fn(_ #(, #blanks)*) -> _>(#this)(
                    #home::macro_support::#make(#this) #(, #passed)*
                )
            }
        }
    }
}

/// The parameters of a method beside its receiver: as declared, as passed on, and as types to be inferred.
struct Arguments {
    declared: Vec<TokenStream>,
    passed: Vec<TokenStream>,
    blanks: Vec<TokenStream>,
}

fn arguments(method: &Method) -> Arguments {
    let mut arguments = Arguments {
        declared: Vec::new(),
        passed: Vec::new(),
        blanks: Vec::new(),
    };
    for (index, param) in method.params.iter().enumerate() {
        // The name of a constant would be a pattern, whatever its hygiene; no constant has such a name.
        let name = Ident::new(&format!("__thin_{index}"), Span::mixed_site());
        let (conditions, ty) = (attributes::conditions(&param.attrs), &param.ty);
        arguments
            .declared
            .push(quote! { #(#conditions)* #name: #ty });
        arguments.passed.push(quote! { #(#conditions)* #name });
        arguments.blanks.push(quote! { #(#conditions)* _ });
    }
    arguments
}

/// The receiver without `mut` on the name and without attributes.
fn plain(receiver: &Receiver) -> TokenStream {
    let mut receiver = receiver.clone();
    receiver.attrs.clear();
    if receiver.colon_token.is_some() {
        receiver.mutability = None;
    }
    FnArg::Receiver(receiver).into_token_stream()
}
