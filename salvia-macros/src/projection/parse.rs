//! The syntax of what `#[derive(Projection)]` is put on: any struct, enum or union.

use proc_macro2::TokenStream;
use syn::DeriveInput;

/// The name of the helper attribute.
pub(crate) const HELPER: &str = "projection";

/// Reads the item.
pub(crate) fn item(item: TokenStream) -> syn::Result<DeriveInput> {
    syn::parse2(item)
}
