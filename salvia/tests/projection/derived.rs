//! What the derive makes of types of users.

use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use salvia::{Projection, ToStatic};

use crate::{same, tells_apart};

#[test]
fn structs_of_every_shape_are_arguments() {
    #[derive(Projection)]
    struct Named {
        a: u32,
        b: String,
    }
    #[derive(Projection)]
    struct Tuple(u32, String);
    #[derive(Projection)]
    struct Unit;
    #[derive(Projection)]
    struct Empty {}
    let named = |a, b: &str| Named { a, b: b.to_owned() };
    tells_apart(&named(1, "a"), &named(2, "a"));
    tells_apart(&named(1, "a"), &named(1, "b"));
    tells_apart(&Tuple(1, String::new()), &Tuple(1, "b".into()));
    assert!(same(&Unit, &Unit) && same(&Empty {}, &Empty {}));
}

#[derive(Projection)]
enum Shape<'a> {
    Nothing,
    Circle(f64),
    Text { at: (i32, i32), text: &'a str },
}

#[test]
fn enums_of_every_shape_are_arguments() {
    let text = |text| Shape::Text { at: (1, 2), text };
    tells_apart(&Shape::Nothing, &Shape::Circle(0.0));
    tells_apart(&Shape::Circle(1.0), &text("a"));
    assert!(same(&Shape::Nothing, &Shape::Nothing));
    assert!(same(&text("a"), &text(&String::from("a"))));
}

#[test]
fn the_same_variant_with_other_content_differs() {
    tells_apart(&Shape::Circle(0.0), &Shape::Circle(-0.0));
    let text = |x, text| Shape::Text { at: (x, 2), text };
    tells_apart(&text(1, "a"), &text(1, "b"));
    tells_apart(&text(1, "a"), &text(2, "a"));
}

#[test]
fn an_enum_without_variants_is_an_argument() {
    #[derive(Projection)]
    enum Never {}
    assert!(same::<Option<Never>, Option<Never>>(&None, &None));
}

/// A lifetime, and a `Mutex` that no projection looks at.
#[test]
fn fields_that_are_not_projected_need_no_traits() {
    struct World {
        hits: Vec<u32>,
        lock: Mutex<()>,
    }
    #[derive(Projection)]
    struct Hits<'a> {
        hits: &'a Vec<u32>,
    }
    impl<'a> From<&'a World> for Hits<'a> {
        fn from(world: &'a World) -> Self {
            Self { hits: &world.hits }
        }
    }
    let world = |hits: &[u32]| World {
        hits: hits.to_vec(),
        lock: Mutex::new(()),
    };
    let (one, other) = (world(&[1]), world(&[2]));
    let _held = one.lock.lock();
    tells_apart(&Hits::from(&one), &Hits::from(&other));
    assert!(same(&Hits::from(&one), &Hits::from(&world(&[1]))));
}

#[test]
fn owned_and_borrowed_fields_stand_side_by_side() {
    #[derive(Projection)]
    struct Both<'a> {
        own: u32,
        borrowed: &'a u32,
    }
    let both = |own, borrowed| Both { own, borrowed };
    tells_apart(&both(1, &2), &both(1, &3));
    tells_apart(&both(1, &2), &both(2, &2));
}

/// What is computed on the way into the view is what counts.
#[test]
fn a_projection_may_transform() {
    #[derive(Projection)]
    struct Rounded(u32);
    let rounded = |n: u32| Rounded(n / 10);
    assert!(same(&rounded(41), &rounded(49)));
    tells_apart(&rounded(41), &rounded(50));
}

#[test]
fn phantom_fields_are_ignored() {
    struct NoTraits;
    #[derive(Projection)]
    struct InStruct<'a>(PhantomData<NoTraits>, u32, PhantomData<&'a Mutex<()>>);
    #[derive(Projection)]
    enum InEnum {
        Tuple(PhantomData<NoTraits>, u32),
        Named {
            _mark: std::marker::PhantomData<NoTraits>,
            n: u32,
        },
    }
    tells_apart(
        &InStruct(PhantomData, 1, PhantomData),
        &InStruct(PhantomData, 2, PhantomData),
    );
    tells_apart(
        &InEnum::Tuple(PhantomData, 1),
        &InEnum::Tuple(PhantomData, 2),
    );
    let named = |n| InEnum::Named {
        _mark: PhantomData,
        n,
    };
    tells_apart(&named(1), &named(2));
}

#[derive(Projection)]
struct Leaf<'a> {
    numbers: &'a Vec<u32>,
}

#[derive(Projection)]
struct Middle<'a> {
    leaf: Leaf<'a>,
    name: &'a str,
}

#[derive(Projection)]
struct Root<'a> {
    left: Middle<'a>,
    right: Middle<'a>,
}

fn root<'a>(left: &'a Vec<u32>, right: &'a Vec<u32>) -> Root<'a> {
    let middle = |numbers| Middle {
        leaf: Leaf { numbers },
        name: "m",
    };
    Root {
        left: middle(left),
        right: middle(right),
    }
}

#[test]
fn a_change_is_seen_three_levels_deep() {
    let (one, other) = (vec![1], vec![2]);
    tells_apart(&root(&one, &one), &root(&one, &other));
    assert!(same(&root(&one, &other), &root(&vec![1], &vec![2])));
}

