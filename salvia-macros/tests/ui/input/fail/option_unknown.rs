use salvia::InputAccess;

#[derive(InputAccess)]
#[input_access(rename = 3)]
struct Host;

fn main() {}
