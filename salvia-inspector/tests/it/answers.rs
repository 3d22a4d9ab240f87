//! What the page is told.

use serde_json::{Value, json};

use crate::kit::{ask_sum, inspected, names, put, soon};

fn texts(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("it is a list").iter();
    list.map(|text| text.as_str().expect("it is text"))
        .collect()
}

/// The run with this name in the answer about a revision.
fn run<'a>(revision: &'a Value, name: &str) -> &'a Value {
    let mut runs = revision["runs"].as_array().expect("it is a list").iter();
    let found = runs.find(|run| run["name"] == name);
    found.unwrap_or_else(|| panic!("{name} in {revision}"))
}

#[tokio::test]
async fn the_graph_is_what_there_is() {
    soon(async {
        let (rt, page) = inspected().await;
        assert_eq!(page.graph().await["total"], 0);
        ask_sum(&rt, 1).await;
        let graph = page.graph().await;
        assert_eq!(
            names(&graph["nodes"]),
            ["Slot(0)", "sign(0)", "sum(1)", "value(0)"]
        );
        let name = |place: &Value| {
            let place = place.as_u64().expect("it is a place") as usize;
            graph["nodes"][place]["name"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        let edges = graph["edges"].as_array().expect("it is a list").iter();
        let mut edges: Vec<_> = edges
            .map(|edge| format!("{} reads {}", name(&edge[0]), name(&edge[1])))
            .collect();
        edges.sort();
        assert_eq!(
            edges,
            [
                "sign(0) reads value(0)",
                "sum(1) reads sign(0)",
                "value(0) reads Slot(0)"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_revision_tells_what_ran_and_why_down_to_the_input() {
    soon(async {
        let (rt, page) = inspected().await;
        put(&rt, 0, -4).await;
        ask_sum(&rt, 1).await;
        put(&rt, 0, 5).await;
        ask_sum(&rt, 1).await;
        let newest = page.json("revision").await;
        assert_eq!(newest["revision"], "r2");
        assert_eq!(names(&newest["changed"]), ["Slot(0)"]);
        let because = &run(&newest, "sum(1)")["because"];
        assert_eq!(
            texts(because),
            ["sign(0) changed", "value(0) changed", "Slot(0) changed"]
        );
        put(&rt, 0, 6).await;
        ask_sum(&rt, 1).await;
        let newest = page.json("revision").await;
        assert_eq!(run(&newest, "sign(0)")["outcome"], "cut off");
        assert_eq!(
            (&newest["executed"], &newest["validated"]),
            (&json!(2), &json!(1))
        );
        let first = page.json("revision?revision=r1").await;
        assert_eq!(texts(&run(&first, "value(0)")["because"]), ["first run"]);
        assert_eq!(page.get("api/revision?revision=r9").await.status, 410);
    })
    .await;
}

#[tokio::test]
async fn a_failure_is_told_with_its_text() {
    #[salvia::query]
    async fn broken(_cx: &salvia::QueryContext) -> i64 {
        panic!("no luck")
    }
    soon(async {
        let (rt, page) = inspected().await;
        let failed = rt.try_query(|cx| async move { broken(&cx).await }).await;
        assert!(failed.is_err());
        let revision = page.json("revision").await;
        let run = run(&revision, "broken()");
        assert_eq!(run["outcome"], "failed");
        assert_eq!(
            texts(&run["because"]),
            ["query `broken()` panicked: no luck"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_pulse_tells_the_timeline_only_when_something_has_happened() {
    soon(async {
        let (rt, page) = inspected().await;
        put(&rt, 0, 1).await;
        let pulse = page.json("pulse").await;
        assert_eq!(pulse["revision"], "r1");
        let revisions: Vec<_> = pulse["timeline"]
            .as_array()
            .expect("it is a list")
            .iter()
            .map(|moment| (moment["revision"].clone(), moment["inputs"].clone()))
            .collect();
        assert_eq!(
            revisions,
            [(json!("r0"), json!(0)), (json!("r1"), json!(1))]
        );
        let again = format!("pulse?after={}", pulse["change"]);
        assert_eq!(page.json(&again).await["timeline"], Value::Null);
        put(&rt, 0, 2).await;
        assert_ne!(page.json(&again).await["timeline"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn a_node_is_told_with_its_neighbours_runs_and_reason() {
    soon(async {
        let (rt, page) = inspected().await;
        ask_sum(&rt, 1).await;
        put(&rt, 0, 3).await;
        ask_sum(&rt, 1).await;
        page.graph().await;
        let found = page.json("search?text=VALUE(0").await;
        assert_eq!(
            (names(&found["nodes"]), &found["total"]),
            (vec!["value(0)".into()], &json!(1))
        );
        let id = &found["nodes"][0]["id"];
        let node = page.json(&format!("node?id={id}")).await;
        assert_eq!(
            (&node["full_name"], &node["runs"]),
            (&json!("value(0)"), &json!(2))
        );
        assert_eq!(names(&node["read"]), ["Slot(0)"]);
        assert_eq!(names(&node["read_by"]), ["sign(0)"]);
        assert_eq!(
            texts(&node["explanation"]),
            [
                "value(0) ran at r1: Slot(0) changed",
                "  Slot(0) was set at r1"
            ]
        );
        assert_eq!(page.get("api/node?id=4000000000").await.status, 410);
        assert_eq!(page.get("api/node?id=x").await.status, 400);
    })
    .await;
}

#[tokio::test]
async fn the_overview_has_the_figures_of_each_function() {
    soon(async {
        let (rt, page) = inspected().await;
        ask_sum(&rt, 3).await;
        page.graph().await;
        let overview = page.json("overview").await;
        assert_eq!(overview["inputs"], 3);
        assert_eq!(names(&overview["queries"]), ["sign", "sum", "value"]);
        let queries = overview["queries"].as_array().expect("it is a list");
        let sign = queries.iter().find(|query| query["name"] == "sign");
        let sign = sign.expect("it was asked for");
        assert_eq!(
            (&sign["nodes"], &sign["executions"]),
            (&json!(3), &json!(3))
        );
        assert!(sign["bytes"].as_u64() > Some(0));
    })
    .await;
}

/// Of a node that reads hundreds a few are followed, and of each of those all that it has.
#[tokio::test]
async fn a_graph_around_a_node_has_its_neighbours_and_not_all_of_them() {
    soon(async {
        let (rt, page) = inspected().await;
        ask_sum(&rt, 300).await;
        page.graph().await;
        let id = &page.json("search?text=sum").await["nodes"][0]["id"];
        let around = page.json(&format!("graph?around={id}")).await;
        let drawn = names(&around["nodes"]);
        assert!(drawn.contains(&"sum(300)".to_owned()));
        assert_eq!((drawn.len(), &around["total"]), (73, &json!(901)));
        let id = &page.json("search?text=value(7)").await["nodes"][0]["id"];
        let around = page.json(&format!("graph?around={id}")).await;
        let drawn = names(&around["nodes"]);
        for near in ["value(7)", "Slot(7)", "sign(7)", "sum(300)"] {
            assert!(drawn.contains(&near.to_owned()), "{near} in {drawn:?}");
        }
    })
    .await;
}
