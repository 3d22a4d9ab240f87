use salvia::memo;

#[memo(single)]
fn f(n: u32) {
    drop(n);
}

fn caller() {
    f(1);
}

fn main() {}
