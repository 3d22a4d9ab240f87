use salvia::memo;

#[memo(single)]
fn f<T: Into<u32>>(n: T) -> u32 {
    n.into()
}

fn main() {}
