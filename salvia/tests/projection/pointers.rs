//! What two handles share is not compared.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use salvia::{Param, ToStatic};

thread_local! {
    static COMPARED: Cell<u32> = const { Cell::new(0) };
}

/// Counts how often it is compared.
#[derive(Debug, Clone, Copy)]
struct Counting(u32);

impl std::hash::Hash for Counting {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl PartialEq for Counting {
    fn eq(&self, other: &Self) -> bool {
        COMPARED.set(COMPARED.get() + 1);
        self.0 == other.0
    }
}
impl Eq for Counting {}

impl PartialOrd for Counting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Counting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        COMPARED.set(COMPARED.get() + 1);
        self.0.cmp(&other.0)
    }
}

/// Compares with a snapshot, and says how many elements were looked at.
fn compare<T: ToStatic>(one: &T, other: &T) -> (bool, u32) {
    let kept = one.to_static();
    COMPARED.set(0);
    (other.eq_static(&kept), COMPARED.get())
}

fn numbers() -> Vec<Counting> {
    (0..1000).map(Counting).collect()
}

#[test]
fn what_an_arc_shares_is_not_compared() {
    let (one, again) = (Arc::new(Counting(1)), Arc::new(Counting(1)));
    assert_eq!(compare(&one, &Arc::clone(&one)), (true, 0));
    assert_eq!(compare(&one, &again), (true, 1), "equal at another address");
    assert_eq!(compare(&one, &Arc::new(Counting(2))), (false, 1));
    let rc = Rc::new(Counting(1));
    assert_eq!(compare(&rc, &Rc::clone(&rc)), (true, 0));
}

#[test]
fn what_an_arc_of_a_slice_or_text_shares_is_not_compared() {
    let slice: Arc<[Counting]> = numbers().into();
    assert_eq!(compare(&slice, &slice.clone()), (true, 0));
    assert_eq!(compare(&slice, &numbers().into()), (true, 1000));
    let text: Arc<str> = "a".into();
    assert!(
        compare(&text, &text.clone()).0
            && compare(&text, &"a".into()).0
            && !compare(&text, &"b".into()).0
    );
}

#[test]
fn handles_are_recognised_inside_of_others() {
    let shared = Arc::new(numbers());
    let nested = || vec![(1, Some(Arc::clone(&shared)))];
    assert_eq!(compare(&nested(), &nested()), (true, 0));
    assert_eq!(
        compare(&&&shared, &&&shared),
        (true, 0),
        "through references"
    );
    let slice: Arc<[Counting]> = numbers().into();
    assert_eq!(compare(&&slice, &&slice), (true, 0));
    #[derive(salvia::Projection)]
    struct View<'a> {
        items: &'a Arc<[Counting]>,
    }
    assert_eq!(
        compare(
            &View { items: &slice },
            &View {
                items: &slice.clone()
            }
        ),
        (true, 0)
    );
}

/// Needs `PartialEq`, and no more.
#[test]
fn an_arc_may_hold_what_has_no_size() {
    trait Shape {
        fn corners(&self) -> u32;
    }
    impl PartialEq for dyn Shape {
        fn eq(&self, other: &Self) -> bool {
            self.corners() == other.corners()
        }
    }
    impl Shape for u32 {
        fn corners(&self) -> u32 {
            *self
        }
    }
    let shape = |corners: u32| -> Arc<dyn Shape> { Arc::new(corners) };
    assert!(compare(&shape(3), &shape(3)).0);
    assert!(!compare(&shape(3), &shape(4)).0);
}

#[test]
fn a_key_that_shares_its_content_is_not_compared() {
    let slice: Arc<[Counting]> = numbers().into();
    let key = slice.to_key();
    COMPARED.set(0);
    assert!(slice.matches(&key));
    assert!(slice.clone().matches(&key));
    assert_eq!(COMPARED.get(), 0);
}

#[cfg(feature = "bytes")]
#[test]
fn bytes_of_one_buffer_are_the_same() {
    use bytes::Bytes;
    let buffer = Bytes::from(vec![1, 2, 1, 2]);
    crate::tells_apart(&buffer.slice(..2), &buffer.slice(..3));
    assert!(
        crate::same(&buffer.slice(..2), &buffer.slice(2..)),
        "equal elsewhere"
    );
    assert!(crate::same(&buffer, &buffer.clone()));
    assert!(buffer.matches(&buffer.to_key()));
}

#[cfg(feature = "imbl")]
#[test]
fn what_collections_of_imbl_share_is_not_compared() {
    use imbl::{HashMap, HashSet, OrdMap, OrdSet, Vector};
    let vector: Vector<Counting> = numbers().into_iter().collect();
    assert_eq!(compare(&vector, &vector.clone()), (true, 0));
    assert_eq!(
        compare(&vector, &numbers().into_iter().collect()),
        (true, 1000)
    );
    let mut other = vector.clone();
    other.push_back(Counting(0));
    assert!(!compare(&vector, &other).0);
    let map: HashMap<u32, Counting> = (0..1000).map(|n| (n, Counting(n))).collect();
    assert_eq!(compare(&map, &map.clone()), (true, 0));
    assert!(!compare(&map, &map.update(1, Counting(2))).0);
    let map: OrdMap<u32, Counting> = (0..1000).map(|n| (n, Counting(n))).collect();
    assert_eq!(compare(&map, &map.clone()), (true, 0));
    assert!(!compare(&map, &map.without(&1)).0);
    let set: HashSet<Counting> = numbers().into_iter().collect();
    assert_eq!(compare(&set, &set.clone()), (true, 0));
    assert!(!compare(&set, &set.without(&Counting(1))).0);
    let set: OrdSet<Counting> = numbers().into_iter().collect();
    assert_eq!(compare(&set, &set.clone()), (true, 0));
    assert!(!compare(&set, &set.without(&Counting(1))).0);
}

#[cfg(feature = "imbl")]
#[test]
fn the_other_collections_of_imbl_are_arguments() {
    use imbl::{HashSet, OrdSet, Vector};
    crate::tells_apart(&HashSet::unit(1), &HashSet::unit(2));
    crate::tells_apart(&OrdSet::unit(1), &OrdSet::unit(2));
    crate::tells_apart(&Vector::unit(0.0), &Vector::unit(-0.0));
    let vector = Vector::unit(1);
    assert!(vector.matches(&vector.to_key()) && !vector.matches(&Vector::new()));
}
