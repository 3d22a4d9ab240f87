//! The graph of a runtime, in its states, and written in the formats of tools that draw.

use futures::FutureExt;
use salvia::{Collect, GraphPart, NodeKind, NodeState, QueryContext, Runtime, query};

use crate::kit::{Slot, gated, pass, put, runtime, soon};

#[query]
async fn text(of: String, cx: &QueryContext) -> i64 {
    let value: i64 = Slot(0).get(cx).await;
    value + of.len() as i64
}

#[query]
async fn sum(cx: &QueryContext) -> i64 {
    text("a".to_owned(), cx).await + text("b\"<c".to_owned(), cx).await
}

async fn ask(rt: &std::sync::Arc<Runtime>) {
    rt.query(|cx| async move { sum(&cx).await }).await;
}

/// Name, kind and state of each node, sorted.
fn shown(rt: &Runtime) -> Vec<(String, NodeKind, NodeState)> {
    let nodes = rt.graph().nodes.into_iter();
    let mut shown: Vec<_> = nodes
        .map(|node| (node.name, node.kind, node.state))
        .collect();
    shown.sort_by(|one, other| one.0.cmp(&other.0));
    shown
}

#[tokio::test]
async fn nodes_have_their_states() {
    soon(async {
        let rt = runtime();
        assert!(rt.graph().nodes.is_empty());
        ask(&rt).await;
        let is_clean = |rt: &Runtime| shown(rt).iter().all(|node| node.2 == NodeState::Clean);
        assert!(is_clean(&rt));
        put(&rt, 0, 1).await;
        assert_eq!(
            shown(&rt),
            [
                ("Slot(0)".to_owned(), NodeKind::Input, NodeState::Clean),
                ("sum()".to_owned(), NodeKind::Query, NodeState::Dirty),
                ("text(\"a\")".to_owned(), NodeKind::Query, NodeState::Dirty),
                (
                    "text(\"b\\\"<c\")".to_owned(),
                    NodeKind::Query,
                    NodeState::Dirty
                ),
            ]
        );
        ask(&rt).await;
        assert!(is_clean(&rt));
    })
    .await;
}

