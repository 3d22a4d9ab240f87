use salvia::memo;

#[memo(single)]
fn f<'a>(text: &'a str) -> Option<&'a str> {
    Some(text)
}

fn caller() {
    let _: Option<&str> = f("a");
}

fn main() {}
