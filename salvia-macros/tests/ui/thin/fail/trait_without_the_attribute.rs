use salvia_thin::Ref;

trait Work {
    fn work(&self);
}

struct Worker<'a>(Ref<'a, dyn Work>);

fn main() {}
