use salvia::perfect_derive;

#[perfect_derive(Debug, Default)]
enum Choice<T> {
    First(T),
    Second,
}

fn user() -> Choice<u8> {
    Choice::default()
}

fn main() {}
