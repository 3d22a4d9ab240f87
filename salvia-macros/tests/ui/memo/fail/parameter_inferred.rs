use salvia::memo;

#[memo(single)]
fn f(n: _) -> u32 {
    1
}

fn main() {}
