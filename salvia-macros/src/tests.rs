//! The macros on inputs no compiler would give them, and the stages on tables.
//!
//! The expansion of anything is code or errors, never a panic. Streams are made at random, from a fixed seed: grown from
//! the words of the grammar, or from valid programs that are cut, mixed and repeated.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

use crate::{derive, input, memo, projection, query};

#[test]
fn arbitrary_streams_give_code_or_errors() {
    let mut random = Random(0x5eed);
    for round in 0..3000 {
        let options = random.stream(2, 4);
        let item = random.stream(4, 24);
        expand_all(round, options, item);
    }
}

#[test]
fn mutated_programs_give_code_or_errors() {
    let mut random = Random(0xfeed);
    for round in 0..4000 {
        let program = random.choose(PROGRAMS);
        let mut item = TokenStream::from_str(program).unwrap();
        for _ in 0..=random.below(3) {
            item = random.mutated(item);
        }
        let options = match random.below(4) {
            0 => random.stream(1, 4),
            _ => TokenStream::new(),
        };
        expand_all(round, options, item);
    }
}

#[test]
fn valid_programs_give_code_without_errors() {
    for program in PROGRAMS {
        let item = TokenStream::from_str(program).unwrap();
        let is_type = ["struct", "enum"].iter().any(|word| program.contains(word));
        let code = match is_type {
            true => input::expand(item),
            false => query::expand(TokenStream::new(), item),
        };
        assert!(
            !code.to_string().contains("compile_error"),
            "{program}\n{code}"
        );
        syn::parse2::<syn::File>(wrapped(program, code)).unwrap();
    }
}

#[test]
fn each_mistake_has_its_message() {
    let table = [
        ("fn f(cx: &QueryContext) {}", "is an `async fn`"),
        ("async fn f() {}", "takes its context as the last parameter"),
        ("async fn f(n: u8) {}", "add `cx: &QueryContext`"),
        ("async fn f(cx: QueryContext) {}", "borrows its context"),
        (
            "async fn f(cx: &'static QueryContext) {}",
            "lives as long as the call",
        ),
        ("async fn f(_: u8, cx: &QueryContext) {}", "needs a name"),
        (
            "async fn f(n: &mut u8, cx: &QueryContext) {}",
            "cannot take `&mut`",
        ),
        (
            "async fn f(n: &[&u8], cx: &QueryContext) {}",
            "a reference to what borrows itself",
        ),
        (
            "async fn f(&mut self, cx: &QueryContext) {}",
            "cannot take `&mut self`",
        ),
        (
            "async fn f(cx: &QueryContext) -> impl Clone {}",
            "cannot return `impl Trait`",
        ),
        ("struct S;", "goes on an `async fn`"),
        ("", "goes on an `async fn`"),
    ];
    for (item, message) in table {
        let code = query::expand(TokenStream::new(), item.parse().unwrap()).to_string();
        assert_eq!(code.matches("compile_error").count(), 1, "{item}\n{code}");
        assert!(
            code.contains(&format!("\"salvia: {}", "")),
            "{item}\n{code}"
        );
        assert!(code.contains(message), "{item}\n{code}");
    }
}

#[test]
fn options_are_read_or_each_mistake_reported() {
    let table = [
        ("", 0),
        ("spawn", 0),
        ("detached,", 0),
        (
            "cycle = <Self as a::B<u8, { 1 }>>::c::<T, 2>, crate = ::a::b, spawn, detached",
            0,
        ),
        ("spawn, spawn, spawn", 2),
        ("spawn = 1, detached = \"yes\", cycle = 3, crate = 4", 4),
        ("spawn(1)", 1),
        ("shared, no_eq, size = b, lru = 16", 0),
        ("shared, no_eq, eq = a, lru = 0, lru = x, lru", 4),
        ("cycle = |_| (a, b), spawn, spawn", 1),
        ("cycle = a b", 1),
        ("= 1", 1),
        (",", 1),
    ];
    for (options, mistakes) in table {
        let item = "async fn f(cx: &QueryContext) {}".parse().unwrap();
        let code = query::expand(options.parse().unwrap(), item).to_string();
        let found = code.matches("compile_error").count();
        assert_eq!(found, mistakes, "{options}\n{code}");
    }
}

