//! Calls of `salvia::scope`, to be counted in instructions: `benches/count.sh scope` runs this under callgrind.
//!
//! `scope KIND N` makes N calls of one kind. The difference of two runs is that of their calls, and nothing else.

use std::hint::black_box;
use std::process::ExitCode;

use salvia::nested;
use salvia::scope::{CallId, call, call_in_slot, root};

#[nested]
#[inline(never)]
fn nested_function(n: u64) -> u64 {
    n
}

fn calls(kind: &str, n: u64) -> Option<u64> {
    let times = |call: &dyn Fn(u64) -> u64| (0..n).map(|nth| call(black_box(nth))).sum();
    root(|| {
        let sum = match kind {
            "loop" => times(&|n| n),
            "call" => times(&|n| call(|| n)),
            // Below a call, and with eight places in turns, each of which is counted.
            "places" => call(|| {
                times(&|n| match n % 8 {
                    0 => call(|| n),
                    1 => call(|| n),
                    2 => call(|| n),
                    3 => call(|| n),
                    4 => call(|| n),
                    5 => call(|| n),
                    6 => call(|| n),
                    _ => call(|| n),
                })
            }),
            "current" => times(&|n| call(|| (n, black_box(CallId::current())).0)),
            "number" => times(&|n| call_in_slot(n, || n)),
            "text" => times(&|n| call_in_slot("of sixteen bytes", || n)),
            "nested" => times(&|n| nested_function(n)),
            _ => return None,
        };
        Some(sum)
    })
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let kind = arguments.next().unwrap_or_default();
    let n = arguments.next().and_then(|n| n.parse().ok());
    // `cargo bench` and `cargo test` pass flags of their own: then there is nothing to do.
    let Some(n) = n else {
        return ExitCode::SUCCESS;
    };
    match calls(&kind, n) {
        Some(sum) => {
            println!("{kind}: {n} calls, sum {sum}");
            ExitCode::SUCCESS
        }
        None => {
            eprintln!("not a kind of call: {kind}");
            ExitCode::FAILURE
        }
    }
}
