#![deny(warnings)]


use salvia::{QueryContext, query};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Widget(u8);

static WIDGET: Widget = Widget(1);

impl Widget {
    #[query]
    pub async fn none(_cx: &QueryContext) {}

    #[query]
    pub async fn value(self, _other: &'static Widget, n: u8, cx: &QueryContext) -> u8 {
        if n == 0 { self.0 } else { self.value(&WIDGET, n - 1, cx).await }
    }

    #[query]
    pub async fn changed(mut self, _cx: &QueryContext) -> Self {
        self.0 += 1;
        self
    }

    #[query]
    pub async fn boxed(self: Box<Self>, _cx: &QueryContext) -> u8 {
        self.0
    }

    #[query]
    pub async fn boxed_changed(mut self: Box<Self>, _cx: &QueryContext) -> u8 {
        self = Box::new(Widget(2));
        self.0
    }

    #[query]
    pub async fn borrowed(&'static self, _cx: &QueryContext) -> u8 {
        self.0
    }

    #[query]
    pub async fn borrowed_by_type(self: &'static Self, n: u8, _cx: &QueryContext) -> u8 {
        self.0 + n
    }

    #[query]
    pub async fn borrowed_changed(mut self: &'static Self, flag: bool, _cx: &QueryContext) -> u8 {
        if flag {
            self = &WIDGET;
        }
        self.0
    }

    #[query]
    pub async fn by_pin(self: std::pin::Pin<Box<Self>>, _cx: &QueryContext) -> u8 {
        self.0
    }
}

fn main() {}
