use salvia_thin::thin_dyn;

#[thin_dyn]
trait Work {
    fn work(&self) -> Vec<impl Clone>;
}

fn main() {}
