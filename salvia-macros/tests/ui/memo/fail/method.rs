use salvia::memo;

#[derive(Clone)]
struct Host(u32);

impl Host {
    #[memo(single)]
    fn f(&self, n: u32) -> u32 {
        self.0 + n
    }
}

fn caller(host: &Host) {
    let _: u32 = host.f(1);
}

fn main() {}
