use salvia::memo;

#[memo(single)]
fn f(n: u32) -> ! {
    panic!("{n}")
}

fn main() {}
