//! How costs grow with the size of the graph: cold build, hit, edit, commit and collection at 10^3 to 10^6 nodes.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml --bin growth` prints a table, and draws it into
//! `benches/peers/growth.svg`. Every run checks its answers. Times are those of the thread's processor, so what else the
//! machine does counts little; each is the median of five.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use plotters::prelude::*;
use rustix::time::{ClockId, clock_gettime};
use salvia::{Collect, Input, InputAccess, QueryContext, Runtime, query};

const SIZES: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];
const ROUNDS: usize = 5;
/// Edits, commits and the like in a round.
const TIMES: u64 = 1_000;
/// So many nodes a node reads.
const FAN_OUT: u64 = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Cell(u64);

impl Input<u64> for Cell {
    fn initial(&self) -> u64 {
        1
    }
}

/// Sums the cells below it: a tree, of which `height` 0 is one cell.
#[query]
async fn sum(height: u32, number: u64, cx: &QueryContext) -> u64 {
    if height == 0 {
        return Cell(number).get(cx).await;
    }
    let mut total = 0;
    for child in 0..FAN_OUT {
        total += sum(height - 1, number * FAN_OUT + child, cx).await;
    }
    total
}

/// What one round measures, a column each.
const COLUMNS: [&str; 5] = [
    "cold, a node",
    "hit",
    "edit and read of the root",
    "commit",
    "collect, a node",
];

/// The processor time this thread has used.
fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Nanoseconds of each of `times` things that were done since `begin`.
fn each(begin: Duration, times: u64) -> f64 {
    (now() - begin).as_nanos() as f64 / times as f64
}

async fn root(rt: &Arc<Runtime>, height: u32) -> u64 {
    rt.query(async |cx| sum(height, 0, &cx).await).await
}

async fn set(rt: &Arc<Runtime>, cell: u64, value: u64) {
    rt.mutate(async |cx| Cell(cell).set(value, &cx).await).await;
}

/// Spreads numbers over the cells.
fn spread(number: u64, cells: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % cells
}

async fn round(cells: u64) -> [f64; COLUMNS.len()] {
    let height = cells.ilog10();
    let rt = Runtime::new().await;
    let begin = now();
    assert_eq!(root(&rt, height).await, cells);
    let cold = each(begin, cells);

    let hits = async |cx: QueryContext| {
        let mut total = 0;
        for number in 0..TIMES * 10 {
            total += sum(0, black_box(spread(number, cells)), &cx).await;
        }
        total
    };
    let begin = now();
    assert_eq!(rt.query(hits).await, TIMES * 10);
    let hit = each(begin, TIMES * 10);

    let begin = now();
    for number in 0..TIMES {
        let cell = spread(number, cells);
        set(&rt, cell, 2).await;
        assert_eq!(root(&rt, height).await, cells + 1);
        set(&rt, cell, 1).await;
    }
    assert_eq!(root(&rt, height).await, cells);
    let edit = each(begin, TIMES);

    let begin = now();
    for value in 0..TIMES {
        // Nobody reads this one.
        set(&rt, cells, value + 2).await;
    }
    let commit = each(begin, TIMES);

    let begin = now();
    let collected = rt.collect_garbage(Collect::All);
    let collect = each(begin, cells);
    assert!(collected.values >= cells, "{collected:?}");
    [cold, hit, edit, commit, collect]
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn measure(cells: u64) -> [f64; COLUMNS.len()] {
    let tokio = tokio::runtime::Builder::new_current_thread().build();
    let tokio = tokio.expect("a thread is there");
    let rounds: Vec<_> = (0..ROUNDS).map(|_| tokio.block_on(round(cells))).collect();
    std::array::from_fn(|column| median(rounds.iter().map(|round| round[column]).collect()))
}

fn draw(to: &Path, table: &[[f64; COLUMNS.len()]]) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::new(to, (800, 480)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(16)
        .x_label_area_size(40)
        .y_label_area_size(64)
        .build_cartesian_2d((1e3..1e6).log_scale(), (10.0..1e5).log_scale())?;
    chart
        .configure_mesh()
        .x_desc("inputs")
        .y_desc("nanoseconds")
        .draw()?;
    for (column, name) in COLUMNS.into_iter().enumerate() {
        let color = Palette99::pick(column).to_rgba();
        let points = SIZES
            .iter()
            .zip(table)
            .map(|(&size, row)| (size as f64, row[column]));
        chart
            .draw_series(LineSeries::new(points, color.stroke_width(2)).point_size(4))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], color));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE)
        .border_style(BLACK)
        .draw()?;
    area.present()?;
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("| inputs | {} |", COLUMNS.join(" | "));
    println!("|--:|{}", "--:|".repeat(COLUMNS.len()));
    let table = SIZES.map(|size| {
        let row = measure(size);
        let cells: Vec<_> = row.iter().map(|figure| format!("{figure:.0} ns")).collect();
        println!("| {size} | {} |", cells.join(" | "));
        row
    });
    let to = Path::new(env!("CARGO_MANIFEST_DIR")).join("growth.svg");
    draw(&to, &table)
}
