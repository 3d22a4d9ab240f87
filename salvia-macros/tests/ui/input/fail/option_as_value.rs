use salvia::InputAccess;

#[derive(InputAccess)]
#[input_access = "salvia"]
struct Host;

fn main() {}
