#![deny(warnings)]


use std::fmt::Debug;
use std::sync::Arc;

use salvia::{QueryContext, query};

pub trait Shape: Debug + Send + Sync {}

#[derive(Debug)]
pub struct Square;

#[derive(Debug)]
pub struct Circle;

impl Shape for Square {}
impl Shape for Circle {}

impl PartialEq for dyn Shape {
    fn eq(&self, other: &dyn Shape) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}
impl Eq for dyn Shape {}

#[query]
pub async fn unsized_at_the_end(_cx: &QueryContext) -> Arc<dyn Shape> {
    Arc::new(Square)
}

#[query]
pub async fn unsized_inside(square: bool, _cx: &QueryContext) -> Option<Arc<dyn Shape>> {
    if square {
        return Some(Arc::new(Square));
    }
    Some(Arc::new(Circle))
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Host;

impl Host {
    #[query]
    pub async fn unsized_in_method(self, square: bool, _cx: &QueryContext) -> Option<Arc<dyn Shape>> {
        if square {
            return Some(Arc::new(Square));
        }
        Some(Arc::new(Circle))
    }
}

#[query]
pub async fn fallible(text: String, cx: &QueryContext) -> Result<u8, String> {
    let number = text.parse::<u8>().map_err(|error| error.to_string())?;
    let shape = unsized_inside(number > 3, cx).await.ok_or("none")?;
    let _ = shape;
    Ok(number)
}

#[query]
pub async fn unwritten(_cx: &QueryContext) -> u8 {
    todo!()
}

#[query]
pub async fn endless(_cx: &QueryContext) {
    loop {}
}

pub struct Lock<'a>(&'a String);

impl Lock<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {}
}

/// What the last expression borrows is dropped before the parameters.
#[query]
pub async fn borrowing_at_the_end(text: String, _cx: &QueryContext) -> usize {
    Lock(&text).len()
}

fn main() {}
