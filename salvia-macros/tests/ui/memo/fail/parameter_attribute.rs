use salvia::memo;

#[memo(single)]
fn f(#[cfg(all())] n: u32) -> u32 {
    1
}

fn caller() {
    let _: u32 = f(1);
}

fn main() {}