#[test]
fn each_mistake_in_a_memo_is_reported_once() {
    let table = [
        ("single", "fn f(a: u8, mut b: &str) -> u8 { 1 }", 0),
        (
            "lru = 8, shared,",
            "pub fn f<'a>(a: &'a u8) -> Option<u8> where 'a: 'a { return None; }",
            0,
        ),
        (
            "shared, lru = 0b11usize, crate = a::b",
            "fn f<T, const N: usize>(a: [T; N]) -> T {}",
            0,
        ),
        ("", "fn f(a: u8) -> u8 {}", 1),
        ("shared", "fn f(a: u8) -> u8 {}", 1),
        ("single, lru = 1", "fn f(a: u8) -> u8 {}", 1),
        ("lru = 0", "fn f(a: u8) -> u8 {}", 1),
        ("lru = 1.5", "fn f(a: u8) -> u8 {}", 1),
        ("lru, fast, single = 1", "fn f(a: u8) -> u8 {}", 3),
        ("single", "async unsafe fn f(&mut self) {}", 4),
        ("single", "const extern fn f();", 5),
        (
            "single",
            "fn f(_: u8, (a, b): (_, impl A), #[c] d: &mut u8) -> &u8 {}",
            7,
        ),
        ("single", "struct S;", 1),
        ("single", "", 1),
    ];
    for (options, item, mistakes) in table {
        let code = memo::expand(options.parse().unwrap(), item.parse().unwrap()).to_string();
        let found = code.matches("compile_error").count();
        assert_eq!(found, mistakes, "#[memo({options})] {item}\n{code}");
    }
}

#[test]
fn valid_types_give_projections_without_errors() {
    let types = [
        "#[projection(crate = a::b)] pub struct S;",
        "struct S<'a, T: Clone = u8, V, const N: usize>(&'a [(T, V); N]) where T: Copy;",
        "enum E { A, B(u8), C { c: u8 } }",
        "enum E<'a> { A, B(u8, &'static str), C { c: Option<Box<E<'a>>>, d: PhantomData<u8> } }",
    ];
    for program in types {
        let code = projection::expand(program.parse().unwrap());
        assert!(
            !code.to_string().contains("compile_error"),
            "{program}\n{code}"
        );
        syn::parse2::<syn::File>(code).unwrap();
    }
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let item = "const unsafe fn f(_: &mut u8, (a, b): (u8, u8)) -> impl Clone;";
    let code = query::expand("fast".parse().unwrap(), item.parse().unwrap()).to_string();
    // The option, `const`, `unsafe`, no `async`, `_`, `&mut`, the context's pattern and type, the body.
    assert_eq!(code.matches("compile_error").count(), 9, "{code}");
}

#[test]
fn no_tuple_is_longer_than_the_traits_allow() {
    for count in [0, 1, 11, 12, 13, 23, 24, 40] {
        let params: String = (0..count).map(|n| format!("p{n}: T, ")).collect();
        let item = format!("async fn f({params}cx: &QueryContext) -> V {{}}");
        let code = query::expand(TokenStream::new(), item.parse().unwrap());
        let function: syn::ItemFn = syn::parse2(code).unwrap();
        let syn::ReturnType::Type(_, output) = &function.sig.output else {
            panic!("{count}");
        };
        let syn::Type::Path(path) = &**output else {
            panic!("{count}");
        };
        let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments[1].arguments else {
            panic!("{count}");
        };
        let syn::GenericArgument::Type(key) = &arguments.args[1] else {
            panic!("{count}");
        };
        assert_eq!(params_in(key), count);
    }
}

/// Counts the types in a key, and looks at the length of its tuples.
fn params_in(key: &syn::Type) -> usize {
    match key {
        syn::Type::Tuple(tuple) => {
            assert!(tuple.elems.len() <= 12);
            tuple.elems.iter().map(params_in).sum()
        }
        _ => 1,
    }
}

/// Programs the macros accept.
const PROGRAMS: &[&str] = &[
    "async fn f(cx: &QueryContext) {}",
    "/// Text.\n#[cfg(a)] pub(crate) async fn f(a: u8, mut b: Vec<u8>, cx: &QueryContext) -> Option<u8> { return None; }",
    "async fn f<'a, T: Clone, const N: usize>(t: [T; N], cx: &'a x::QueryContext) -> T where T: Eq { t }",
    "async fn f(mut self: Box<Self>, a: fn(&u8) -> &u8, cx: &Cx) -> u8 { #![allow(unused)] 1 }",
    "#[async_recursion(?Send)] async fn f(&'static self, cx: &QueryContext) -> Arc<dyn for<'a> Fn(&'a u8)> { loop {} }",
    "#[cfg_attr(a, cfg(b), inline)] #[expect(x)] async fn r#f(self, r#fn: u8, _cx: &'_ QueryContext) -> &'static str { x }",
    "async fn f<'a, T>(&self, a: &'a str, mut b: Vec<View<'_>>, c: Arc<[T]>, d: fn(&u8), cx: &'a QueryContext) -> T { x }",
    "async fn f(a: Option<&[u8]>, self_: T, cx: &Cx) {}",
    "#[input_access(crate = a::b)] pub struct S;",
    "struct S<'a, T: Clone = u8, V, const N: usize>(&'a [(T, V); N]) where T: Copy;",
    "enum E { A, B(u8), C { c: u8 } }",
    "#[repr(u8)] enum E<T> { A = 3, #[default] B(Option<Box<E<T>>>, T::Item), C { #[bound_derive] c: m!(T) } }",
    "#[bound_derive(Rc<T>)] #[repr(packed)] struct S<T>(Foo<Self>, [T; 2]);",
];

