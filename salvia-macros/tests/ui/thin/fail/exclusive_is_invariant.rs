use salvia_thin::{RefMut, thin_dyn};

#[thin_dyn]
trait Keep<'t> {
    fn keep(&mut self, text: &'t str);
}

fn shorter<'s>(long: RefMut<'s, dyn Keep<'static>>) -> RefMut<'s, dyn Keep<'s>> {
    long
}

fn main() {}
