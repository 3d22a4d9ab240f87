use salvia::InputAccess;

#[derive(InputAccess)]
union Host {
    a: u8,
    b: i8,
}

fn main() {}
