use salvia_thin::thin_dyn;

#[thin_dyn]
pub(crate) struct Work;

impl Work {
    fn work(&self) {}
}

fn main() {
    Work.work();
}
