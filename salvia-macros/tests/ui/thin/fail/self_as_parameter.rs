use salvia_thin::thin_dyn;

#[thin_dyn]
trait Work {
    fn same(&self, other: &Self) -> bool;
}

fn main() {}
