//! What a bound query is: a function and its arguments, told apart by `Eq` alone.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use salvia::{Input, InputAccess, QueryContext, query};

use crate::kit::{counted, put, ran, soon, within};

/// A key whose hash says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, InputAccess)]
struct Alike(u32);

impl Hash for Alike {
    fn hash<H: Hasher>(&self, state: &mut H) {
        0u8.hash(state);
    }
}

impl Input<u64> for Alike {
    fn initial(&self) -> u64 {
        u64::from(self.0)
    }
}

/// A hash only picks where to look; equality decides. As arguments and as hosts.
#[tokio::test]
async fn ten_thousand_keys_of_one_hash_are_ten_thousand_keys() {
    const KEYS: u32 = 10_000;
    #[query]
    async fn tripled(key: Alike, cx: &QueryContext) -> u32 {
        ran(cx, "tripled");
        3 * key.0
    }
    // Every look-up compares its way through those before it, so this one may take its time.
    within(120, async {
        let (rt, counts) = counted();
        rt.query(|cx| async move {
            for n in 0..KEYS {
                assert_eq!(tripled(Alike(n), &cx).await, 3 * n);
            }
            for n in (0..KEYS).step_by(97) {
                assert_eq!(tripled(Alike(n), &cx).await, 3 * n);
            }
        })
        .await;
        assert_eq!(counts.take().len(), KEYS as usize);
    })
    .await;
}

#[tokio::test]
async fn hosts_of_one_hash_are_apart() {
    #[query]
    async fn read(key: Alike, cx: &QueryContext) -> u64 {
        ran(cx, format!("read({})", key.0));
        key.get(cx).await
    }
    within(20, async {
        let (rt, counts) = counted();
        rt.mutate(|cx| async move {
            for n in 0..500 {
                Alike(n).set(u64::from(n) + 1_000, &cx).await;
            }
        })
        .await;
        let sum = |cx: QueryContext| async move {
            let mut sum = 0;
            for n in 0..600 {
                sum += read(Alike(n), &cx).await;
            }
            sum
        };
        let plain: u64 = (0..600).sum();
        assert_eq!(rt.query(sum).await, plain + 500 * 1_000);
        counts.take();
        rt.mutate(|cx| async move { Alike(77).set(0, &cx).await })
            .await;
        assert_eq!(rt.query(sum).await, plain + 499 * 1_000 - 77);
        assert_eq!(counts.take(), ["read(77)"]);
    })
    .await;
}

/// A key that calls two spellings equal: whoever came first made the bound query.
#[derive(Debug, Clone)]
struct Caseless(String);

impl PartialEq for Caseless {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Caseless {}

impl Hash for Caseless {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_ascii_lowercase().hash(state);
    }
}

/// Equal arguments are one bound query, whatever they look like.
#[tokio::test]
async fn equal_arguments_are_one_bound_query() {
    #[query]
    async fn length(word: Caseless, cx: &QueryContext) -> usize {
        ran(cx, "length");
        word.0.len()
    }
    soon(async {
        let (rt, counts) = counted();
        for word in ["Salt", "salt", "SALT"] {
            let word = Caseless(word.into());
            assert_eq!(
                rt.query(|cx| async move { length(word, &cx).await }).await,
                4
            );
        }
        assert_eq!(counts.of("length"), 1);
    })
    .await;
}

/// Many parameters of many types, each of which tells bound queries apart; their order does too.
#[tokio::test]
async fn every_parameter_counts() {
    #[query]
    #[expect(
        clippy::too_many_arguments,
        reason = "many parameters are what is tested"
    )]
    async fn many(
        a: u8,
        b: char,
        c: String,
        d: Option<i64>,
        e: (bool, u16),
        f: Vec<u32>,
        g: Arc<str>,
        h: BTreeMap<u8, u8>,
        cx: &QueryContext,
    ) -> String {
        ran(cx, "many");
        format!("{a}{b}{c}{d:?}{e:?}{f:?}{g}{h:?}")
    }
    soon(async {
        let (rt, counts) = counted();
        let ask = async |change: usize| {
            let nth = |n: usize| usize::from(change == n);
            rt.query(|cx| async move {
                many(
                    nth(1) as u8,
                    ['x', 'y'][nth(2)],
                    "c".repeat(1 + nth(3)),
                    [None, Some(4)][nth(4)],
                    (nth(5) == 1, 9),
                    vec![7; nth(6)],
                    ["g", "G"][nth(7)].into(),
                    BTreeMap::from([(1, nth(8) as u8)]),
                    &cx,
                )
                .await
            })
            .await
        };
        let mut answers = std::collections::BTreeSet::new();
        for round in 0..2 {
            for change in 0..=8 {
                assert_eq!(answers.insert(ask(change).await), round == 0);
            }
        }
        assert_eq!((answers.len(), counts.of("many")), (9, 9));
    })
    .await;
}

