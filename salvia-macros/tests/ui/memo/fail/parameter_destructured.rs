use salvia::memo;

#[memo(single)]
fn f((a, b): (u32, u32)) -> u32 {
    a + b
}

fn caller() {
    let _: u32 = f((1, 2));
}

fn main() {}
