use salvia::InputAccess;

#[derive(InputAccess)]
#[input_access(crate = salvia)]
#[input_access(crate = salvia)]
struct Host;

fn main() {}
