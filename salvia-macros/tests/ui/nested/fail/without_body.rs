trait Widget {
    #[salvia::nested]
    fn show(&self);
}

impl Widget for u32 {
    fn show(&self) {}
}

fn main() {
    1.show();
}
