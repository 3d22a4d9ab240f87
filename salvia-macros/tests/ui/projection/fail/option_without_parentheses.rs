use salvia::Projection;

#[derive(Projection)]
#[projection]
struct View(u32);

fn main() {}
