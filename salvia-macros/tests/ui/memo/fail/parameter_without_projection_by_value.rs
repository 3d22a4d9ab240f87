use salvia::memo;

struct Config {
    threads: u32,
}

#[memo(lru = 2)]
fn f(config: Config, n: u32) -> u32 {
    n + config.threads
}

fn main() {}
