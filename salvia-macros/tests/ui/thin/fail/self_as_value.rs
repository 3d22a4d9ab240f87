use salvia_thin::thin_dyn;

#[thin_dyn]
trait Work {
    fn copy(&self) -> Box<Self>;
}

fn main() {}
