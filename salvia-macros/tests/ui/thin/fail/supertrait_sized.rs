use salvia_thin::thin_dyn;

#[thin_dyn]
trait Work: Sized {
    fn work(&self);
}

fn main() {}
