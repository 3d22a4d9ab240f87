//! `#[nested]` on inputs no compiler would give it, and its options on tables.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;

use proc_macro2::TokenStream;

use super::expand;
use crate::tests::Random;

#[test]
fn arbitrary_streams_give_code_or_errors() {
    let mut random = Random(0xca11);
    for round in 0..6000 {
        let options = match random.below(3) {
            0 => random.stream(2, 4),
            _ => TokenStream::from_str(random.choose(&["", "slot = \"a\"", "slot"])).unwrap(),
        };
        let item = match random.below(2) {
            0 => random.stream(4, 24),
            _ => {
                let program = TokenStream::from_str(random.choose(PROGRAMS)).unwrap();
                random.mutated(program)
            }
        };
        let text = format!("round {round}: #[nested({options})] {item}");
        let expansion = AssertUnwindSafe(|| drop(expand(options, item)));
        assert!(catch_unwind(expansion).is_ok(), "{text}");
    }
}

#[test]
fn valid_programs_give_code_without_errors() {
    for options in ["", "slot = \"a.b(c)\"", "slot = \"&a\", crate = b::c"] {
        for program in PROGRAMS {
            let code = expand(options.parse().unwrap(), program.parse().unwrap());
            assert!(
                !code.to_string().contains("compile_error"),
                "{program}\n{code}"
            );
            syn::parse2::<syn::ImplItemFn>(code).unwrap();
        }
    }
}

#[test]
fn options_are_read_or_each_mistake_reported() {
    let table = [
        ("", 0),
        ("slot = \"a\"", 0),
        ("slot = \"a\",", 0),
        ("slot = \"&*a + 1\", crate = ::a::b", 0),
        ("slot", 1),
        ("slot =", 1),
        ("slot = a", 1),
        ("slot = 'a'", 1),
        ("slot = \"\"", 1),
        ("slot = \"a b\"", 1),
        ("slot = \"#[a] b\"", 1),
        ("slot = \"a\", slot = \"b\"", 1),
        ("slot(\"a\")", 1),
        ("\"a\"", 1),
        ("name = \"a\"", 1),
        ("slot, crate, other", 3),
    ];
    for (options, mistakes) in table {
        let code = expand(options.parse().unwrap(), "fn f(a: A) {}".parse().unwrap()).to_string();
        let found = code.matches("compile_error").count();
        assert_eq!(found, mistakes, "{options}\n{code}");
    }
}

#[test]
fn all_mistakes_are_reported_at_once_and_the_item_stays() {
    let item = "#[query] const extern \"C\" fn f();";
    let code = expand("fast".parse().unwrap(), item.parse().unwrap()).to_string();
    // The option, `const`, `extern`, the query, the body.
    assert_eq!(code.matches("compile_error").count(), 5, "{code}");
    assert!(code.contains("fn f () ;"), "{code}");
}

/// Functions the macro accepts.
const PROGRAMS: &[&str] = &[
    "fn f() {}",
    "/// Text.\n#[track_caller] pub(crate) unsafe fn f<'a, T: Clone>(&'a mut self, (a, _): (T, u8), _: u8) -> &'a T where T: Eq { #![allow(unused)] return a; }",
    "async fn f() {}",
    "pub async fn f(mut self: Box<Self>, mut a: u8, (b, c): (u8, u8), _: &str, ref d: u8) -> impl Clone { #![allow(unused)] a }",
    "async fn f(a: impl Fn(&u8) -> &u8) -> ! { loop {} }",
    "async unsafe fn r#f<const N: usize>(r#fn: [u8; N]) -> Result<Arc<dyn Any>, E> { Ok(Arc::new(r#fn?)) }",
];
