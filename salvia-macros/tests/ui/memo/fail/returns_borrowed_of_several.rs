use salvia::memo;

#[memo(single)]
fn f(text: &str, _other: &str) -> &str {
    text
}

fn caller() {
    let _: &str = f("text", "other");
}

fn main() {}
