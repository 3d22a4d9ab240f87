//! The shapes a query can be written in, as 0.1 documents them: free, associated, generic, recursive, below a trait.

use std::fmt::Debug;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Arc;

use async_recursion::async_recursion;
use salvia::{QueryContext, Runtime, Stashable, query};
use tokio::join;

use crate::kit::{Counts, counted, ran, runtime, soon};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Word(String);

impl Word {
    #[query]
    async fn length(self, cx: &QueryContext) -> usize {
        ran(cx, "length");
        self.0.len()
    }

    #[query]
    async fn shout(mut self, mark: char, _cx: &QueryContext) -> String {
        self.0.push(mark);
        self.0.to_uppercase()
    }

    #[query]
    async fn boxed(self: Box<Self>, _cx: &QueryContext) -> String {
        self.0
    }

    #[query]
    async fn boxed_and_changed(mut self: Box<Self>, _cx: &QueryContext) -> String {
        self.0 = self.0.repeat(2);
        self.0
    }

    #[query]
    async fn for_ever(&'static self, _cx: &QueryContext) -> &'static str {
        &self.0
    }

    #[query]
    #[expect(
        clippy::needless_arbitrary_self_type,
        reason = "a receiver written in full is what is tested"
    )]
    async fn typed_for_ever(self: &'static Self, _cx: &QueryContext) -> usize {
        self.0.len()
    }

    #[query]
    async fn default_word(_cx: &QueryContext) -> Word {
        Word("none".into())
    }
}

