//! What nothing but the slot needs is used: no warning.

#![deny(warnings)]

use salvia::nested;

#[nested(slot = "name")]
fn at_once(name: &str) {}

#[nested(slot = "(name, &column)")]
async fn later(name: &str, column: u32) {}

#[nested(slot = "n")]
async fn by_value(n: u32, _other: u8) -> u8 {
    1
}

#[nested(slot = "a")]
async fn taken_apart((a, _): (u32, u8)) {}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    at_once("a");
    later("a", 1).await;
    assert_eq!(by_value(1, 2).await, 1);
    taken_apart((1, 2)).await;
}
