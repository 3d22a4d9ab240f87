use salvia::memo;

#[memo()]
fn f(n: u32) -> u32 {
    1
}

fn caller() {
    let _: u32 = f(1);
}

fn main() {}
