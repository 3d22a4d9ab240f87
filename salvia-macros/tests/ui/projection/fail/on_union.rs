use salvia::Projection;

#[derive(Projection)]
union View {
    a: u8,
    b: i8,
}

fn main() {}
