#[salvia::nested]
fn f() -> u32 {
    "one"
}

#[salvia::nested]
async fn g() -> u32 {
    "one"
}

fn main() {
    f();
    let _ = g();
}
