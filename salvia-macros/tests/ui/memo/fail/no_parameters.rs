use salvia::memo;

#[memo(single)]
fn f() -> u32 {
    1
}

fn caller() {
    let _: u32 = f();
}

fn main() {}
