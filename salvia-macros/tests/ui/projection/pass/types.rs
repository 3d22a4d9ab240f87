use std::marker::PhantomData;

use salvia::{Param, Projection, ToStatic};

#[derive(Debug, Clone, PartialEq, Projection)]
pub struct Named<'a, T: ?Sized, const N: usize = 2>
where
    T: PartialEq,
{
    pub words: &'a [&'static str],
    size: [u8; N],
    mark: PhantomData<T>,
}

#[derive(Projection)]
enum Never {}

#[derive(Projection)]
#[projection(crate = ::salvia)]
enum Shape<'a> {
    Unit,
    Tuple(u8, Option<Box<Shape<'a>>>),
    Named { r#fn: &'a str },
}

fn argument<T: ToStatic>() {}

fn key<T: Param>() {}

fn main() {
    argument::<Never>();
    key::<Never>();
    argument::<Named<'_, str>>();
    key::<Named<'_, u8, 3>>();
    key::<Shape<'_>>();
    let kept = Shape::Tuple(1, Some(Box::new(Shape::Unit))).to_key();
    assert!(!Shape::Named { r#fn: "a" }.matches(&kept));
}
