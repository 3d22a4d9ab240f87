use salvia::memo;

#[memo(single)]
fn f(n: u32) -> Option<_> {
    Some(n)
}

fn main() {}
