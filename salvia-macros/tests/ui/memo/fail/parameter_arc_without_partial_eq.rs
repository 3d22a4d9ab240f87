use salvia::memo;

use std::sync::Arc;

struct Config;

#[memo(single)]
fn f(config: Arc<Config>) -> usize {
    Arc::strong_count(&config)
}

fn main() {}
