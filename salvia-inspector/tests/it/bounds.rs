//! However much there is, what is sent and what is kept open stays small.

use std::time::Duration;

use salvia::{QueryContext, query};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::kit::{Page, Slot, ask_note, inspected, put, soon, sum};

/// Far less than the megabytes that all nodes would be.
const MOST: usize = 400_000;

#[query]
async fn leaf(n: u32, cx: &QueryContext) -> i64 {
    Slot(n % 50_000).get(cx).await
}

#[query]
async fn wide(cx: &QueryContext) -> i64 {
    let mut sum = 0;
    for n in 0..50_000 {
        sum += leaf(n, cx).await;
    }
    sum
}

#[tokio::test]
async fn answers_about_a_hundred_thousand_nodes_are_short() {
    soon(async {
        let (rt, page) = inspected().await;
        rt.query(|cx| async move { wide(&cx).await }).await;
        let graph = page.graph().await;
        assert_eq!(graph["total"], 100_001);
        let drawn = graph["nodes"].as_array().map_or(0, Vec::len);
        assert!((100..=240).contains(&drawn), "{drawn}");
        let names = crate::kit::names(&graph["nodes"]);
        assert!(names.contains(&"wide()".to_owned()));
        let found = page.json("search?text=leaf(&page=3").await;
        assert_eq!(
            (found["total"].as_u64(), found["pages"].as_u64()),
            (Some(50_000), Some(1_000))
        );
        assert_eq!(found["nodes"].as_array().map(Vec::len), Some(50));
        let id = &page.json("search?text=wide").await["nodes"][0]["id"];
        let questions = [
            "api/graph".to_owned(),
            format!("api/graph?around={id}"),
            format!("api/node?id={id}"),
            "api/revision".to_owned(),
            "api/overview".to_owned(),
            "api/pulse".to_owned(),
        ];
        for question in questions {
            let answer = page.get(&question).await;
            assert_eq!(answer.status, 200, "{question}");
            assert!(
                answer.body.len() < MOST,
                "{question}: {}",
                answer.body.len()
            );
        }
    })
    .await;
}

#[tokio::test]
async fn the_last_of_the_revisions_are_remembered_and_no_more() {
    soon(async {
        let (rt, page) = inspected().await;
        for value in 1..=500 {
            put(&rt, 0, value).await;
            rt.query(|cx| async move { sum(1, &cx).await }).await;
        }
        let pulse = page.json("pulse").await;
        let timeline = pulse["timeline"].as_array().expect("it is a list");
        assert_eq!(timeline.len(), 160);
        assert_eq!(timeline[159]["revision"], "r500");
        assert_eq!(page.get("api/revision?revision=r1").await.status, 410);
    })
    .await;
}

#[tokio::test]
async fn a_long_name_is_cut() {
    soon(async {
        let (rt, page) = inspected().await;
        ask_note(&rt, &"ä".repeat(1_000_000)).await;
        page.graph().await;
        for question in ["graph", "search?text=note", "revision"] {
            let answer = page.get(&format!("api/{question}")).await;
            assert!(
                answer.body.len() < 10_000,
                "{question}: {}",
                answer.body.len()
            );
        }
        let id = &page.json("search?text=note").await["nodes"][0]["id"];
        let node = page.get(&format!("api/node?id={id}")).await;
        assert!(node.body.len() < 30_000, "{}", node.body.len());
    })
    .await;
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    soon(async {
        let (_rt, page) = inspected().await;
        let mut stream = TcpStream::connect(page.0.address())
            .await
            .expect("somebody listens");
        let head = format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(100_000));
        // It may be closed before all of it is written.
        let _ = stream.write_all(head.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
            "{answer}"
        );
    })
    .await;
}

/// Who comes when all places are taken is served when one is free.
#[tokio::test]
async fn so_many_connections_are_open_at_once_and_no_more() {
    soon(async {
        let (_rt, page) = inspected().await;
        let mut open = Vec::new();
        for _ in 0..32 {
            open.push(Open::to(&page).await);
        }
        // Every place is taken when each of them has been answered.
        for one in &mut open {
            one.ask().await;
            one.is_answered().await;
        }
        let mut late = Open::to(&page).await;
        late.ask().await;
        for one in &mut open {
            one.ask().await;
            one.is_answered().await;
        }
        assert!(!late.has_something(), "there is a place for more than 32");
        open.pop();
        late.is_answered().await;
    })
    .await;
}

/// The clock stands still, and moves on when nobody has anything to do.
#[tokio::test(start_paused = true)]
async fn a_connection_that_says_nothing_or_never_ends_its_request_is_closed() {
    let (_rt, page) = inspected().await;
    let began = Instant::now();
    let (mut silent, mut slow) = (Open::to(&page).await, Open::to(&page).await);
    slow.say("GET / HTTP/1.1\r\nHost: ").await;
    for open in [&mut silent, &mut slow] {
        let mut rest = Vec::new();
        // An end, or a reset.
        let _ = open.0.read_to_end(&mut rest).await;
        assert!(!rest.starts_with(b"HTTP/1.1 200"));
    }
    assert!(began.elapsed() < Duration::from_secs(60));
}

/// A connection that stays open.
struct Open(TcpStream, String);

impl Open {
    async fn to(page: &Page) -> Self {
        let stream = TcpStream::connect(page.0.address()).await;
        let request = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", page.host());
        Open(stream.expect("somebody listens"), request)
    }

    async fn say(&mut self, text: &str) {
        let said = self.0.write_all(text.as_bytes()).await;
        said.expect("it is read");
    }

    async fn ask(&mut self) {
        self.say(&self.1.clone()).await;
    }

    /// Reads the head of an answer, which is all of it.
    async fn is_answered(&mut self) {
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(self.0.read_u8().await.expect("it is answered"));
        }
        assert!(answer.starts_with(b"HTTP/1.1 404"), "{answer:?}");
    }

    fn has_something(&self) -> bool {
        self.0.try_read(&mut [0]).is_ok()
    }
}
