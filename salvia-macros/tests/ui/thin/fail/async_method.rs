use salvia_thin::thin_dyn;

#[thin_dyn]
trait Work {
    async fn work(&self) -> u32;
}

fn main() {}
