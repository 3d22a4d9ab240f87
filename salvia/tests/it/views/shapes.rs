//! Where borrowed parameters may stand.

use std::hash::Hash;

use salvia::{Query, QueryContext, Stashable, query};

use super::weighed;
use crate::kit::{counted, put, ran, runtime, soon};

/// Generic ones, in and out of `impl` blocks, with names for lifetimes.
#[tokio::test]
async fn generic_queries_take_views() {
    #[query]
    async fn first<'a, T: Stashable + Hash>(of: &'a [T], or: &'a T, cx: &QueryContext) -> T {
        ran(cx, std::any::type_name::<T>());
        of.first().unwrap_or(or).clone()
    }
    struct Wrapper<T>(T);
    impl<T: Stashable + Hash> Wrapper<T> {
        #[query]
        async fn last(of: &[T], _cx: &QueryContext) -> Option<T> {
            let last = of.last()?;
            Some(last.clone())
        }
    }
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Host<T>(T);
    impl<T: Stashable + Hash> Host<T> {
        #[query]
        async fn with<U: Stashable + Hash>(&self, other: &U, _cx: &QueryContext) -> (T, U) {
            (self.0.clone(), other.clone())
        }
    }
    soon(async {
        let (rt, counts) = counted();
        rt.query(async |cx| {
            for _ in 0..2 {
                assert_eq!(first(&[1, 2], &3, &cx).await, 1);
                assert_eq!(first(&[], &3_u8, &cx).await, 3);
            }
            assert_eq!(Wrapper::last(&["a", "b"], &cx).await, Some("b"));
            assert_eq!(Host(1).with(&'x', &cx).await, (1, 'x'));
            let _ = Wrapper(0).0;
        })
        .await;
        assert_eq!(counts.take(), ["i32", "u8"]);
    })
    .await;
}

/// More arguments than the longest tuple, views at both ends.
#[tokio::test]
async fn many_views_are_told_apart() {
    #[query]
    #[expect(clippy::too_many_arguments, reason = "more than a tuple holds")]
    async fn many(
        a: &str,
        b: u8,
        c: u8,
        d: u8,
        e: u8,
        f: u8,
        g: u8,
        h: u8,
        i: u8,
        j: u8,
        k: u8,
        l: u8,
        m: &[u8],
        n: &str,
        _cx: &QueryContext,
    ) -> String {
        format!("{a}{b}{c}{d}{e}{f}{g}{h}{i}{j}{k}{l}{m:?}{n}")
    }
    soon(async {
        runtime()
            .query(async |cx| {
                let one = many("a", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, &[12], "n", &cx).await;
                let two = many("a", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, &[13], "n", &cx).await;
                assert_eq!(
                    [&*one, &*two],
                    ["a1234567891011[12]n", "a1234567891011[13]n"]
                );
            })
            .await;
    })
    .await;
}

/// The future has the types that were written, borrows the arguments, and is `Send` if they are.
#[tokio::test]
async fn the_future_of_a_call_has_the_types_of_its_arguments() {
    fn asked<'a>(text: &'a str, cx: &'a QueryContext) -> impl Future<Output = i64> + Send + Unpin {
        let call: Query<'a, (&'a str,), i64> = weighed(text, cx);
        call
    }
    soon(async {
        let (rt, _counts) = counted();
        put(&rt, 1, 2).await;
        assert_eq!(rt.query(async |cx| asked("abc", &cx).await).await, 6);
        let text = String::from("abcd");
        let joined = rt.query(async |cx| tokio::join!(weighed(&text, &cx), weighed("", &cx)));
        assert_eq!(joined.await, (8, 0));
    })
    .await;
}
