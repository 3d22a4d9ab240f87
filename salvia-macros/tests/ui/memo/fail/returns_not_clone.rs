use salvia::memo;

struct Value;

#[memo(single)]
fn f(n: u32) -> Value {
    drop(n);
    Value
}

fn main() {}
