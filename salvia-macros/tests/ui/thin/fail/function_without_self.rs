use salvia_thin::thin_dyn;

#[thin_dyn]
trait Work {
    fn work(&self);
    fn new(size: u32) -> u32;
}

fn main() {}
