use salvia_thin::thin_dyn;

#[thin_dyn(fast)]
unsafe trait Work: Clone {
    type Output;
    fn new() -> Self;
    async fn work<T>(self, on: T);
}

fn main() {}
