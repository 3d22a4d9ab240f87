use salvia_thin::thin_dyn;

#[thin_dyn]
trait Work {
    type Output;
    fn work(&self);
}

fn main() {}
