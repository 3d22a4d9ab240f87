//! Links out of the folder: followed if that is asked for, and asked again when the answer has become old.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use folio::core::progress::Progress;
use folio::core::queries::{Probe, report};
use folio::core::workspace::Workspace;

use crate::tree::Tree;

/// A server of this machine that says `404` the first so many times, and `200` from then on.
fn server(failures: usize) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines
                .next()
                .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
            {}
            let status = match count.fetch_add(1, Ordering::Relaxed) < failures {
                true => "404 Not Found",
                false => "200 OK",
            };
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        }
    });
    (address, asked)
}

#[test]
fn links_out_of_the_folder_are_followed_only_if_asked_for() {
    let (address, asked) = server(usize::MAX);
    let tree = Tree::new(&[
        (
            "a.md",
            &format!("[x](http://{address}/gone) [y](mailto:me@example.org)\n"),
        ),
        ("b.md", &format!("[x](http://{address}/gone#part)\n")),
    ]);
    assert_eq!(tree.report(), [] as [&str; 0]);
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    let run = tree.check(&["--external"]);
    let line = |path, fragment| {
        format!(
            "{path}:1:1: dead link: `http://{address}/gone{fragment}`: the server says 404 Not Found"
        )
    };
    assert_eq!(run.lines, [line("a.md", ""), line("b.md", "#part")]);
    // Two links to one page are one question: HEAD, and GET since that failed.
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_asked_for_again_when_its_time_has_passed() {
    let (address, _) = server(2);
    let tree = Tree::new(&[("a.md", &format!("[x](http://{address}/)\n"))]);
    let probe = Probe::new(Duration::from_millis(200)).unwrap();
    let root = tree.root().canonicalize().unwrap();
    let mut workspace = Workspace::with(root, Progress::none(), |builder| builder.resource(probe));
    workspace.load().await.unwrap();
    let mut reports = workspace
        .runtime()
        .watch(|cx| async move { report(&cx).await.len() });
    assert_eq!(reports.next().await, Some(1));
    assert_eq!(reports.next().await, Some(0));
}
