use salvia_thin::thin_dyn;

#[thin_dyn]
trait Work {
    fn work(&self, on: impl Clone);
}

fn main() {}
