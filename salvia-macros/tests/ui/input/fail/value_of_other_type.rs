use salvia::{Input, InputAccess, InputContext};

#[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
struct Host;

impl Input<u32> for Host {
    fn initial(&self) -> u32 {
        0
    }
}

async fn write(cx: &InputContext) {
    Host.set("text", cx).await;
}

fn main() {}
