//! The figures of a runtime are exact where they say so.

use salvia::{QueryContext, query};

use crate::kit::{put, runtime, soon};
use crate::signs::both;

#[tokio::test]
async fn the_figures_of_a_small_graph_are_exact() {
    soon(async {
        let rt = runtime();
        let empty = rt.stats();
        assert_eq!(empty, salvia::Stats::default());
        let ask = |cx: QueryContext| async move { both(&cx).await };
        put(&rt, 0, 5).await;
        rt.query(ask).await;
        let stats = rt.stats();
        assert_eq!((stats.nodes, stats.inputs, stats.edges), (5, 2, 6));
        assert_eq!((stats.hits, stats.executions), (0, 5));
        assert_eq!(
            (stats.validations, stats.cut_offs, stats.evictions),
            (0, 0, 0)
        );

        rt.query(ask).await;
        put(&rt, 0, 7).await;
        rt.query(ask).await;
        let stats = rt.stats();
        assert_eq!((stats.nodes, stats.inputs, stats.edges), (5, 2, 6));
        assert_eq!(stats.executions, 7, "value(0) and sign(0) once more");
        assert_eq!((stats.validations, stats.cut_offs), (1, 1));
        // The second time, and in the third sign(0) for its value, which had just run.
        assert_eq!(stats.hits, 1 + 1);

        let sign = &stats.queries["sign"];
        assert_eq!((sign.nodes, sign.executions, sign.cut_offs), (2, 3, 1));
        let both = &stats.queries["both"];
        assert_eq!((both.nodes, both.executions, both.validations), (1, 1, 1));
        let bytes: usize = stats.queries.values().map(|query| query.bytes).sum();
        assert!(0 < bytes && bytes < stats.bytes, "inputs take some too");
    })
    .await;
}

/// What the engine cannot see of a value is told by `size`.
#[tokio::test]
async fn bytes_follow_what_values_hold() {
    fn len(text: &String) -> usize {
        text.capacity()
    }
    #[query(size = len)]
    async fn text(length: usize, _cx: &QueryContext) -> String {
        "x".repeat(length)
    }
    soon(async {
        let rt = runtime();
        rt.query(|cx| async move { text(1, &cx).await.len() }).await;
        let small = rt.stats().queries["text"].bytes;
        rt.query(|cx| async move { text(100_001, &cx).await.len() })
            .await;
        let big = rt.stats().queries["text"].bytes;
        assert_eq!(big, 2 * small + 100_000);
    })
    .await;
}

/// Queries of one name are told apart by their paths.
#[tokio::test]
async fn queries_of_one_name_have_figures_of_their_own() {
    mod one {
        use salvia::{QueryContext, query};
        #[query]
        pub(super) async fn same(_cx: &QueryContext) -> u8 {
            1
        }
    }
    mod two {
        use salvia::{QueryContext, query};
        #[query]
        pub(super) async fn same(_cx: &QueryContext) -> u8 {
            2
        }
    }
    soon(async {
        let rt = runtime();
        rt.query(|cx| async move { one::same(&cx).await + two::same(&cx).await })
            .await;
        let stats = rt.stats();
        assert_eq!(stats.queries.len(), 2);
        for (name, figures) in &stats.queries {
            assert!(
                name.ends_with("::one::same") || name.ends_with("::two::same"),
                "{name}"
            );
            assert_eq!(figures.executions, 1);
        }
    })
    .await;
}
