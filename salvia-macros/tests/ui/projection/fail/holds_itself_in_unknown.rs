use salvia::Projection;

struct Link<T>(T);

#[derive(Projection)]
struct View {
    next: Option<Link<Box<View>>>,
}

fn main() {}
