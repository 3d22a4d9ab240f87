use salvia::{Input, InputAccess};

#[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
struct Host;

impl Input<f64> for Host {
    fn initial(&self) -> f64 {
        0.0
    }
}

fn main() {}
