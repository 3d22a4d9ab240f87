//! The attributes and the hidden derive on tokens: what they write, and what they refuse.

use proc_macro2::TokenStream;

use super::{Way, attach, expand};

/// Puts an attribute on an item and runs the hidden derive on what comes of it, as the compiler would.
fn derived(way: Way, list: &str, item: &str) -> String {
    let code = attach(way, list.parse().unwrap(), item.parse().unwrap());
    let file: syn::File = syn::parse2(code.clone()).unwrap();
    let types = file
        .items
        .iter()
        .filter(|item| !matches!(item, syn::Item::Macro(_) | syn::Item::Fn(_)));
    let items = types.map(|item| match code.to_string().contains("ExactBounds") {
        true => expand(without_derives(item)),
        false => TokenStream::new(),
    });
    format!("{code} {}", items.collect::<TokenStream>())
}

/// The compiler takes `derive` off an item before it hands it to one.
fn without_derives(item: &syn::Item) -> TokenStream {
    let mut input: syn::DeriveInput = syn::parse_quote! { #item };
    input.attrs.retain(|attr| !attr.path().is_ident("derive"));
    quote::quote! { #input }
}

/// Each line: the list, the item, and a part of the one message.
#[track_caller]
fn refused(way: Way, table: &[(&str, &str, &str)]) {
    for (list, item, message) in table {
        let code = derived(way, list, item);
        assert_eq!(code.matches("compile_error").count(), 1, "{item}\n{code}");
        assert!(code.contains("\"salvia: "), "{code}");
        assert!(code.contains(message), "{item}\n{code}");
    }
}

#[test]
#[rustfmt::skip]
fn what_cannot_be_derived_is_refused() {
    refused(Way::Perfect, &[
        ("Clone", "fn f() {}", "goes on a struct"),
        ("Clone, Clone", "struct S<T>(T);", "given twice"),
        ("Serialize", "struct S<T>(T);", "`#[derive(Serialize)]`"),
        ("a::Clone", "struct S<T>(T);", "`a::Clone` cannot"),
        ("Clone Debug", "struct S<T>(T);", "a comma"),
        ("3", "struct S<T>(T);", "the name of a trait"),
        ("Debug", "union U<T> { t: T }", "for a union"),
        ("Default", "enum E<T> { A, B(T) }", "put `#[default]` on one"),
        ("Default", "enum E {}", "has no default"),
        ("Default", "enum E<T> { #[default] A, #[default] B(T) }", "one default variant"),
        ("Default", "enum E<T> { #[default(1)] A(T) }", "takes nothing"),
        ("Default", "struct S<T>(#[default] T);", "goes on a variant"),
    ]);
}

#[test]
#[rustfmt::skip]
fn marks_that_say_nothing_are_refused() {
    refused(Way::Perfect, &[
        ("Clone", "struct S<T>(#[bound_derive] T);", "remove this"),
        ("Clone", "#[bound_derive(T)] struct S<T>(T);", "remove this"),
    ]);
    refused(Way::Bounded, &[
        ("Clone", "#[bound_derive] struct S<T>(T);", "list the types"),
        ("Clone", "#[bound_derive = 1] struct S<T>(T);", "list the types"),
        ("Clone", "#[bound_derive(T: Clone)] struct S<T>(T);", "list the types alone"),
        ("Clone", "#[bound_derive(T U)] struct S<T, U>(T, U);", "expected `,`"),
        ("Clone", "struct S<T>(#[bound_derive(T)] T);", "takes nothing"),
        ("Clone", "struct S<T>(#[bound_derive()] T);", "takes nothing"),
        ("Clone", "struct S<T>(#[bound_derive = 1] T);", "takes nothing"),
        ("Clone", "enum E<T> { #[bound_derive] A(T) }", "mark its fields"),
        ("Clone", "struct S<#[bound_derive] T>(T);", "a parameter is not marked"),
        ("Clone", "#[bound_derive(T)] struct S<T>(#[bound_derive] T);", "remove it"),
        ("Clone", "#[bound_derive(T)] #[bound_derive(U)] struct S<T, U>(T, U);", "join the lists"),
    ]);
}

#[test]
fn a_mistake_takes_no_other_trait_with_it() {
    let code = derived(
        Way::Perfect,
        "Clone, Serialize, Debug, Clone",
        "struct S<T>(T);",
    );
    assert_eq!(code.matches("compile_error").count(), 2);
    assert_eq!(code.matches("impl < T >").count(), 2);
}

#[test]
fn a_type_without_parameters_is_left_to_the_standard_library() {
    for item in ["struct S<'a>(&'a u8);", "enum E { A, B(u8) }"] {
        let code = derived(Way::Perfect, "Clone, Debug", item);
        let derive = "# [derive (:: core :: clone :: Clone , :: core :: fmt :: Debug)]";
        assert!(code.starts_with(derive), "{code}");
        assert!(
            !code.contains("exact_bounds") && !code.contains("impl"),
            "{code}"
        );
    }
    for item in [
        "struct S<const N: u8>;",
        "struct S(#[cfg_attr(a, b)] u8);",
        "union U { a: u8 }",
    ] {
        let code = derived(Way::Perfect, "Clone", item);
        assert!(
            code.contains("ExactBounds") && code.contains("impl"),
            "{code}"
        );
    }
}

#[test]
fn each_attribute_takes_away_the_marker_of_the_one_before() {
    let item = "#[a] #[exact_bounds(bounded_derive: Clone)] #[b] struct S<T>(#[bound_derive] T);";
    let code = attach(
        Way::Perfect,
        "Debug".parse().unwrap(),
        item.parse().unwrap(),
    )
    .to_string();
    assert_eq!(code.matches("exact_bounds").count(), 1, "{code}");
    assert!(
        code.contains("exact_bounds (perfect_derive beside : Debug)"),
        "{code}"
    );
    assert!(code.contains("# [a] # [b] struct"), "{code}");
}

#[test]
fn the_marks_of_another_attribute_are_not_refused() {
    let item = "#[salvia::bounded_derive(Debug)] struct S<T>(#[bound_derive] T);";
    let code = attach(
        Way::Perfect,
        "Clone".parse().unwrap(),
        item.parse().unwrap(),
    );
    assert!(!code.to_string().contains("compile_error"), "{code}");
    assert!(code.to_string().contains("perfect_derive beside"), "{code}");
}

#[test]
fn the_hidden_derive_alone_is_refused() {
    let code = expand("struct S<T>(T);".parse().unwrap()).to_string();
    assert!(code.contains("perfect_derive"), "{code}");
}

#[test]
fn what_is_written_does_without_the_standard_library_above_core() {
    let list = "Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord";
    for item in [
        "struct S<T>(T, Option<Box<S<T>>>);",
        "enum E<T> { #[default] A(T), B { b: T } = 3 }",
    ] {
        let code = derived(Way::Perfect, list, item);
        assert!(
            !code.contains(":: std") && !code.contains(":: alloc"),
            "{code}"
        );
        assert_eq!(
            code.matches(":: salvia").count(),
            1,
            "the hidden derive alone: {code}"
        );
    }
}
