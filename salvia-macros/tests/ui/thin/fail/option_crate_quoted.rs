use salvia_thin::thin_dyn;

#[thin_dyn(crate = "salvia_thin")]
trait Work {}

fn main() {}
