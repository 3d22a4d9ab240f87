use salvia::Projection;

struct NoTraits;

#[derive(Projection)]
struct View<T>(T);

#[salvia::memo(single)]
fn f(view: View<NoTraits>) -> u32 {
    drop(view);
    1
}

fn main() {}
