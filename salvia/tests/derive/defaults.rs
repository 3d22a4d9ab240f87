//! `Default`, of enums above all.

use salvia::{bounded_derive, perfect_derive};

use crate::kit::{Bare, implements};

#[perfect_derive(Debug, Default, PartialEq)]
enum Choice<T, U> {
    First(T),
    #[default]
    Second {
        value: U,
        list: Vec<T>,
    },
    Third,
}

#[bounded_derive(Debug, Default, PartialEq)]
enum Classic<T, U> {
    #[default]
    Nothing,
    One(T),
    Other(U),
}

#[perfect_derive(Debug, PartialEq, Default)]
enum Plain {
    One,
    #[default]
    Two(u8, String),
}

#[test]
fn the_default_of_an_enum_is_the_marked_variant_and_bounds_only_its_fields() {
    assert!(implements!(Choice<Bare, u8>: Default) && !implements!(Choice<u8, Bare>: Default));
    assert!(implements!(Classic<Bare, Bare>: Default), "as derive");
    let value: Choice<u8, u8> = Choice::default();
    assert_eq!(
        value,
        Choice::Second {
            value: 0,
            list: vec![]
        }
    );
    assert_ne!(value, Choice::First(1));
    assert_ne!(value, Choice::Third);
    assert_eq!(Classic::<u8, u8>::default(), Classic::Nothing);
    assert_ne!(Classic::One(1), Classic::Other(1));
    assert_eq!(Plain::default(), Plain::Two(0, String::new()));
    assert_ne!(Plain::default(), Plain::One);
}

mod conditional {
    use super::perfect_derive;

    #[perfect_derive(Debug, Default, PartialEq)]
    pub(super) enum Switched<const N: usize> {
        #[cfg_attr(not(all()), default)]
        #[expect(dead_code, reason = "not the default here")]
        Off,
        #[cfg_attr(all(), default)]
        On,
        #[cfg(not(all()))]
        #[default]
        Never(NotThere),
    }
}

#[test]
fn the_mark_may_be_conditional() {
    assert_eq!(
        conditional::Switched::<1>::default(),
        conditional::Switched::On
    );
}

#[perfect_derive(Default, Debug, Clone)]
struct Several<T> {
    #[allow(clippy::struct_field_names, reason = "an attribute")]
    several: [Option<T>; 3],
    #[cfg(not(all()))]
    missing: NotThere,
    text: &'static str,
}

#[test]
fn the_default_of_a_struct_is_that_of_its_fields() {
    let value = Several::<u8>::default();
    assert_eq!(
        format!("{value:?}"),
        r#"Several { several: [None, None, None], text: "" }"#
    );
    assert_eq!((value.clone().several, value.text), ([None; 3], ""));
    assert!(implements!(Several<Bare>: Default));
}
