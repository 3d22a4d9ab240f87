use salvia::{InputAccess, QueryContext};

#[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
struct Host;

async fn read(cx: &QueryContext) -> u32 {
    Host.get(cx).await
}

fn main() {}
