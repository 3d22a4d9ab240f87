use std::rc::Rc;

#[salvia::nested]
async fn f() {
    let kept = Rc::new(1);
    std::future::ready(()).await;
    drop(kept);
}

fn is_send<T: Send>(_: T) {}

fn main() {
    is_send(f());
}
