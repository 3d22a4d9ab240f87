use salvia::memo;

struct View<'a>(&'a str);

#[memo(single)]
fn f(view: View<'_>) -> usize {
    view.0.len()
}

fn caller() {
    let _: usize = f(View("a"));
}

fn main() {}
