use salvia::Projection;

struct NoTraits;

#[derive(Projection)]
struct View {
    n: u32,
    field: NoTraits,
}

fn main() {}