/// A method does not parse outside of an `impl`.
fn wrapped(program: &str, code: TokenStream) -> TokenStream {
    match program.contains("self") {
        true => quote::quote! { impl S { #code } },
        false => code,
    }
}

fn expand_all(round: usize, options: TokenStream, item: TokenStream) {
    let text = format!("round {round}: #[_({options})] {item}");
    let expansion = AssertUnwindSafe(|| {
        let _ = query::expand(options.clone(), item.clone());
        let _ = memo::expand(options.clone(), item.clone());
        let _ = projection::expand(item.clone());
        let _ = input::expand(item.clone());
        for way in [derive::Way::Perfect, derive::Way::Bounded] {
            let _ = derive::attach(way, options.clone(), item.clone());
        }
        let marker = TokenStream::from_str(
            "#[exact_bounds(bounded_derive: Clone Copy Debug Default PartialEq Eq Hash PartialOrd Ord)]",
        );
        let mut marked = marker.unwrap();
        marked.extend(item);
        let _ = derive::expand(marked);
    });
    assert!(catch_unwind(expansion).is_ok(), "{text}");
}

/// A small generator of numbers: the same seed gives the same streams everywhere.
pub(crate) struct Random(pub(crate) u64);

/// What the random streams are made of.
const WORDS: &[&str] = &[
    "async",
    "fn",
    "const",
    "unsafe",
    "extern",
    "pub",
    "self",
    "Self",
    "mut",
    "ref",
    "dyn",
    "impl",
    "where",
    "for",
    "struct",
    "trait",
    "type",
    "enum",
    "union",
    "crate",
    "super",
    "f",
    "cx",
    "QueryContext",
    "T",
    "static",
    "cfg",
    "cfg_attr",
    "_",
    "input_access",
    "async_recursion",
    "Pin",
    "spawn",
    "detached",
    "cycle",
    "shared",
    "no_eq",
    "eq",
    "size",
    "lru",
    "bound_derive",
    "default",
    "repr",
    "Self",
    "single",
    "Option",
    "Box",
];

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 16
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub(crate) fn choose<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    pub(crate) fn stream(&mut self, depth: usize, most: usize) -> TokenStream {
        (0..self.below(most + 1))
            .map(|_| self.token(depth))
            .collect()
    }

    fn token(&mut self, depth: usize) -> TokenTree {
        const SIGNS: &[char] = &[
            '&', ':', ',', ';', '=', '<', '>', '-', '#', '!', '?', '.', '+', '\'', '*', '|', '@',
        ];
        match self.below(10) {
            0 if depth > 0 => self.group(depth),
            1..=4 => TokenTree::Ident(Ident::new(self.choose(WORDS), Span::call_site())),
            5 => TokenTree::Literal(match self.below(3) {
                0 => Literal::usize_unsuffixed(self.below(20)),
                1 => Literal::string("C"),
                _ => Literal::f64_suffixed(1.5),
            }),
            _ => TokenTree::Punct(Punct::new(
                self.choose(SIGNS),
                self.choose(&[Spacing::Alone, Spacing::Joint]),
            )),
        }
    }

    fn group(&mut self, depth: usize) -> TokenTree {
        let delimiter = self.choose(&[
            Delimiter::Parenthesis,
            Delimiter::Brace,
            Delimiter::Bracket,
            Delimiter::None,
        ]);
        TokenTree::Group(Group::new(delimiter, self.stream(depth - 1, 8)))
    }

    /// Drops, repeats, replaces, swaps or inserts one token, at any depth.
    pub(crate) fn mutated(&mut self, stream: TokenStream) -> TokenStream {
        let mut tokens: Vec<TokenTree> = stream.into_iter().collect();
        if tokens.is_empty() {
            return self.stream(2, 4);
        }
        let at = self.below(tokens.len());
        if let TokenTree::Group(group) = &tokens[at]
            && self.below(4) > 0
        {
            let inner = self.mutated(group.stream());
            tokens[at] = TokenTree::Group(Group::new(group.delimiter(), inner));
            return tokens.into_iter().collect();
        }
        match self.below(5) {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, tokens[at].clone()),
            2 => tokens[at] = self.token(3),
            3 => {
                let other = self.below(tokens.len());
                tokens.swap(at, other);
            }
            _ => tokens.insert(at, self.token(3)),
        }
        tokens.into_iter().collect()
    }
}
