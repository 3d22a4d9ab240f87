use salvia::perfect_derive;

#[perfect_derive(Debug, Default)]
enum Choice<T> {
    #[default]
    First(T),
    #[default]
    Second,
}

fn user() -> Choice<u8> {
    Choice::default()
}

fn main() {}
