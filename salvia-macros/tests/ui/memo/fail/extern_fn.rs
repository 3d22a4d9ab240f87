use salvia::memo;

#[memo(single)]
extern "C" fn f(n: u32) -> u32 {
    1
}

fn main() {}
