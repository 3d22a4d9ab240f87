use salvia::memo;

#[memo(single)]
fn f(n: u32) -> impl Clone {
    n
}

fn main() {}
