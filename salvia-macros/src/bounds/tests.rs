//! The algorithm as a table: an item, a trait, the predicates.

use quote::ToTokens;
use syn::DeriveInput;

use super::{Asked, Container, Standard, exact};

fn predicates(item: &str, asked: &impl Asked) -> Vec<String> {
    let input: DeriveInput = syn::parse_str(item).unwrap();
    exact(&input, asked)
        .iter()
        .map(|predicate| {
            let text = predicate.to_token_stream().to_string();
            // The paths are all from `::core`, and only their last names tell them apart.
            let (ty, path) = text.rsplit_once(" : :: core").unwrap();
            let name = path.rsplit(' ').next().unwrap();
            format!("{ty}: {name}").replace(' ', "")
        })
        .collect()
}

/// Each line: the item, then what `Clone`, `Debug` and `PartialEq` ask.
#[track_caller]
fn assert_bounds(item: &str, clone: &[&str], debug: &[&str], eq: &[&str]) {
    let table = [
        (Standard::Clone, clone),
        (Standard::Debug, debug),
        (Standard::PartialEq, eq),
    ];
    for (asked, expected) in table {
        let expected: Vec<String> = expected
            .iter()
            .map(|ty| match ty.contains(": ") {
                true => ty.replace(' ', ""),
                false => format!("{ty}:{asked:?}").replace(' ', ""),
            })
            .collect();
        assert_eq!(predicates(item, &asked), expected, "{asked:?} of {item}");
    }
}

/// The same for all three.
#[track_caller]
fn assert_all(item: &str, expected: &[&str]) {
    assert_bounds(item, expected, expected, expected);
}

#[test]
fn a_type_without_parameters_is_not_asked() {
    assert_all("struct S(u8, Foo<u8>, &'static str);", &[]);
    assert_all("struct S<'a, T>(&'a u8, a::T, Box<dyn Foo<'a>>);", &[]);
}

#[test]
fn a_type_with_parameters_is_asked_exactly_and_once() {
    assert_all(
        "enum E<T, U: ?Sized> { A(Rc<T>, Rc<T>), B { b: Foo<U> } }",
        &["Rc<T>", "Foo<U>"],
    );
    assert_all(
        "struct S<T: I>(T::Item, <T as I>::Other);",
        &["T::Item", "<TasI>::Other"],
    );
    assert_all("union U<T> { a: A<T>, b: u8 }", &["A<T>"]);
}

#[test]
fn a_constant_parameter_decides_about_a_type_too() {
    assert_all(
        "struct S<const N: usize>([u8; N], Foo<{ N }>, [u8; 3]);",
        &["[u8;N]", "Foo<{N}>"],
    );
}

#[test]
fn names_of_other_things_are_no_parameters() {
    assert_all("struct S<T>(a::T, ::T, <u8 as T>::X, fn(T));", &["fn(T)"]);
}

#[test]
fn a_list_of_shared_values_is_as_the_values_are_shared() {
    assert_all(
        "struct List<T> { value: Rc<T>, next: Option<Rc<List<T>>> }",
        &["Rc<T>"],
    );
}

#[test]
fn boxed_and_gathered_recursion_ends_at_the_leaves() {
    assert_all(
        "enum Tree<K, V> { Leaf(K), Node(Vec<Tree<K, V>>, V), More(Box<[Self]>) }",
        &["K", "V"],
    );
    assert_all(
        "struct S<T> { a: std::collections::BTreeMap<Foo<T>, ::std::vec::Vec<(S<T>, [T; 2])>> }",
        &["Foo<T>", "[T;2]"],
    );
}

#[test]
fn what_is_cloned_by_count_or_by_reference_asks_nothing() {
    assert_bounds(
        "struct S<'a, T> { a: &'a (S<'a, T>, T) }",
        &[],
        &["T"],
        &["T"],
    );
    assert_bounds("struct S<T> { a: Arc<(Self, T)> }", &[], &["T"], &["T"]);
    assert_bounds(
        "struct S<T> { a: Weak<(Self, T)>, b: *const (Self, T), c: fn(Self) -> T, d: PhantomData<(Self, T)> }",
        &[],
        &[],
        &[],
    );
}

