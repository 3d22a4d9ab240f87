//! Hits of memos, to be counted in instructions: `benches/count.sh memo` runs this under callgrind.
//!
//! `memo KIND N` makes N hits of one kind. The difference of two runs is that of their hits, and nothing else.

use std::cell::Cell;
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;

use salvia::{Projection, ToStatic, memo};

thread_local! {
    static RUNS: Cell<u32> = const { Cell::new(0) };
}

fn ran() {
    RUNS.set(RUNS.get() + 1);
}

/// What a call costs that remembers nothing.
#[inline(never)]
fn function(n: u32) -> u32 {
    n + 1
}

#[memo(single)]
#[inline(never)]
fn single(n: u32) -> u32 {
    ran();
    n + 1
}

#[memo(lru = 8)]
#[inline(never)]
fn lru(n: u32) -> u32 {
    ran();
    n + 1
}

#[memo(single)]
#[inline(never)]
fn instance<T: ToStatic + Into<u32>>(n: T) -> u32 {
    ran();
    n.into() + 1
}

#[memo(single)]
#[inline(never)]
fn text(text: &str) -> usize {
    ran();
    text.len()
}

#[memo(lru = 8, shared)]
#[inline(never)]
fn shared(n: u32) -> u32 {
    ran();
    n + 1
}

#[derive(Projection)]
struct View<'a> {
    numbers: &'a Arc<[u32]>,
    size: u32,
}

#[memo(single)]
#[inline(never)]
fn projection(view: View<'_>) -> u32 {
    ran();
    view.numbers.iter().sum::<u32>() + view.size
}

/// The runs of a body, and the sum of N calls.
fn hits(kind: &str, n: u32) -> Option<(u32, u64)> {
    let numbers: Arc<[u32]> = (0..1000).collect();
    let times = |call: &dyn Fn() -> u64| (0..n).map(|_| call()).sum();
    let sum = match kind {
        "loop" => times(&|| black_box(7)),
        "function" => times(&|| function(black_box(7)).into()),
        "single" => times(&|| single(black_box(7)).into()),
        // The last of the slots that are looked at.
        "lru" => {
            (0..8).for_each(|n| assert_eq!(lru(n), n + 1));
            times(&|| lru(black_box(7)).into())
        }
        "instance" => times(&|| instance(black_box(7u32)).into()),
        "text" => times(&|| text(black_box("of sixteen bytes")) as u64),
        "projection" => times(&|| {
            let view = View {
                numbers: black_box(&numbers),
                size: 1,
            };
            projection(view).into()
        }),
        "shared" => times(&|| shared(black_box(7)).into()),
        _ => return None,
    };
    Some((RUNS.get(), sum))
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let kind = arguments.next().unwrap_or_default();
    let n = arguments.next().and_then(|n| n.parse().ok());
    // `cargo bench` and `cargo test` pass flags of their own: then there is nothing to do.
    let Some(n) = n else {
        return ExitCode::SUCCESS;
    };
    match hits(&kind, n) {
        Some((runs, sum)) => {
            println!("{kind}: {n} calls, {runs} runs, sum {sum}");
            ExitCode::SUCCESS
        }
        None => {
            eprintln!("not a kind of hit: {kind}");
            ExitCode::FAILURE
        }
    }
}
