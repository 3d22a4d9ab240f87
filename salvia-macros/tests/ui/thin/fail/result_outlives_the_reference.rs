use salvia_thin::{Ref, thin_dyn};

#[thin_dyn]
trait Work {
    fn work(&self) -> &u32;
    fn change(&mut self) {}
    fn sized(&self)
    where
        Self: Sized,
    {
    }
}

impl Work for u32 {
    fn work(&self) -> &u32 {
        self
    }
}

fn main() {
    let value = 1_u32;
    let result;
    {
        let work: Ref<dyn Work> = Ref::new(&value);
        result = work.work();
    }
    println!("{result}");
}
