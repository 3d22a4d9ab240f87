use salvia_thin::thin_dyn;

#[thin_dyn]
trait Work {
    const LIMIT: u32;
    fn work(&self);
}

fn main() {}
