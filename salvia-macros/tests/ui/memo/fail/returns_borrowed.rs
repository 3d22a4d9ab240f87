use salvia::memo;

#[memo(single)]
fn f(text: &str) -> &str {
    text
}

fn caller() {
    let _: &str = f("a");
}

fn main() {}
