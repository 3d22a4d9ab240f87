//! What the tests share: a small world, and a client that says exactly what it is told to.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use salvia::{Input, InputAccess, QueryContext, Runtime, query};
use salvia_inspector::{Inspector, Serving};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Fails if it takes forever.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    let done = timeout(Duration::from_secs(120), what).await;
    done.expect("it hangs")
}

/// A numbered input of the number 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Slot(pub(crate) u32);

impl Input<i64> for Slot {
    fn initial(&self) -> i64 {
        0
    }
}

#[query]
pub(crate) async fn value(n: u32, cx: &QueryContext) -> i64 {
    Slot(n).get(cx).await
}

#[query]
pub(crate) async fn sign(n: u32, cx: &QueryContext) -> i64 {
    value(n, cx).await.signum()
}

#[query]
pub(crate) async fn sum(upto: u32, cx: &QueryContext) -> i64 {
    let mut sum = 0;
    for n in 0..upto {
        sum += sign(n, cx).await;
    }
    sum
}

/// A query whose argument is text of somebody's choice.
#[query]
pub(crate) async fn note(text: String, cx: &QueryContext) -> i64 {
    text.len() as i64 + Slot(0).get::<i64>(cx).await
}

pub(crate) async fn put(rt: &Arc<Runtime>, slot: u32, value: i64) {
    rt.mutate(|cx| async move { Slot(slot).set(value, &cx).await })
        .await;
}

pub(crate) async fn ask_sum(rt: &Arc<Runtime>, upto: u32) -> i64 {
    rt.query(|cx| async move { sum(upto, &cx).await }).await
}

pub(crate) async fn ask_note(rt: &Arc<Runtime>, text: &str) {
    let text = text.to_owned();
    rt.query(|cx| async move { note(text, &cx).await }).await;
}

/// A runtime that is looked at.
pub(crate) async fn inspected() -> (Arc<Runtime>, Page) {
    let rt = Runtime::new().await;
    let page = Page::of(&rt).await;
    (rt, page)
}

/// A page that is served, and its client.
pub(crate) struct Page(pub(crate) Serving);

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self
            .headers
            .lines()
            .filter_map(|line| line.split_once(": "));
        headers
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

impl Page {
    pub(crate) async fn of(rt: &Arc<Runtime>) -> Page {
        let serving = Inspector::new(rt).serve("127.0.0.1:0").await;
        Page(serving.expect("loopback can be served"))
    }

    /// `127.0.0.1:port`.
    pub(crate) fn host(&self) -> String {
        self.0.address().to_string()
    }

    /// The path of the page, with the token.
    pub(crate) fn path(&self) -> &str {
        let path = self.0.url().strip_prefix("http://").expect("it is a URL");
        &path[path.find('/').expect("it has a path")..]
    }

    /// Sends these lines and an empty one, and reads until the connection is closed.
    pub(crate) async fn send(&self, lines: &[&str]) -> Answer {
        let mut stream = TcpStream::connect(self.0.address())
            .await
            .expect("somebody listens");
        let request = format!("{}\r\nConnection: close\r\n\r\n", lines.join("\r\n"));
        stream
            .write_all(request.as_bytes())
            .await
            .expect("it is read");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .await
            .expect("it is answered in text");
        let (headers, body) = answer.split_once("\r\n\r\n").expect("it has a head");
        let status = headers.split(' ').nth(1).and_then(|code| code.parse().ok());
        Answer {
            status: status.expect("it has a status"),
            headers: headers.replace('\r', ""),
            body: body.to_owned(),
        }
    }

    /// A request such as a browser would make of the page.
    pub(crate) async fn get(&self, what: &str) -> Answer {
        let line = format!("GET {}{what} HTTP/1.1", self.path());
        self.send(&[&line, &format!("Host: {}", self.host())]).await
    }

    /// The answer to one of the page's questions.
    pub(crate) async fn json(&self, what: &str) -> Value {
        let answer = self.get(&format!("api/{what}")).await;
        assert_eq!(answer.status, 200, "{what}: {}", answer.body);
        // The server writes texts in one piece, so none of this is chunked.
        serde_json::from_str(&answer.body).expect("it is JSON")
    }

    /// The graph with all that has happened so far: an answer may be that of a moment ago.
    pub(crate) async fn graph(&self) -> Value {
        let now = self.json("pulse").await["change"].as_u64();
        loop {
            let graph = self.json("graph").await;
            if graph["change"].as_u64() >= now {
                return graph;
            }
        }
    }
}

/// The names in a list of nodes, sorted.
pub(crate) fn names(nodes: &Value) -> Vec<String> {
    let nodes = nodes.as_array().expect("it is a list").iter();
    let mut names: Vec<String> = nodes
        .map(|node| node["name"].as_str().expect("it has a name").to_owned())
        .collect();
    names.sort();
    names
}
