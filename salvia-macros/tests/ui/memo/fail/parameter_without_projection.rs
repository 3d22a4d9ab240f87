use salvia::memo;

struct Config {
    threads: u32,
}

#[memo(single)]
fn f(n: u32, config: &Config) -> u32 {
    n + config.threads
}

fn caller() {
    let _: u32 = f(1, &Config { threads: 1 });
}

fn main() {}
