use salvia::memo;

#[memo(single)]
fn f(n: &mut u32) -> u32 {
    1
}

fn caller() {
    let _: u32 = f(&mut 1);
}

fn main() {}
