use salvia::Projection;

#[derive(Projection)]
#[projection(name = View)]
struct View(u32);

fn main() {}
