//! Every kind of argument the standard library has.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{CStr, CString, OsStr, OsString};
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::{NonZero, Saturating, Wrapping};
use std::ops::{Bound, ControlFlow, RangeFrom, RangeTo};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crate::{same, tells_apart};

#[test]
fn integers_of_every_size_are_told_apart() {
    macro_rules! each {
        ($($ty:ident)*) => {$(
            tells_apart(&$ty::MIN, &$ty::MAX);
            tells_apart(&NonZero::<$ty>::MAX, &NonZero::<$ty>::new(1).unwrap());
        )*};
    }
    each! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }
    tells_apart(&'a', &'b');
    tells_apart(&true, &false);
}

#[test]
fn floats_are_compared_by_their_bits() {
    tells_apart(&0.0f64, &-0.0);
    tells_apart(&0.0f32, &-0.0);
    tells_apart(&1.0, &2.0);
    assert!(same(&f64::NAN, &f64::NAN));
    assert!(same(&f32::NAN, &f32::NAN));
    tells_apart(&f64::NAN, &-f64::NAN);
    tells_apart(&[0.0], &[-0.0]);
    tells_apart(&(1, Some(0.0)), &(1, Some(-0.0)));
}

/// `Arc<T>` asks no more than `PartialEq` of `T`, so it is the type of the handle that tells.
#[test]
fn floats_behind_a_handle_are_compared_by_their_bits() {
    tells_apart(&Arc::new(0.0), &Arc::new(-0.0));
    tells_apart::<Arc<[f32]>>(&Arc::from([1.0, 0.0]), &Arc::from([1.0, -0.0]));
    tells_apart(&Arc::new(vec![0.0]), &Arc::new(vec![-0.0]));
    tells_apart(&Rc::new(0.0f32), &Rc::new(-0.0));
    tells_apart::<Rc<[f64]>>(&Rc::from([0.0]), &Rc::from([0.0, 0.0]));
    assert!(same(&Arc::new(f64::NAN), &Arc::new(f64::NAN)));
}

#[test]
fn texts_and_paths_are_arguments_owned_and_borrowed() {
    tells_apart("a", "b");
    tells_apart(&"a", &"");
    tells_apart(&String::from("a"), &String::from("b"));
    tells_apart(Path::new("a"), Path::new("b"));
    tells_apart(&PathBuf::from("a"), &PathBuf::from("b"));
    tells_apart(OsStr::new("a"), OsStr::new("b"));
    tells_apart(&OsString::from("a"), &OsString::from("b"));
    tells_apart(c"a", c"b");
    tells_apart(&CString::from(c"a"), &CString::from(c"b"));
    let _: &CStr = c"a";
    assert!(same("a", &String::from("a")), "one snapshot for both");
    assert!(same(Path::new("a"), &PathBuf::from("a")));
}

#[test]
fn times_and_addresses_are_arguments() {
    let now = (Instant::now(), SystemTime::now());
    let second = Duration::from_secs(1);
    tells_apart(&now.0, &(now.0 + second));
    tells_apart(&now.1, &(now.1 + second));
    tells_apart(&second, &Duration::ZERO);
    tells_apart(&IpAddr::from([127, 0, 0, 1]), &IpAddr::from([0u16; 8]));
    tells_apart(&Ipv4Addr::LOCALHOST, &Ipv4Addr::BROADCAST);
    tells_apart(
        &SocketAddr::from(([0; 4], 1)),
        &SocketAddr::from(([0; 4], 2)),
    );
}

#[test]
fn references_are_as_what_they_lead_to() {
    let (one, other) = (1, 2);
    tells_apart(&&one, &&other);
    tells_apart(&&&&one, &&&&other);
    assert!(same(&1, &&&1));
}

#[test]
fn boxes_are_as_what_they_hold() {
    tells_apart(&Box::new(1), &Box::new(2));
    tells_apart::<Box<str>>(&"a".into(), &"b".into());
    tells_apart::<Box<[u8]>>(&[1].into(), &[1, 2].into());
    tells_apart::<Cow<'_, str>>(&"a".into(), &"b".into());
    tells_apart::<Cow<'_, [u8]>>(&Cow::Borrowed(&[1]), &Cow::Owned(vec![2]));
    assert!(same::<Cow<'_, str>, Cow<'_, str>>(
        &Cow::Borrowed("a"),
        &Cow::Owned("a".to_owned())
    ));
}

#[test]
fn sequences_are_compared_part_by_part() {
    tells_apart(&vec![1, 2], &vec![1, 3]);
    tells_apart(&vec![1, 2], &vec![1]);
    tells_apart(&[1, 2][..], &[1][..]);
    tells_apart(&[1, 2], &[2, 1]);
    tells_apart(&VecDeque::from([1, 2]), &VecDeque::from([2]));
    tells_apart(&LinkedList::from([1, 2]), &LinkedList::from([2]));
    assert!(same(&vec![1, 2], &vec![1, 2]), "at another address");
    assert!(same(&vec!["a"], &["a".to_owned()][..]));
}

/// Arrays of any length, of elements that are neither `Copy` nor `Default`.
#[test]
fn arrays_ask_nothing_of_their_elements() {
    let texts = |text: &str| std::array::from_fn::<_, 40, _>(|n| format!("{text}{n}"));
    tells_apart(&texts("a"), &texts("b"));
    tells_apart::<[NonZero<u8>; 1]>(&[NonZero::<u8>::MIN], &[NonZero::<u8>::MAX]);
}

