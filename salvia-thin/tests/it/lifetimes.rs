//! Lifetimes in methods, and values that borrow.

use std::collections::BTreeMap;

use salvia_thin::{Ref, RefMut, thin_dyn};

#[derive(Debug, Clone, Copy, PartialEq)]
struct Word<'t>(&'t str);

#[thin_dyn]
#[expect(
    clippy::needless_arbitrary_self_type,
    clippy::needless_lifetimes,
    reason = "each way to write it is to be understood"
)]
trait Text {
    fn elided(&self) -> &str;
    fn among_others(&self, _other: &str, _third: &u8) -> Option<&str>;
    fn in_type(&self) -> Word<'_>;
    #[expect(
        elided_lifetimes_in_paths,
        mismatched_lifetime_syntaxes,
        reason = "it is still allowed to leave them out"
    )]
    fn hidden(&self, word: Word) -> Result<Word, u8>;
    fn own<'a, 'b>(&'a self, other: &'b str) -> (&'a str, &'b str);
    fn of_argument<'b>(&self, other: &'b str) -> Word<'b>;
    fn bounded<'a, 'b: 'a>(&'a self, other: &'b str, own: bool) -> &'a str;
    fn by_clause<'a, 'b, 'c>(&'a self, b: &'b str, c: &'c mut Vec<&'b str>) -> &'c str
    where
        'b: 'c,
        'a: 'b;
    fn grow<'a>(&'a mut self, by: &mut Vec<&str>) -> &'a mut String;
    fn with_type(self: &Self, higher: &dyn for<'x> Fn(&'x str) -> &'x str) -> usize;
    fn mutably<'a>(self: &'a mut Self) -> Option<&'a mut str>;
    fn forever(&self) -> &'static str;
}

#[expect(clippy::needless_lifetimes, reason = "as in the trait")]
impl Text for String {
    fn elided(&self) -> &str {
        self
    }
    fn among_others(&self, _other: &str, _third: &u8) -> Option<&str> {
        Some(self)
    }
    fn in_type(&self) -> Word<'_> {
        Word(self)
    }
    fn hidden(&self, word: Word<'_>) -> Result<Word<'_>, u8> {
        match word.0.len() {
            0 => Err(1),
            _ => Ok(Word(self)),
        }
    }
    fn own<'a, 'b>(&'a self, other: &'b str) -> (&'a str, &'b str) {
        (self, other)
    }
    fn of_argument<'b>(&self, other: &'b str) -> Word<'b> {
        Word(other)
    }
    fn bounded<'a, 'b: 'a>(&'a self, other: &'b str, own: bool) -> &'a str {
        if own { self } else { other }
    }
    fn by_clause<'a, 'b, 'c>(&'a self, b: &'b str, c: &'c mut Vec<&'b str>) -> &'c str
    where
        'b: 'c,
        'a: 'b,
    {
        c.extend([self.as_str(), b]);
        c[0]
    }
    fn grow<'a>(&'a mut self, by: &mut Vec<&str>) -> &'a mut String {
        self.extend(by.drain(..));
        self
    }
    fn with_type(&self, higher: &dyn for<'x> Fn(&'x str) -> &'x str) -> usize {
        higher(self).len()
    }
    fn mutably<'a>(&'a mut self) -> Option<&'a mut str> {
        Some(self)
    }
    fn forever(&self) -> &'static str {
        "forever"
    }
}

#[test]
fn elided_lifetimes_are_those_of_the_trait() {
    let owned = "own".to_owned();
    let text: Ref<'_, dyn Text> = Ref::new(&owned);
    let results = {
        let (other, third) = ("other".to_owned(), 3);
        (
            text.elided(),
            text.among_others(&other, &third),
            text.in_type(),
        )
    };
    assert_eq!(results, ("own", Some("own"), Word("own")));
    assert_eq!(text.hidden(Word("")), Err(1));
    assert_eq!(text.hidden(Word("x")), Ok(Word("own")));
    assert_eq!(text.forever(), "forever");
}

#[test]
fn named_lifetimes_are_kept_apart() {
    let other = "other".to_owned();
    let kept = {
        let owned = "own".to_owned();
        let text: Ref<'_, dyn Text> = Ref::new(&owned);
        assert_eq!(text.own(&other).0, "own");
        (text.own(&other).1, text.of_argument(&other))
    };
    assert_eq!(kept, ("other", Word("other")));
}

#[test]
fn bounds_between_lifetimes_hold() {
    let (owned, other) = ("own".to_owned(), "other".to_owned());
    let text: Ref<'_, dyn Text> = Ref::new(&owned);
    assert_eq!(text.bounded(&other, true), "own");
    assert_eq!(text.bounded(&other, false), "other");
    let mut list = vec!["first"];
    assert_eq!(text.by_clause(&other, &mut list), "first");
    assert_eq!(list, ["first", "own", "other"]);
}

#[test]
fn exclusive_receivers_lend_what_they_hold() {
    let mut owned = "own".to_owned();
    let mut text: RefMut<'_, dyn Text> = RefMut::new(&mut owned);
    text.grow(&mut vec!["er", "ship"]).push('!');
    text.mutably().unwrap().make_ascii_uppercase();
    assert_eq!(text.elided(), "OWNERSHIP!");
    assert_eq!(text.with_type(&|text| &text[..3]), 3);
}

#[thin_dyn]
trait Lookup {
    fn get(&self, key: &str) -> Option<&str>;
    fn count(&self) -> usize;
}

impl Lookup for BTreeMap<&str, &str> {
    fn get(&self, key: &str) -> Option<&str> {
        self.get(key).copied()
    }
    fn count(&self) -> usize {
        self.len()
    }
}

#[test]
fn the_value_may_borrow() {
    let text = "one two".to_owned();
    let (one, two) = text.split_once(' ').unwrap();
    let map = BTreeMap::from([(one, two)]);
    let lookup: Ref<'_, dyn Lookup> = Ref::new(&map);
    assert_eq!((lookup.get("one"), lookup.get("two")), (Some("two"), None));
    assert_eq!(lookup.count(), 1);
}

#[test]
fn the_object_may_have_a_lifetime_of_its_own() {
    fn count<'a>(lookup: Ref<'a, dyn Lookup + 'a>) -> usize {
        lookup.count()
    }
    assert_eq!(count(Ref::new(&BTreeMap::from([("a", "b")]))), 1);
}

#[test]
fn a_shared_reference_is_covariant_in_its_lifetime() {
    fn shorter<'s>(long: Ref<'static, dyn Lookup>, _here: &'s str) -> Ref<'s, dyn Lookup> {
        long
    }
    static EMPTY: BTreeMap<&str, &str> = BTreeMap::new();
    let here = String::new();
    assert_eq!(shorter(Ref::new(&EMPTY), &here).count(), 0);
}
