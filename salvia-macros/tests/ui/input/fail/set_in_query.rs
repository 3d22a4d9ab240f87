use salvia::{Input, InputAccess, QueryContext};

#[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
struct Host;

impl Input<u32> for Host {
    fn initial(&self) -> u32 {
        0
    }
}

async fn write(cx: &QueryContext) {
    Host.set(1, cx).await;
}

fn main() {}
