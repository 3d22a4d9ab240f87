//! The macros of `salvia`; use them through that crate.

mod diag;
mod engine;
mod input;
mod query;

/// q
#[proc_macro_attribute]
pub fn query(
    options: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    query::expand(options.into(), item.into()).into()
}

/// i
#[proc_macro_derive(InputAccess, attributes(input_access))]
pub fn input_access(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    input::expand(item.into()).into()
}