#[tokio::test]
async fn every_receiver_by_value_is_accepted() {
    soon(async {
        let (rt, _) = counted();
        let word = || Word("salt".into());
        rt.query(|cx| async move {
            assert_eq!(word().length(&cx).await, 4);
            assert_eq!(word().shout('!', &cx).await, "SALT!");
            assert_eq!(Box::new(word()).boxed(&cx).await, "salt");
            assert_eq!(Box::new(word()).boxed_and_changed(&cx).await, "saltsalt");
            // An associated function without a receiver.
            assert_eq!(Word::default_word(&cx).await, Word("none".into()));
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_static_reference_is_a_receiver() {
    static WORD: std::sync::LazyLock<Word> = std::sync::LazyLock::new(|| Word("static".into()));
    soon(async {
        let rt = runtime();
        let word: &'static Word = &WORD;
        assert_eq!(
            rt.query(|cx| async move { word.for_ever(&cx).await }).await,
            "static"
        );
        assert_eq!(
            rt.query(|cx| async move { word.typed_for_ever(&cx).await })
                .await,
            6
        );
    })
    .await;
}

impl Word {
    async fn vowels(&self, cx: &QueryContext) -> usize {
        #[query]
        async fn inner(word: Word, cx: &QueryContext) -> usize {
            ran(cx, "vowels");
            word.0.chars().filter(|c| "aeiou".contains(*c)).count()
        }
        inner(self.clone(), cx).await
    }
}

#[query]
async fn longest(
    words: Arc<Vec<&'static str>>,
    at_least: usize,
    _cx: &QueryContext,
) -> &'static str {
    let longest = words.iter().max_by_key(|word| word.len()).copied();
    longest.filter(|word| word.len() >= at_least).unwrap_or("")
}

/// References for ever may stand anywhere in a parameter, and in the value.
#[tokio::test]
async fn static_references_may_be_inside_parameters() {
    let rt = runtime();
    let words = || Arc::new(vec!["salt", "pepper", "dill"]);
    let longest = rt.query(|cx| async move { longest(words(), 3, &cx).await });
    assert_eq!(soon(longest).await, "pepper");
}

/// The way of 0.1 to ask by reference still does.
#[tokio::test]
async fn asking_by_reference_can_be_written_by_hand() {
    soon(async {
        let (rt, counts) = counted();
        let word = &Word("aromatic".into());
        for _ in 0..2 {
            assert_eq!(
                rt.query(|cx| async move { word.vowels(&cx).await }).await,
                4
            );
        }
        assert_eq!(counts.of("vowels"), 1);
    })
    .await;
}

#[query]
async fn doubled<T>(value: T, cx: &QueryContext) -> Vec<T>
where
    T: Stashable + Hash + Debug,
{
    ran(cx, format!("doubled({value:?})"));
    vec![value.clone(), value]
}

struct Shelf<T>(PhantomData<T>);

impl<T> Shelf<T>
where
    T: Stashable + Hash + Default,
{
    #[query]
    async fn first(_cx: &QueryContext) -> T {
        T::default()
    }

    #[query]
    async fn paired<U>(left: T, right: U, _cx: &QueryContext) -> (T, U)
    where
        U: Stashable + Hash,
    {
        (left, right)
    }
}

#[tokio::test]
async fn queries_may_be_generic_and_live_in_generic_impls() {
    soon(async {
        let (rt, _) = counted();
        rt.query(|cx| async move {
            assert_eq!(doubled('a', &cx).await, ['a', 'a']);
            assert_eq!(doubled("a", &cx).await, ["a", "a"]);
            assert_eq!(Shelf::<u16>::first(&cx).await, 0);
            assert_eq!(Shelf::<String>::first(&cx).await, "");
            assert_eq!(Shelf::paired(1u8, "x", &cx).await, (1, "x"));
        })
        .await;
    })
    .await;
}

#[query]
async fn nothing(mut from: u32, cx: &QueryContext)
where
    i32: Clone,
{
    from += 1;
    ran(cx, format!("nothing({from})"));
}

#[tokio::test]
async fn a_query_may_return_nothing_and_change_its_parameters() {
    soon(async {
        let (rt, counts) = counted();
        for _ in 0..2 {
            rt.query(|cx| async move { nothing(4, &cx).await }).await;
        }
        assert_eq!(counts.take(), ["nothing(5)"]);
    })
    .await;
}

/// Recursion on other arguments, joined, with the macro 0.1 needed for it and without.
#[tokio::test]
async fn recursion_with_join_runs_each_bound_query_once() {
    /// Ways through a grid, going right or down.
    #[query]
    #[async_recursion]
    async fn ways(right: u64, down: u64, cx: &QueryContext) -> u64 {
        ran(cx, "ways");
        if right == 0 || down == 0 {
            return 1;
        }
        let (a, b) = join!(ways(right - 1, down, cx), ways(right, down - 1, cx));
        a + b
    }

    #[query]
    async fn collatz(n: u64, cx: &QueryContext) -> u64 {
        ran(cx, "collatz");
        match n {
            1 => 0,
            n if n % 2 == 0 => 1 + collatz(n / 2, cx).await,
            n => 1 + collatz(3 * n + 1, cx).await,
        }
    }

    soon(async {
        let (rt, counts) = counted();
        assert_eq!(
            rt.query(|cx| async move { ways(8, 8, &cx).await }).await,
            12_870
        );
        assert_eq!(counts.of("ways"), 80);
        assert_eq!(
            rt.query(|cx| async move { collatz(27, &cx).await }).await,
            111
        );
        assert_eq!(counts.of("collatz"), 112);
    })
    .await;
}

#[tokio::test]
async fn mutual_recursion_needs_nothing_from_the_user() {
    #[query]
    async fn even(n: u32, cx: &QueryContext) -> bool {
        n == 0 || odd(n - 1, cx).await
    }
    #[query]
    async fn odd(n: u32, cx: &QueryContext) -> bool {
        n != 0 && even(n - 1, cx).await
    }
    let rt = runtime();
    let answers = rt.query(|cx| async move { (even(50, &cx).await, odd(50, &cx).await) });
    assert_eq!(soon(answers).await, (true, false));
}

/// Two queries of one name in two functions are two queries, attributes and all.
#[tokio::test]
async fn a_query_inside_a_function_is_its_own() {
    async fn one(cx: &QueryContext) -> u8 {
        /// Documented.
        #[query]
        #[inline]
        #[cfg(not(any()))]
        async fn inner(cx: &QueryContext) -> u8 {
            ran(cx, "one");
            1
        }
        inner(cx).await
    }
    async fn two(cx: &QueryContext) -> u8 {
        #[query]
        async fn inner(cx: &QueryContext) -> u8 {
            ran(cx, "two");
            2
        }
        inner(cx).await
    }
    soon(async {
        let (rt, counts) = counted();
        let both = |cx: QueryContext| async move { (one(&cx).await, two(&cx).await) };
        assert_eq!(rt.query(both).await, (1, 2));
        assert_eq!(rt.query(both).await, (1, 2));
        assert_eq!(counts.take(), ["one", "two"]);
    })
    .await;
}

/// Visibility is carried over, so a query can be called from another module.
#[tokio::test]
async fn a_query_keeps_its_visibility() {
    mod inside {
        #[salvia::query]
        pub(in crate::shapes) async fn answer(_cx: &salvia::QueryContext) -> u8 {
            42
        }
    }
    let rt = runtime();
    assert_eq!(
        soon(rt.query(|cx| async move { inside::answer(&cx).await })).await,
        42
    );
}

/// A query can be handed on like any function, and its future kept in a variable until it is wanted.
#[tokio::test]
async fn a_query_does_nothing_until_it_is_polled() {
    #[query]
    async fn lazy(n: u8, cx: &QueryContext) -> u8 {
        ran(cx, "lazy");
        n
    }
    soon(async {
        let (rt, counts): (Arc<Runtime>, Counts) = counted();
        let seen = counts.clone();
        rt.query(|cx| async move {
            let asked = lazy(3, &cx);
            drop(lazy(4, &cx));
            tokio::task::yield_now().await;
            assert_eq!(seen.of("lazy"), 0);
            assert_eq!(asked.await, 3);
        })
        .await;
        assert_eq!(counts.of("lazy"), 1);
    })
    .await;
}
