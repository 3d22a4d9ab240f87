use salvia::Param;

struct Own(u32);

fn key<P: Param>(_: P) {}

fn caller() {
    key(("a", Own(1)));
}

fn main() {}
