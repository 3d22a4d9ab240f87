use salvia::perfect_derive;

#[perfect_derive(Clone)]
struct Hen<T>(Vec<Egg<T>>, T);

#[perfect_derive(Clone)]
struct Egg<T>(Option<Box<Hen<T>>>);

fn user(hen: Hen<u8>) -> Hen<u8> {
    hen.clone()
}

fn main() {}
