//! What it costs to be looked at: 50,000 queries that run again after an edit, without an inspector, with one, and while a
//! page asks its questions three times a second. Prints a table, and checks the sums.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use salvia::{Input, InputAccess, QueryContext, Runtime, query};
use salvia_inspector::{Inspector, Serving};

const LEAVES: u32 = 50_000;
const ROUNDS: usize = 25;
const PAUSE: Duration = Duration::from_millis(300);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Source;

impl Input<u64> for Source {
    fn initial(&self) -> u64 {
        0
    }
}

#[query]
async fn leaf(n: u32, cx: &QueryContext) -> u64 {
    Source.get::<u64>(cx).await + u64::from(n)
}

#[query]
async fn sum(cx: &QueryContext) -> u64 {
    let mut sum = 0;
    for n in 0..LEAVES {
        sum += leaf(n, cx).await;
    }
    sum
}

/// Rounds of an edit and a question, and how long the question took.
async fn rounds(rt: &Arc<Runtime>, value: &mut u64) -> Vec<Duration> {
    let mut took = Vec::new();
    for _ in 0..ROUNDS {
        *value += 1;
        let next = *value;
        rt.mutate(async |cx| Source.set(next, &cx).await).await;
        let began = Instant::now();
        let found = rt.query(async |cx| sum(&cx).await).await;
        took.push(began.elapsed());
        let (n, leaves) = (u64::from(LEAVES), next * u64::from(LEAVES));
        assert_eq!(found, leaves + n * (n - 1) / 2);
    }
    took.sort();
    took
}

fn print(what: &str, took: &[Duration]) {
    let of = |place: usize| took[place].as_secs_f64() * 1e9 / f64::from(LEAVES + 1);
    let (least, median, most) = (of(0), of(took.len() / 2), of(took.len() - 1));
    println!("| {what} | {median:.0} ns | {least:.0} ns | {most:.0} ns |");
}

/// Asks as the page does. Gives how long each look took, with all of its questions.
fn look(serving: &Serving, done: &AtomicBool) -> Vec<Duration> {
    let path = serving.url().splitn(4, '/').last().unwrap_or_default();
    let mut took = Vec::new();
    while !done.load(Ordering::Relaxed) {
        let began = Instant::now();
        for what in ["pulse", "graph", "revision", "overview"] {
            ask(serving.address(), &format!("/{path}api/{what}"));
        }
        took.push(began.elapsed());
        thread::sleep(PAUSE);
    }
    took.sort();
    took
}

fn ask(address: SocketAddr, path: &str) {
    let mut stream = TcpStream::connect(address).expect("it is served");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it is read");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it is answered");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let (rt, mut value) = (Runtime::new().await, 0);
    rounds(&rt, &mut value).await;
    println!("| a run of 50,000 | median | least | most |\n|---|---|---|---|");
    print("nobody listens", &rounds(&rt, &mut value).await);
    let serving = Inspector::new(&rt).serve("127.0.0.1:0").await;
    let serving = serving.expect("loopback can be served");
    print("an inspector", &rounds(&rt, &mut value).await);
    let done = AtomicBool::new(false);
    let looks = thread::scope(|scope| {
        let looking = scope.spawn(|| look(&serving, &done));
        tokio::task::block_in_place(|| {
            let handle = tokio::runtime::Handle::current();
            print(
                "an inspector and a page",
                &handle.block_on(rounds(&rt, &mut value)),
            );
        });
        done.store(true, Ordering::Relaxed);
        looking.join().expect("the client does not panic")
    });
    println!(
        "a look of the page: median {:?} of {}",
        looks[looks.len() / 2],
        looks.len()
    );
}
