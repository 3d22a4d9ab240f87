//! `#[thin_dyn]` on inputs no compiler would give it, and its rules as a table.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::TokenStream;
use syn::parse_quote;

use super::{Home, attributes, expand, words};
use crate::tests::Random;

/// Traits the macro accepts.
const TRAITS: &[&str] = &[
    "trait T {}",
    "/// Text.\n#[cfg(a)] #[allow(x)] pub(crate) trait One { #[cfg_attr(a, cfg(b), inline)] fn one(&self) -> u8 { return 1; } }",
    "trait Two<'a, T: Clone = u8, const N: usize>: Send + 'static where T: Eq { fn f<'b>(&'b mut self, #[cfg(a)] x: &'a [T; N]) -> Option<&'b T> where 'a: 'b; fn g(self: &Self); }",
    "trait Sized2 { fn new() -> Self where Self: Sized; fn g<T>(self, t: impl Clone) where T: Eq, Self: ::core::marker::Sized; async fn h() where Self: Sized {} }",
    "trait Odd { extern \"C\" fn f(&self, (a, b): (u8, u8), mut c: u8, _: fn(&u8) -> &u8) -> !; fn r#fn(&self) -> &dyn for<'x> Fn(&'x u8); }",
];

fn on(item: &str) -> TokenStream {
    expand(Home::alone(), TokenStream::new(), item.parse().unwrap())
}

#[test]
fn right_traits_give_code_without_errors() {
    for item in TRAITS {
        let code = on(item).to_string();
        assert!(!code.contains("compile_error"), "{item}\n{code}");
        let file: syn::File = syn::parse_str(&code).unwrap();
        let whole = item.parse::<TokenStream>().unwrap().to_string();
        assert!(code.starts_with(&whole), "the trait itself stays: {code}");
        let impls = |item: &syn::Item| matches!(item, syn::Item::Impl(_));
        assert!(file.items.iter().skip(1).all(impls), "{code}");
    }
}

#[test]
fn generated_code_is_not_unsafe() {
    for item in TRAITS {
        assert!(words::find("unsafe", on(item)).is_none(), "{item}");
    }
    let unsafe_method = on("trait A { unsafe fn f(&self); }");
    let count = unsafe_method.to_string().matches("unsafe").count();
    assert_eq!(count, 2, "that of the trait and that of its implementation");
}

#[test]
fn each_mistake_has_one_message_of_its_own() {
    let table = [
        ("struct S;", "goes on a trait"),
        ("", "goes on a trait"),
        ("unsafe impl A for B {}", "goes on a trait"),
        ("unsafe trait A {}", "remove `unsafe`"),
        ("auto trait A {}", "remove `#[thin_dyn]`"),
        ("trait A: B {}", "the only supertraits"),
        ("trait A: Send<u8> {}", "the only supertraits"),
        ("trait A: Sized {}", "has no objects"),
        ("trait A<'a>: 'a {}", "`'static`"),
        ("trait A where Self: Send {}", "is a supertrait"),
        ("trait A { type B; }", "no associated types"),
        ("trait A { const B: u8; }", "no associated constants"),
        ("trait A { b!(); }", "write the methods out"),
        ("trait A { fn f() -> Self; }", "`f` takes no object"),
        ("trait A { fn f<T>(a: impl B); }", "`f` takes no object"),
        ("trait A { fn f(self); }", "only borrowed"),
        ("trait A { fn f(mut self: Box<Self>); }", "only borrowed"),
        ("trait A { fn f(self: &Box<Self>); }", "only borrowed"),
        ("trait A { async fn f(&self); }", "`async fn`"),
        ("trait A { const fn f(&self); }", "not `const`"),
        ("trait A { fn f(&self, ...); }", "not variadic"),
        ("trait A { fn f<T>(&self); }", "make `T` a parameter"),
        ("trait A { fn f<'a, const N: u8>(&'a self); }", "make `N`"),
        ("trait A { fn f(&self) where u8: B; }", "on lifetimes only"),
        (
            "trait A { fn f(&self) where Self: B; }",
            "on lifetimes only",
        ),
        ("trait A { fn f(&self, a: B<Self>); }", "cannot take `Self`"),
        ("trait A { fn f(&self) -> Self; }", "cannot return `Self`"),
        ("trait A { fn f(&self, a: &impl B); }", "cannot take `impl"),
        ("trait A { fn f(&self) -> impl B; }", "cannot return `impl"),
    ];
    for (item, message) in table {
        let code = on(item).to_string();
        assert_eq!(code.matches("compile_error").count(), 1, "{item}\n{code}");
        assert!(code.contains("\"salvia: "), "{item}\n{code}");
        assert!(code.contains(message), "{item}\n{code}");
        let kept = code.contains(&item.parse::<TokenStream>().unwrap().to_string());
        assert!(kept, "what was written stays: {item}\n{code}");
    }
}

#[test]
fn arbitrary_and_mutated_traits_give_code_or_errors() {
    let mut random = Random(0x7b1d);
    for round in 0..4000 {
        let mut item: TokenStream = match random.below(4) {
            0 => random.stream(4, 24),
            _ => random.choose(TRAITS).parse().unwrap(),
        };
        for _ in 0..=random.below(3) {
            item = random.mutated(item);
        }
        let options = match random.below(4) {
            0 => random.stream(1, 4),
            _ => TokenStream::new(),
        };
        let text = format!("round {round}: #[thin_dyn({options})] {item}");
        let expansion = AssertUnwindSafe(|| expand(Home::in_salvia(), options, item));
        assert!(catch_unwind(expansion).is_ok(), "{text}");
    }
}

#[test]
fn conditions_are_copied_and_nothing_else() {
    let attrs: [syn::Attribute; 5] = [
        parse_quote! { #[doc = "x"] },
        parse_quote! { #[cfg(any(a, b))] },
        parse_quote! { #[cfg_attr(all(a, b), inline, cfg(c), cfg_attr(d, cfg(e), must_use))] },
        parse_quote! { #[cfg_attr(a, inline)] },
        parse_quote! { #[expect(b, reason = "c")] },
    ];
    let copied = attributes::conditions(&attrs);
    let text: Vec<_> = copied
        .iter()
        .map(|attr| attr.to_string().replace(' ', ""))
        .collect();
    assert_eq!(
        text,
        [
            "#[cfg(any(a,b))]",
            "#[cfg_attr(all(a,b),cfg(c),cfg_attr(d,cfg(e)))]"
        ]
    );
    let allowed = attributes::allowed(&attrs);
    assert_eq!(allowed.len(), 1);
    assert_eq!(
        allowed[0].to_string().replace(' ', ""),
        "#[allow(b,reason=\"c\")]"
    );
}

#[test]
fn names_are_taken_that_the_trait_does_not_have() {
    let item = "trait A { fn f(&self, a: [Thing<Thing_>; 1]); }"
        .parse()
        .unwrap();
    assert_eq!(words::unused("Thing", &item), "Thing__");
    assert_eq!(words::unused("Other", &item), "Other");
}
