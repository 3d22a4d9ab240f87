use salvia::perfect_derive;

#[perfect_derive(Clone)]
pub fn pair() {}

fn user() {
    pair();
}

fn main() {}
