use salvia::InputAccess;

#[derive(InputAccess)]
fn f() {}

fn main() {}
