use salvia::query;

#[query]
pub struct S;

fn user(_: S) {}

fn main() {}