#[test]
fn options_results_and_ranges_are_compared_by_variant_and_content() {
    tells_apart(&Some(1), &None);
    tells_apart(&Some(1), &Some(2));
    tells_apart(&Ok::<_, u8>(1u8), &Err(1));
    tells_apart(&ControlFlow::<_, u8>::Break(1u8), &ControlFlow::Continue(1));
    tells_apart(&Bound::Included(1), &Bound::Excluded(1));
    tells_apart(&Bound::Included(1), &Bound::Unbounded);
    tells_apart(&(1..2), &(1..3));
    tells_apart(&(1..=2), &(1..=3));
    tells_apart(&RangeFrom { start: 1 }, &(2..));
    tells_apart(&RangeTo { end: 1 }, &..2);
    tells_apart(&(..=1), &(..=2));
    assert!(same(&.., &..));
    tells_apart(&Reverse(1), &Reverse(2));
    tells_apart(&Wrapping(1), &Wrapping(2));
    tells_apart(&Saturating(1), &Saturating(2));
}

/// A range that has been used up holds nothing, though it begins and ends where it did.
#[test]
fn a_range_that_is_used_up_is_another() {
    let mut used = 1..=1;
    used.next();
    tells_apart(&(1..=1), &used);
}

#[test]
fn tuples_of_up_to_twelve_are_compared_part_by_part() {
    assert!(same(&(), &()));
    tells_apart(&(1,), &(2,));
    tells_apart(&(1, 2), &(1, 3));
    tells_apart(&(1, "a", 'b', true, 2.0), &(1, "a", 'b', true, -2.0));
    tells_apart(
        &(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        &(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
    );
    tells_apart(&(((1, 2), 3), 4), &(((1, 9), 3), 4));
}

fn map<K: std::hash::Hash + Eq + Clone, V: Clone>(entries: &[(K, V)]) -> HashMap<K, V> {
    entries.iter().cloned().collect()
}

#[test]
fn a_map_differs_when_an_entry_is_removed() {
    tells_apart(&map(&[(1, 'a'), (2, 'b')]), &map(&[(1, 'a')]));
    tells_apart(
        &BTreeMap::from([(1, 'a'), (2, 'b')]),
        &BTreeMap::from([(1, 'a')]),
    );
}

#[test]
fn a_map_differs_when_one_key_is_another() {
    tells_apart(&map(&[(1, 'a'), (2, 'b')]), &map(&[(1, 'a'), (3, 'b')]));
    tells_apart(
        &BTreeMap::from([(1, 'a'), (2, 'b')]),
        &BTreeMap::from([(1, 'a'), (3, 'b')]),
    );
}

#[test]
fn a_map_differs_when_one_value_is_another() {
    tells_apart(&map(&[(1, 'a'), (2, 'b')]), &map(&[(1, 'a'), (2, 'c')]));
    tells_apart(
        &BTreeMap::from([(1, 'a'), (2, 'b')]),
        &BTreeMap::from([(1, 'a'), (2, 'c')]),
    );
}

/// Two hash maps never agree on the order of a thousand entries.
#[test]
fn equal_maps_in_another_order_are_the_same() {
    let forth: HashMap<u32, u32> = (0..1000).map(|n| (n, n)).collect();
    let back: HashMap<u32, u32> = (0..1000).rev().map(|n| (n, n)).collect();
    assert!(same(&forth, &back));
    let forth: HashSet<u32> = (0..1000).collect();
    let back: HashSet<u32> = (0..1000).rev().collect();
    assert!(same(&forth, &back));
}

#[test]
fn sets_are_compared_by_their_elements() {
    tells_apart(&HashSet::from([1, 2]), &HashSet::from([1, 3]));
    tells_apart(&HashSet::from([1, 2]), &HashSet::from([1]));
    tells_apart(&BTreeSet::from([1, 2]), &BTreeSet::from([1, 3]));
}

/// A snapshot with owned keys is searched with borrowed ones.
#[test]
fn the_keys_of_a_map_may_be_borrowed() {
    let owner = (String::from("a"), String::from("b"));
    tells_apart(&map(&[(&*owner.0, 1)]), &map(&[(&*owner.1, 1)]));
    tells_apart(
        &BTreeMap::from([(&*owner.0, 1)]),
        &BTreeMap::from([(&*owner.1, 1)]),
    );
    let elsewhere = String::from("a");
    assert!(same(&map(&[(&*owner.0, 1)]), &map(&[(&*elsewhere, 1)])));
}

/// All keys with one hash: the snapshot is searched among many with the same.
#[test]
fn keys_that_collide_are_compared() {
    #[derive(Clone, PartialEq, Eq, salvia::Projection)]
    struct Colliding(u32);
    impl std::hash::Hash for Colliding {
        fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
    }
    let of = |numbers: &[u32]| -> HashMap<_, _> {
        numbers.iter().map(|n| (Colliding(*n), *n)).collect()
    };
    tells_apart(&of(&[1, 2, 3]), &of(&[1, 2, 4]));
    assert!(same(&of(&[1, 2, 3]), &of(&[3, 2, 1])));
}

#[test]
fn phantom_data_says_nothing() {
    struct NoTraits;
    assert!(same(&PhantomData::<NoTraits>, &PhantomData::<NoTraits>));
}
