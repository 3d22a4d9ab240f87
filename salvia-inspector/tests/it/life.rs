//! What keeps what alive.

use std::sync::Arc;

use salvia::Runtime;
use salvia_inspector::Inspector;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::kit::{Page, ask_sum, inspected, put, soon};

#[tokio::test]
async fn the_runtime_ends_although_somebody_looks() {
    soon(async {
        let (rt, page) = inspected().await;
        put(&rt, 0, 1).await;
        ask_sum(&rt, 1).await;
        assert_eq!(page.graph().await["total"], 4);
        let gone = Arc::downgrade(&rt);
        drop(rt);
        assert!(gone.upgrade().is_none());
        let pulse = page.json("pulse").await;
        assert_eq!(pulse["revision"], Value::Null);
        assert_eq!(page.get("api/graph").await.status, 410);
        // What has happened can still be read.
        assert_eq!(page.json("revision").await["executed"], 3);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_served_or_noted_after_the_end() {
    soon(async {
        let rt = Runtime::new().await;
        let page = Page::of(&rt).await;
        let address = page.0.address();
        page.get("").await;
        drop(page);
        // The server's task is gone once the runtime of this test has had a turn.
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        ask_sum(&rt, 2).await;
    })
    .await;
}

#[tokio::test]
async fn what_happened_before_it_serves_is_noted() {
    soon(async {
        let rt = Runtime::new().await;
        let inspector = Inspector::new(&rt);
        put(&rt, 0, 1).await;
        let serving = inspector.serve("127.0.0.1:0").await;
        let page = Page(serving.expect("loopback can be served"));
        assert_eq!(page.json("revision").await["revision"], "r1");
    })
    .await;
}

/// A key is kept by what is shown of it, and goes with the inspector.
#[tokio::test]
async fn arguments_are_kept_within_bounds_and_let_go() {
    #[derive(Debug, Clone)]
    struct Key(u64, #[expect(dead_code, reason = "only counted")] Arc<()>);
    impl PartialEq for Key {
        fn eq(&self, other: &Self) -> bool {
            self.0 == other.0
        }
    }
    impl Eq for Key {}
    impl std::hash::Hash for Key {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }
    #[salvia::query]
    async fn of(key: Key, _cx: &salvia::QueryContext) -> u64 {
        key.0
    }
    soon(async {
        let (rt, page) = inspected().await;
        let alive = Arc::new(());
        for n in 0..2_000 {
            let key = Key(n, alive.clone());
            rt.query(|cx| async move { of(key, &cx).await }).await;
        }
        rt.collect_garbage(salvia::Collect::All);
        // Looking is when what is gone is noticed.
        assert_eq!(page.graph().await["total"], 0);
        assert!(
            Arc::strong_count(&alive) <= 201,
            "{}",
            Arc::strong_count(&alive)
        );
        drop((page, rt));
        while Arc::strong_count(&alive) > 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}
