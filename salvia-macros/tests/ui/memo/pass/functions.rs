use std::fmt::Debug;
use std::rc::Rc;

use salvia::{Projection, ToStatic, memo};

#[derive(Projection)]
pub struct View<'a> {
    text: &'a str,
}

#[memo(single)]
fn free(n: u32, text: &str, view: &View<'_>) -> usize {
    n as usize + text.len() + view.text.len()
}

#[memo(lru = 0x10_usize)]
pub fn named<'a, 'b: 'a>(view: View<'a>, other: Option<View<'b>>) -> Rc<str> {
    other.map_or(view.text, |other| other.text).into()
}

#[memo(shared, lru = 2)]
fn generic<T, const N: usize>(values: [T; N]) -> Result<String, ()>
where
    T: ToStatic<Static: Send + Sync> + Debug,
{
    if N == 0 {
        return Err(());
    }
    Ok(format!("{values:?}"))
}

struct Host<T>(T);

impl<T: ToStatic + Clone> Host<T> {
    #[memo(single)]
    fn associated(this: &Self, times: usize) -> usize
    where
        Self: ToStatic,
    {
        let all = vec![this.0.clone(); times];
        all.len()
    }
}

impl ToStatic for Host<u8> {
    type Static = u8;

    fn to_static(&self) -> u8 {
        self.0
    }

    fn eq_static(&self, kept: &u8) -> bool {
        self.0 == *kept
    }
}

fn main() {
    assert_eq!(free(1, "a", &View { text: "b" }), 3);
    assert_eq!(&*named(View { text: "a" }, None), "a");
    assert_eq!(Host::associated(&Host(1), 3), 3);
    assert_eq!(generic([1, 2]), Ok("[1, 2]".to_owned()));
}
