use salvia_thin::thin_dyn;

#[thin_dyn]
trait Work {
    fn work<T>(&self, on: T);
}

fn main() {}
