use salvia::InputAccess;

#[derive(InputAccess)]
#[input_access]
struct Host;

fn main() {}
