use salvia::memo;

#[memo(single)]
unsafe fn f(_: u32) -> u32 {
    1
}

fn main() {}