#[test]
fn a_container_may_ask_another_trait() {
    assert_bounds(
        "struct S<'a, T> { next: Cell<Option<&'a S<'a, T>>>, also: Option<Cell<(&'a Self, T)>> }",
        &["T: Copy"],
        &["T", "T: Copy"],
        &["T", "T: Copy"],
    );
    assert_bounds(
        "struct S<T, H>(HashMap<T, Box<S<T, H>>, H>);",
        &["T", "H"],
        &["T"],
        &["T: Eq", "T: Hash", "H: BuildHasher"],
    );
}

#[test]
fn a_trait_asked_of_the_type_itself_is_asked_of_all_fields() {
    let item = "struct S<T, U> { a: Foo<T>, b: U, c: BinaryHeap<S<T, U>> }";
    let expected = ["Foo<T>:Default", "U:Default", "Foo<T>:Ord", "U:Ord"];
    assert_eq!(predicates(item, &Standard::Default), expected);
}

#[test]
fn what_is_empty_by_default_asks_nothing() {
    let item = "struct S<T>(Option<Box<S<T>>>, Vec<(Self, T)>, HashMap<Self, T, H<T>>);";
    assert_eq!(predicates(item, &Standard::Default), ["H<T>:Default"]);
}

#[test]
fn a_container_that_is_not_known_falls_back_to_the_classic_bounds() {
    assert_all(
        "struct S<T, U>(Foo<S<T, U>, T>, Rc<U>);",
        &["T", "U", "Rc<U>"],
    );
    assert_all(
        "struct S<T: I>(Foo<Self>, Bar<T::X, Self>);",
        &["T", "T::X"],
    );
    assert_all("struct S<T>(m!(Vec<S>));", &["T"]);
    assert_all(
        "struct Vec<T>(collections::Vec<Self>, b::Vec<T>);",
        &["T", "b::Vec<T>"],
    );
}

#[test]
fn other_arguments_fall_back_to_the_classic_bounds() {
    assert_all(
        "struct S<T>(Rc<T>, Option<Box<S<(T, T)>>>);",
        &["Rc<T>", "T"],
    );
    assert_all(
        "struct S<T, U = u8>(Rc<T>, Option<Box<S<T>>>, U);",
        &["Rc<T>", "T", "U"],
    );
    assert_all("struct S<T>(Box<crate::a::S<T>>);", &["T"]);
}

#[test]
fn the_same_type_is_known_however_it_is_written() {
    assert_all(
        "struct S<'a, T, const N: usize>(Box<S<'static, (T), { N }>>, [T; N]);",
        &["[T;N]"],
    );
    assert_all(
        "struct S<T>(Rc<T>, Box<self::S<T>>, Box<(Self)>);",
        &["Rc<T>"],
    );
}

#[test]
fn a_parameter_hides_a_container_and_the_type_of_its_name() {
    assert_all(
        "struct S<Option, Rc>(Option, Rc, Vec<Self>);",
        &["Option", "Rc"],
    );
    assert_all("struct T<T>(Box<T>);", &["Box<T>"]);
}

#[test]
fn a_type_with_its_own_lifetimes_keeps_them() {
    assert_all(
        "struct S<T>(for<'x> fn(&'x T), dyn Foo<T> + Send);",
        &["(for<'x>fn(&'xT))", "(dynFoo<T>+Send)"],
    );
}

#[test]
fn groups_of_macros_make_no_difference() {
    let inner: proc_macro2::TokenStream = "S<T>".parse().unwrap();
    let group = proc_macro2::Group::new(proc_macro2::Delimiter::None, inner);
    let input: DeriveInput = syn::parse_quote! { struct S<T>(Rc<T>, Option<Box<#group>>); };
    assert_eq!(exact(&input, &Standard::Debug).len(), 1);
}

/// A trait of another derive.
#[derive(Clone, PartialEq)]
struct Uniform;

impl Asked for Uniform {
    fn path(&self, span: proc_macro2::Span) -> proc_macro2::TokenStream {
        quote::quote_spanned! { span=> ::core::Uniform }
    }

    fn of_argument(&self, _: Container, _: usize) -> Option<Vec<Self>> {
        Some(vec![self.clone()])
    }
}

#[test]
fn any_trait_can_be_asked() {
    let item = "struct S<T, U>(Rc<T>, Option<Rc<(Self, U)>>);";
    assert_eq!(predicates(item, &Uniform), ["Rc<T>:Uniform", "U:Uniform"]);
}
