//! folio.
fn main() {}
