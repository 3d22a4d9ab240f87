use salvia_thin::thin_dyn;

trait Work {}

#[thin_dyn]
impl Work for u8 {}

fn main() {}
