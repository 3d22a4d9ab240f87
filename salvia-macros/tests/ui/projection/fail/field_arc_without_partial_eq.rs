use salvia::Projection;

use std::sync::Arc;

struct NoTraits;

#[derive(Projection)]
struct View(Arc<NoTraits>);

fn main() {}
