//! Borrowed arguments of queries: found as they are, kept as owned keys, and made again for a run without the caller.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::path::Path;

use salvia::{Cycle, Projection, QueryContext, query};

use crate::kit::{Slot, boom, counted, put, ran, runtime, soon};

mod keys;
mod shapes;

#[query]
async fn weighed(text: &str, cx: &QueryContext) -> i64 {
    ran(cx, format!("weighed({text})"));
    text.len() as i64 * Slot(1).get(cx).await
}

/// Equal texts are one bound query, wherever they are; others are another.
#[tokio::test]
async fn a_text_is_found_wherever_it_is() {
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 1, 10).await;
        for text in ["ab", &String::from("ab"), &"xaby"[1..3], "abc"] {
            let found = rt.query(async |cx| weighed(text, &cx).await).await;
            assert_eq!(found, text.len() as i64 * 10);
        }
        assert_eq!(counts.take(), ["weighed(ab)", "weighed(abc)"]);
    })
    .await;
}

/// A check runs the body with a view of what is kept: the text it was first asked with has gone, and who asked is not run.
#[tokio::test]
async fn a_body_runs_again_when_its_caller_is_gone() {
    #[query]
    async fn sign(text: &str, cx: &QueryContext) -> i64 {
        ran(cx, format!("sign({text})"));
        Slot(1).get(cx).await.signum()
    }
    #[query]
    async fn positive(cx: &QueryContext) -> bool {
        ran(cx, "positive");
        let text = String::from("gone");
        sign(&text, cx).await > 0
    }
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 1, 1).await;
        assert!(rt.query(async |cx| positive(&cx).await).await);
        assert_eq!(counts.take(), ["positive", "sign(gone)"]);
        put(&rt, 1, 2).await;
        assert!(rt.query(async |cx| positive(&cx).await).await);
        assert_eq!(counts.take(), ["sign(gone)"]);
        put(&rt, 1, 0).await;
        assert!(!rt.query(async |cx| positive(&cx).await).await);
        assert_eq!(counts.take(), ["positive", "sign(gone)"]);
    })
    .await;
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Team {
    name: String,
    members: Vec<u32>,
}

impl Team {
    #[query]
    async fn size(&self, cx: &QueryContext) -> usize {
        ran(cx, format!("size({})", self.name));
        self.members.len()
    }

    #[query]
    async fn called(&self, by: &str, times: usize, cx: &QueryContext) -> String {
        ran(cx, "called");
        let more = self.size(cx).await;
        format!("{by}{}", self.name).repeat(times + more)
    }

    #[query]
    #[expect(
        clippy::needless_arbitrary_self_type,
        reason = "written out it is a receiver as well"
    )]
    async fn of<'a>(self: &'a Self, members: &'a [u32], _cx: &QueryContext) -> bool {
        self.members == members
    }

    #[query]
    async fn named(name: &str, members: &[u32], _cx: &QueryContext) -> Self {
        Team {
            name: name.to_owned(),
            members: members.to_vec(),
        }
    }
}

#[tokio::test]
async fn a_method_takes_its_receiver_by_reference() {
    soon(async {
        let (rt, counts) = counted();
        rt.query(async |cx| {
            let team = Team::named("Red", &[1, 2], &cx).await;
            assert_eq!(team.size(&cx).await, 2);
            assert_eq!(team.called("a", 1, &cx).await, "aRedaRedaRed");
            assert_eq!(
                team.clone().called(&String::from("a"), 1, &cx).await.len(),
                12
            );
            assert!(team.of(&[1, 2], &cx).await && !team.of(&[1], &cx).await);
        })
        .await;
        assert_eq!(counts.take(), ["called", "size(Red)"]);
    })
    .await;
}

#[derive(Debug, Clone, PartialEq, Projection)]
struct Line<'a> {
    text: &'a str,
    numbers: &'a [u32],
    indent: usize,
}

/// An owned type without any derive of ours.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Plain(u8);

#[query]
#[expect(clippy::too_many_arguments, reason = "one of each kind")]
async fn all_kinds(
    line: Line<'_>,
    path: &Path,
    plain: Plain,
    own: &Plain,
    parts: (Option<&str>, u8),
    mut views: Vec<Line<'_>>,
    cow: Cow<'_, str>,
    map: BTreeMap<&str, u8>,
    cx: &QueryContext,
) -> String {
    ran(cx, "all_kinds");
    views.push(line);
    let views: Vec<_> = views
        .iter()
        .map(|line| (line.text, line.numbers, line.indent))
        .collect();
    format!(
        "{} {} {} {parts:?} {views:?} {cow} {map:?}",
        path.display(),
        plain.0,
        own.0
    )
}

