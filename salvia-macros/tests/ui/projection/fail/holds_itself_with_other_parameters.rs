use salvia::Projection;

#[derive(Projection)]
struct View<T> {
    value: T,
    next: Option<Box<View<(T, T)>>>,
}

fn main() {}
