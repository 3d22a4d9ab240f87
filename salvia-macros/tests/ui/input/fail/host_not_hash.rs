use salvia::{Input, InputAccess};

#[derive(Clone, PartialEq, Eq, InputAccess)]
struct Host;

impl Input<u32> for Host {
    fn initial(&self) -> u32 {
        0
    }
}

fn main() {}
