use salvia::{Input, InputAccess, QueryContext};

#[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
struct Host;

impl Input<u32> for Host {
    fn initial(&self) -> u32 {
        0
    }
}

impl Input<String> for Host {
    fn initial(&self) -> String {
        String::new()
    }
}

async fn read(cx: &QueryContext) {
    Host.get(cx).await;
}

fn main() {}