#[tokio::test]
async fn edges_say_who_has_read_whom() {
    soon(async {
        let rt = runtime();
        ask(&rt).await;
        let graph = rt.graph();
        let name = |id: u32| {
            let node = graph.nodes.iter().find(|node| node.id == id);
            node.expect("edges lead to nodes")
                .name
                .split('(')
                .next()
                .map(str::to_owned)
        };
        let mut edges: Vec<_> = graph
            .edges
            .iter()
            .map(|edge| (name(edge.reader), name(edge.read)))
            .collect();
        edges.sort();
        let edge = |reader: &str, read: &str| (Some(reader.to_owned()), Some(read.to_owned()));
        assert_eq!(
            edges,
            [
                edge("sum", "text"),
                edge("sum", "text"),
                edge("text", "Slot"),
                edge("text", "Slot")
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn an_update_on_its_way_and_a_failed_one_are_seen() {
    #[query]
    async fn waits(cx: &QueryContext) -> i64 {
        pass(cx).await;
        1
    }
    #[query]
    async fn fails(_cx: &QueryContext) -> i64 {
        crate::kit::boom("on purpose");
        1
    }
    soon(async {
        let (rt, _, gate) = gated();
        let asked = rt.try_query(|cx| async move { fails(&cx).await }).await;
        assert!(asked.is_err());
        let mut asking = Box::pin(rt.query(|cx| async move { waits(&cx).await }));
        assert!(asking.as_mut().now_or_never().is_none());
        gate.entered().await;
        assert_eq!(
            shown(&rt),
            [
                ("fails()".to_owned(), NodeKind::Query, NodeState::Empty),
                ("waits()".to_owned(), NodeKind::Query, NodeState::Running),
            ]
        );
        gate.open();
        asking.await;
        assert_eq!(shown(&rt)[1].2, NodeState::Clean);
    })
    .await;
}

#[tokio::test]
async fn a_watch_is_a_reader() {
    soon(async {
        let rt = runtime();
        let mut watch = rt.watch(|cx| async move { Slot(0).get::<i64>(&cx).await });
        watch.next().await;
        let graph = rt.graph();
        let watches = graph
            .nodes
            .iter()
            .filter(|node| node.kind == NodeKind::Watch);
        assert_eq!(watches.count(), 1);
        assert_eq!(graph.edges.len(), 1);
        assert_eq!(rt.stats().nodes, 0, "figures are about values");
    })
    .await;
}

#[tokio::test]
async fn a_graph_is_written_for_graphviz_and_mermaid() {
    soon(async {
        let rt = runtime();
        ask(&rt).await;
        let graph = rt.graph();
        let id = |name: &str| {
            let node = graph.nodes.iter().find(|node| node.name.starts_with(name));
            node.expect("it was asked for").id
        };
        let (sum, a, b) = (id("sum"), id("text(\"a"), id("text(\"b"));
        let dot = graph.to_dot();
        assert!(dot.starts_with("digraph salvia {\n") && dot.ends_with("}\n"));
        assert!(dot.contains(&format!(
            "  n{b} [label=\"text(\\\"b\\\\\\\"<c\\\")\", shape=ellipse, style=filled, fillcolor=\"#c8e6c9\"];\n"
        )), "{dot}");
        assert!(dot.contains(&format!("  n{a} -> n{sum};\n")));
        let mermaid = graph.to_mermaid();
        assert!(mermaid.starts_with("graph LR\n"));
        assert!(mermaid.contains(&format!("  n{a}(\"text(#quot;a#quot;)\"):::clean\n")), "{mermaid}");
        assert!(mermaid.contains("#lt;c"));
        assert!(mermaid.contains(&format!("  n{a} --> n{sum}\n")));
        assert_eq!(dot.matches(" -> ").count(), graph.edges.len());
    })
    .await;
}

#[tokio::test]
async fn a_graph_comes_piece_by_piece_as_it_does_as_a_whole() {
    soon(async {
        let rt = runtime();
        assert_eq!(rt.graph_parts().count(), 0);
        ask(&rt).await;
        put(&rt, 0, 1).await;
        let graph = rt.graph();
        let nodes = graph.nodes.iter().cloned().map(GraphPart::Node);
        let edges = graph.edges.iter().copied().map(GraphPart::Edge);
        let whole: Vec<GraphPart> = nodes.chain(edges).collect();
        let pieces: Vec<GraphPart> = rt.graph_parts().collect();
        assert_eq!((pieces.len(), &pieces), (8, &whole));

        let mut dot = String::new();
        rt.graph_parts().write_dot(&mut dot).expect("a string");
        assert_eq!(dot, graph.to_dot());
        let mut mermaid = String::new();
        let written = rt.graph_parts().write_mermaid(&mut mermaid);
        written.expect("a string");
        assert_eq!(mermaid, graph.to_mermaid());
    })
    .await;
}

/// Every edge leads from a node that was told to a node that was told, also if others have come in their places since.
#[tokio::test]
async fn pieces_stay_a_graph_whatever_goes_on_between_them() {
    soon(async {
        let rt = runtime();
        ask(&rt).await;
        let mut parts = rt.graph_parts();
        let told: Vec<_> = parts.by_ref().take(4).collect();
        assert!(
            told.iter().all(|part| matches!(part, GraphPart::Node(_))),
            "{told:?}"
        );
        let mut late = rt.graph_parts();
        let first = late.next();
        while rt.collect_garbage(Collect::All).nodes > 0 {}
        let others = async |cx: QueryContext| {
            for n in 0..100 {
                text(n.to_string(), &cx).await;
            }
        };
        rt.query(others).await;
        assert_eq!(parts.collect::<Vec<_>>(), []);
        let mut ids = Vec::new();
        for part in first.into_iter().chain(late) {
            match part {
                GraphPart::Node(node) => ids.push(node.id),
                GraphPart::Edge(edge) => {
                    assert!(ids.contains(&edge.reader), "{edge:?} of {ids:?}");
                    assert!(ids.contains(&edge.read), "{edge:?} of {ids:?}");
                }
                _ => unreachable!("there are nodes and edges"),
            }
        }
        assert!(ids.len() <= 4, "what came later is missing: {ids:?}");
    })
    .await;
}

#[cfg(feature = "serde")]
#[tokio::test]
async fn a_graph_is_written_as_json() {
    soon(async {
        let rt = runtime();
        ask(&rt).await;
        let graph = rt.graph();
        let json: serde_json::Value = serde_json::from_str(&graph.to_json()).expect("it is JSON");
        let nodes = json["nodes"].as_array().expect("nodes are a list");
        assert_eq!(nodes.len(), 4);
        let sum = nodes.iter().find(|node| node["name"] == "sum()");
        let sum = sum.expect("it was asked for");
        assert_eq!(
            (&sum["kind"], &sum["state"]),
            (&"query".into(), &"clean".into())
        );
        let edges = json["edges"].as_array().expect("edges are a list");
        assert!(
            edges
                .iter()
                .all(|edge| edge["reader"].is_u64() && edge["read"].is_u64())
        );
        assert_eq!(edges.len(), 4);
        let mut pieces = String::new();
        let written = rt.graph_parts().write_json(&mut pieces);
        written.expect("a string");
        assert_eq!(pieces, graph.to_json());
    })
    .await;
}

/// Reads another node when the input is not 0.
#[query]
async fn turned(cx: &QueryContext) -> i64 {
    let way: i64 = Slot(7).get(cx).await;
    if way == 0 {
        left(cx).await
    } else {
        right(cx).await
    }
}

#[query]
async fn left(_cx: &QueryContext) -> i64 {
    1
}

#[query]
async fn right(_cx: &QueryContext) -> i64 {
    2
}

#[tokio::test]
async fn a_graph_is_of_one_revision_whatever_is_committed_meanwhile() {
    soon(async {
        let rt = runtime();
        let ask = async || rt.query(|cx| async move { turned(&cx).await }).await;
        assert_eq!(ask().await, 1);
        let expected = rt.graph();
        let mut parts = rt.graph_parts();
        let mut told = vec![parts.next().expect("there are nodes")];
        put(&rt, 7, 1).await;
        assert_eq!(ask().await, 2);
        told.extend(parts);
        let nodes = expected.nodes.into_iter().map(GraphPart::Node);
        let edges = expected.edges.into_iter().map(GraphPart::Edge);
        assert_eq!(told, nodes.chain(edges).collect::<Vec<_>>());
    })
    .await;
}
