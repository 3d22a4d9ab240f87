use salvia_thin::thin_dyn;

#[thin_dyn]
trait Work
where
    Self: Send,
{
    fn work(&self);
}

fn main() {}
