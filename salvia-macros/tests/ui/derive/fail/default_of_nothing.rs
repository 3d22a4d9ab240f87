use salvia::perfect_derive;

#[perfect_derive(Default)]
enum Choice {}

fn user() -> Choice {
    Choice::default()
}

fn main() {}
