use salvia::memo;

#[memo(single)]
unsafe fn f(n: u32) -> u32 {
    1
}

fn caller() {
    let _: u32 = unsafe { f(1) };
}

fn main() {}
