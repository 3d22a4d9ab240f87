use salvia::memo;

#[memo(single)]
fn f(n: impl Copy) -> u32 {
    1
}

fn caller() {
    let _: u32 = f(1);
}

fn main() {}
