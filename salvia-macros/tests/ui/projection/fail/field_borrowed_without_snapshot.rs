use salvia::Projection;

struct NoTraits;

#[derive(Projection)]
enum View<'a> {
    A,
    B(&'a NoTraits, &'a str),
}

fn main() {}
