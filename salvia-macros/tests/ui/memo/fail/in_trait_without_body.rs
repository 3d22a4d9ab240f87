use salvia::memo;

trait T {
    #[memo(single)]
    fn f(n: u32) -> u32;
}

fn main() {}
