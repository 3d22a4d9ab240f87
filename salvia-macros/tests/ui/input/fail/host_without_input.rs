use salvia::{InputAccess, QueryContext};

#[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
struct Host;

fn read(cx: &QueryContext) {
    let _ = Host.get::<u32>(cx);
}

fn main() {}
