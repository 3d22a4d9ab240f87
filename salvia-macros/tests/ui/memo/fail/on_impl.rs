use salvia::memo;

struct S;

#[memo(single)]
impl S {
    fn f(n: u32) -> u32 {
        n
    }
}

fn main() {}