/// The same arguments to two queries, or in another order, have nothing in common.
#[tokio::test]
async fn queries_with_equal_arguments_are_apart() {
    #[query]
    async fn minus(a: i32, b: i32, cx: &QueryContext) -> i32 {
        ran(cx, "minus");
        a - b
    }
    #[query]
    async fn plus(a: i32, b: i32, cx: &QueryContext) -> i32 {
        ran(cx, "plus");
        a + b
    }
    soon(async {
        let (rt, counts) = counted();
        let ask = |cx: QueryContext| async move {
            [
                minus(1, 2, &cx).await,
                minus(2, 1, &cx).await,
                plus(1, 2, &cx).await,
                plus(2, 1, &cx).await,
            ]
        };
        assert_eq!(rt.query(ask).await, [-1, 1, 3, 3]);
        assert_eq!(rt.query(ask).await, [-1, 1, 3, 3]);
        assert_eq!(counts.take(), ["minus", "minus", "plus", "plus"]);
    })
    .await;
}

#[query]
async fn type_name<T>(value: T, cx: &QueryContext) -> &'static str
where
    T: salvia::Stashable + Hash,
{
    ran(cx, "type_name");
    drop(value);
    std::any::type_name::<T>()
}

/// The instances of a generic query are apart, also where their arguments are the same bits.
#[tokio::test]
async fn instances_of_a_generic_query_are_apart() {
    soon(async {
        let (rt, counts) = counted();
        for _ in 0..2 {
            rt.query(|cx| async move {
                assert_eq!(type_name(1u32, &cx).await, "u32");
                assert_eq!(type_name(1i32, &cx).await, "i32");
                assert_eq!(type_name('\u{1}', &cx).await, "char");
                assert_eq!(type_name((), &cx).await, "()");
            })
            .await;
        }
        assert_eq!(counts.of("type_name"), 4);
    })
    .await;
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Tree {
    Leaf(i64),
    Fork(Box<Tree>, Box<Tree>),
}

impl Tree {
    #[query]
    async fn sum(self: Box<Self>, cx: &QueryContext) -> i64 {
        ran(cx, "sum");
        match *self {
            Tree::Leaf(n) => n,
            Tree::Fork(left, right) => left.sum(cx).await + right.sum(cx).await,
        }
    }
}

/// A boxed receiver is a key by what is in the box.
#[tokio::test]
async fn a_boxed_receiver_is_its_content() {
    soon(async {
        let (rt, counts) = counted();
        let mut tree = Box::new(Tree::Leaf(1));
        for _ in 0..10 {
            tree = Box::new(Tree::Fork(tree.clone(), tree));
        }
        // A thousand leaves, but only one bound query a level.
        assert_eq!(
            rt.query(|cx| async move { tree.sum(&cx).await }).await,
            1_024
        );
        assert_eq!(counts.of("sum"), 11);
    })
    .await;
}

/// Equal content behind another pointer is the same key.
#[tokio::test]
async fn equal_content_elsewhere_is_a_hit() {
    #[query]
    async fn words(text: Arc<String>, cx: &QueryContext) -> usize {
        ran(cx, "words");
        text.split(' ').count()
    }
    soon(async {
        let (rt, counts) = counted();
        for _ in 0..3 {
            let text = Arc::new(String::from("one two three"));
            assert_eq!(
                rt.query(|cx| async move { words(text, &cx).await }).await,
                3
            );
            put(&rt, 1, 1).await;
        }
        assert_eq!(counts.of("words"), 1);
    })
    .await;
}
