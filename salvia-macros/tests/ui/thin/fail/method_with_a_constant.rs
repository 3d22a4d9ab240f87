use salvia_thin::thin_dyn;

#[thin_dyn]
trait Work {
    fn work<const N: usize>(&self, on: [u8; N]);
}

fn main() {}
