//! A small world that keeps changing, to be looked at: weather stations in regions, and what a service makes of them.
//!
//! ```sh
//! cargo run -p salvia-inspector --example demo
//! ```
//!
//! It prints the address of the page. `--stations N` makes another number of stations, `--still` leaves changes to who writes
//! them to its input: `set STATION TENTHS`, and `quit`.

use std::sync::Arc;
use std::time::Duration;

use salvia::{Input, InputAccess, QueryContext, Runtime, query};
use salvia_inspector::Inspector;
use tokio::io::{AsyncBufReadExt, BufReader};

/// What a station measures, in tenths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Station(u32);

impl Input<i64> for Station {
    fn initial(&self) -> i64 {
        150 + i64::from(self.0 % 23)
    }
}

/// How many stations there are, and how many of them make a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
enum Size {
    Stations,
    Region,
}

impl Input<u32> for Size {
    fn initial(&self) -> u32 {
        match self {
            Size::Stations => 18,
            Size::Region => 6,
        }
    }
}

/// A reading, rounded to whole degrees: small changes end here.
#[query]
async fn degrees(station: u32, cx: &QueryContext) -> i64 {
    Station(station).get::<i64>(cx).await / 10
}

#[query]
async fn mean(region: u32, cx: &QueryContext) -> i64 {
    let (all, size) = (Size::Stations.get(cx).await, Size::Region.get(cx).await);
    let stations = (region * size)..((region + 1) * size).min(all);
    let mut sum = 0;
    for station in stations.clone() {
        sum += degrees(station, cx).await;
    }
    sum / stations.len().max(1) as i64
}

/// Waits for a service and costs something, as forecasts do.
#[query]
async fn forecast(region: u32, cx: &QueryContext) -> i64 {
    let mut state = mean(region, cx).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    for _ in 0..200_000 {
        state = std::hint::black_box((state * 31 + 7) % 1009);
    }
    state % 40
}

#[query]
async fn warning(region: u32, cx: &QueryContext) -> Option<&'static str> {
    match mean(region, cx).await {
        i64::MIN..0 => Some("frost"),
        30.. => Some("heat"),
        _ => None,
    }
}

/// A headline is written by people, so it may hold anything.
#[query]
async fn headline(text: String, cx: &QueryContext) -> String {
    match warning(0, cx).await {
        Some(warning) => format!("{text}: {warning}"),
        None => text,
    }
}

#[query]
async fn front_page(cx: &QueryContext) -> String {
    let (all, size) = (Size::Stations.get(cx).await, Size::Region.get(cx).await);
    let mut page = headline("<script>alert('not a script')</script>".to_owned(), cx).await;
    for region in 0..all.div_ceil(size) {
        let (warning, forecast) = (warning(region, cx).await, forecast(region, cx).await);
        page += &format!("\n{region}: {warning:?}, {forecast}");
    }
    page
}

async fn look(rt: &Arc<Runtime>) {
    rt.query(async |cx| front_page(&cx).await).await;
}

async fn set(rt: &Arc<Runtime>, station: u32, tenths: i64) {
    rt.mutate(async |cx| Station(station).set(tenths, &cx).await)
        .await;
    look(rt).await;
}

/// Does what is written to the input, until that ends or says so.
async fn obey(rt: &Arc<Runtime>) -> std::io::Result<()> {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["set", station, tenths] => match (station.parse(), tenths.parse()) {
                (Ok(station), Ok(tenths)) => set(rt, station, tenths).await,
                _ => eprintln!("two numbers are needed"),
            },
            ["quit"] => break,
            _ => eprintln!("write `set STATION TENTHS`, or `quit`"),
        }
    }
    Ok(())
}

/// Weather.
async fn change(rt: &Arc<Runtime>, stations: u32) {
    for step in 0_u32.. {
        tokio::time::sleep(Duration::from_millis(700)).await;
        let station = step.wrapping_mul(7) % stations;
        set(rt, station, 120 + i64::from(step.wrapping_mul(37) % 140)).await;
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = arguments.iter().position(|text| text == "--stations");
    let number = number.and_then(|at| arguments.get(at + 1)?.parse().ok());
    let stations: u32 = number.unwrap_or(18);
    let rt = Runtime::new().await;
    let serving = Inspector::new(&rt).serve("127.0.0.1:0").await?;
    rt.mutate(async |cx| {
        Size::Stations.set(stations, &cx).await;
        Size::Region.set(stations.div_ceil(40).max(6), &cx).await;
    })
    .await;
    look(&rt).await;
    println!("{}", serving.url());
    if arguments.iter().any(|text| text == "--still") {
        return obey(&rt).await;
    }
    tokio::select! {
        () = change(&rt, stations) => Ok(()),
        done = tokio::signal::ctrl_c() => done,
    }
}