#[test]
fn projections_nest_in_every_container() {
    #[derive(Projection)]
    struct All<'a> {
        list: Vec<Leaf<'a>>,
        option: Option<Leaf<'a>>,
        array: [Leaf<'a>; 1],
        tuple: (u32, Leaf<'a>),
        sorted: BTreeMap<&'a str, Leaf<'a>>,
        hashed: HashMap<String, Leaf<'a>>,
        boxed: Box<Leaf<'a>>,
        behind: &'a Leaf<'a>,
        slice: &'a [Leaf<'a>],
        result: Result<Leaf<'a>, u8>,
    }
    fn all<'a>(
        numbers: &'a Vec<u32>,
        changed: usize,
        other: &'a Vec<u32>,
        leaves: &'a [[Leaf<'a>; 1]; 2],
    ) -> All<'a> {
        let leaf = |place| Leaf {
            numbers: if place == changed { other } else { numbers },
        };
        All {
            list: vec![leaf(0)],
            option: Some(leaf(1)),
            array: [leaf(2)],
            tuple: (1, leaf(3)),
            sorted: BTreeMap::from([("a", leaf(4))]),
            hashed: HashMap::from([("a".to_owned(), leaf(5))]),
            boxed: Box::new(leaf(6)),
            behind: &leaves[usize::from(changed == 7)][0],
            slice: &leaves[usize::from(changed == 8)],
            result: Ok(leaf(9)),
        }
    }
    let (one, other) = (vec![1], vec![2]);
    let leaves = [[Leaf { numbers: &one }], [Leaf { numbers: &other }]];
    let unchanged = || all(&one, usize::MAX, &other, &leaves);
    assert!(same(&unchanged(), &unchanged()));
    for changed in 0..10 {
        tells_apart(&unchanged(), &all(&one, changed, &other, &leaves));
    }
}

/// `Box<Self>` as well as `Vec<Self>`, and with borrows.
#[test]
fn a_projection_may_hold_itself() {
    #[derive(Projection)]
    enum Formula<'a> {
        Variable(&'a str),
        Not(Box<Formula<'a>>),
        All(Vec<Self>),
        If(Option<Box<(Formula<'a>, u32)>>, [Box<Formula<'a>>; 2]),
        Named(HashMap<String, Formula<'a>>),
    }
    use Formula::{All, If, Named, Not, Variable};
    let not = |name| Not(Box::new(Variable(name)));
    tells_apart(&not("a"), &not("b"));
    tells_apart(&All(vec![not("a"), not("b")]), &All(vec![not("a")]));
    let choice = |n| {
        If(
            Some(Box::new((not("a"), n))),
            [Box::new(All(vec![])), Box::new(not("b"))],
        )
    };
    tells_apart(&choice(1), &choice(2));
    let named = |name: &str| Named([(name.to_owned(), not("a"))].into());
    tells_apart(&named("a"), &named("b"));
}

/// A reference leaves nothing in the snapshot that would give it a size.
#[test]
fn a_projection_may_hold_itself_behind_a_reference() {
    #[derive(Projection)]
    struct Scope<'a> {
        name: &'a str,
        outer: Option<&'a Scope<'a>>,
        inner: &'a [Scope<'a>],
    }
    let scope = |name, outer| Scope {
        name,
        outer,
        inner: &[],
    };
    let (one, other) = (scope("a", None), scope("b", None));
    tells_apart(&scope("c", Some(&one)), &scope("c", Some(&other)));
}

#[test]
fn a_generic_projection_may_hold_itself() {
    #[derive(Projection)]
    struct Tree<T> {
        value: T,
        children: Vec<Tree<T>>,
    }
    let leaf = |value| Tree {
        value,
        children: vec![],
    };
    let tree = |value| Tree {
        value: "root",
        children: vec![leaf(value), leaf("b")],
    };
    tells_apart(&tree("a"), &tree("c"));
}

/// A handle is compared by `PartialEq`, so a projection behind one derives that too.
#[test]
fn a_handle_to_a_projection_is_an_argument() {
    #[derive(Projection, PartialEq)]
    struct Config {
        threads: u32,
    }
    tells_apart(
        &Arc::new(Config { threads: 1 }),
        &Arc::new(Config { threads: 2 }),
    );
    tells_apart(
        &Rc::new(Config { threads: 1 }),
        &Rc::new(Config { threads: 2 }),
    );
}

#[test]
fn the_derive_goes_with_others() {
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Projection)]
    struct Everything<'a> {
        text: &'a str,
    }
    let one = Everything { text: "a" };
    assert_eq!(one, one.clone());
    assert!(one > Everything::default());
    assert!(same(&one, &one));
}

#[test]
fn a_snapshot_can_be_written_by_hand() {
    struct Page<'a> {
        text: &'a str,
        version: u64,
    }
    impl ToStatic for Page<'_> {
        type Static = u64;
        fn to_static(&self) -> u64 {
            self.version
        }
        fn eq_static(&self, kept: &u64) -> bool {
            self.version == *kept
        }
    }
    #[derive(Projection)]
    struct Book<'a>(Vec<Page<'a>>);
    let book = |text, version| Book(vec![Page { text, version }]);
    assert!(same(&book("a", 1), &book("b", 1)));
    tells_apart(&book("a", 1), &book("a", 2));
    assert_eq!(book("a", 1).0[0].text, "a");
}
