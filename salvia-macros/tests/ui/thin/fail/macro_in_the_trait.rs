use salvia_thin::thin_dyn;

macro_rules! work {
    () => {
        fn work(&self);
    };
}

#[thin_dyn]
trait Work {
    work!();
}

fn main() {}