#[tokio::test]
async fn views_and_containers_of_views_are_passed_by_value_beside_owned_values() {
    let ask = async |cx: &QueryContext, number: u32| {
        let (text, numbers) = (String::from("x"), vec![number]);
        let line = Line {
            text: &text,
            numbers: &numbers,
            indent: 1,
        };
        let parts = (Some(&*text), 3);
        let views = vec![line.clone()];
        let map = BTreeMap::from([(&*text, 7)]);
        let path = Path::new("a/b");
        let call = all_kinds(
            line,
            path,
            Plain(1),
            &Plain(2),
            parts,
            views,
            Cow::Borrowed("y"),
            map,
            cx,
        );
        call.await
    };
    soon(async {
        let (rt, counts) = counted();
        rt.query(async |cx| {
            let expected = r#"a/b 1 2 (Some("x"), 3) [("x", [5], 1), ("x", [5], 1)] y {"x": 7}"#;
            assert_eq!(ask(&cx, 5).await, expected);
            assert_eq!(ask(&cx, 5).await, expected);
            assert_eq!(ask(&cx, 6).await, expected.replace('5', "6"));
        })
        .await;
        assert_eq!(counts.take(), ["all_kinds", "all_kinds"]);
    })
    .await;
}

/// The names of bound queries show views as the user wrote them, and `explain` finds the node by the view.
#[tokio::test]
async fn a_bound_query_is_named_by_its_views() {
    #[query]
    async fn fails(line: Line<'_>, _path: &Path, _cx: &QueryContext) -> u8 {
        if line.indent > 0 {
            boom("no luck");
        }
        0
    }
    soon(async {
        let (rt, _counts) = counted();
        let line = Line {
            text: "a",
            numbers: &[1],
            indent: 1,
        };
        let failed = rt
            .try_query(async |cx| fails(line.clone(), Path::new("p"), &cx).await)
            .await;
        let text = failed
            .map_err(|error| error.to_string())
            .expect_err("it panics");
        let name = r#"fails(Line { text: "a", numbers: [1], indent: 1 }, "p")"#;
        assert!(text.contains(name), "{text}");
        put(&rt, 1, 1).await;
        rt.query(async |cx| weighed("abc", &cx).await).await;
        put(&rt, 1, 2).await;
        rt.query(async |cx| weighed("abc", &cx).await).await;
        let why = rt
            .query(async |cx| cx.explain(weighed(&String::from("abc"), &cx)))
            .await;
        assert_eq!(why.because(), ["Slot(1)"]);
        assert!(
            why.to_string().starts_with("weighed(\"abc\") ran at"),
            "{why}"
        );
        let never = rt.query(async |cx| cx.explain(weighed("never", &cx))).await;
        assert!(never.to_string().contains("has never run"), "{never}");
    })
    .await;
}

fn circular(cycle: &Cycle, name: &str, _depth: u8) -> String {
    format!("{name} of {}", cycle.participants().len())
}

#[query(cycle = circular)]
async fn referred(name: &str, depth: u8, cx: &QueryContext) -> String {
    match name {
        "a" => referred("b", depth, cx).await,
        "b" => referred("a", depth, cx).await,
        _ => referred("a", depth, cx).await + "!",
    }
}

#[tokio::test]
async fn the_value_on_a_cycle_is_made_of_views() {
    soon(async {
        let rt = runtime();
        let outside = rt.query(async |cx| referred("c", 1, &cx).await).await;
        assert_eq!(outside, "a of 2!");
        assert_eq!(
            rt.query(async |cx| referred("b", 1, &cx).await).await,
            "b of 2"
        );
    })
    .await;
}

/// A node that was given up is found and made again by the views it is asked with.
#[tokio::test]
async fn a_node_that_was_collected_is_made_again() {
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 1, 1).await;
        for _ in 0..2 {
            for text in ["a", "b", "c"] {
                rt.query(async |cx| weighed(text, &cx).await).await;
            }
            rt.collect_garbage(salvia::Collect::All);
        }
        assert_eq!(counts.take().len(), 6);
        assert_eq!(rt.query(async |cx| weighed("b", &cx).await).await, 1);
    })
    .await;
}

/// Views of other lengths and shapes that feed a hasher alike are told apart by their keys.
#[tokio::test]
async fn views_of_one_hash_are_apart() {
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Alike(u32);
    impl Hash for Alike {
        fn hash<H: Hasher>(&self, _: &mut H) {}
    }
    #[query]
    async fn doubled(of: &Alike, _cx: &QueryContext) -> u32 {
        2 * of.0
    }
    soon(async {
        runtime()
            .query(async |cx| {
                for n in (0..100).chain(0..100) {
                    assert_eq!(doubled(&Alike(n), &cx).await, 2 * n);
                }
            })
            .await;
    })
    .await;
}
