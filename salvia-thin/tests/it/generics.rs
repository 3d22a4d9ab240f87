//! Traits with parameters: each instance has its own tables.

use std::fmt::Debug;

use salvia_thin::{Ref, RefMut, thin_dyn};

#[thin_dyn]
trait Sink<'t, T: Debug + ?Sized + 't = str, const N: usize = 2>
where
    T: ToOwned,
{
    fn take(&mut self, items: [&'t T; N]) -> usize;
    fn last(&self) -> Option<&'t T>;
    fn owned(&self) -> Option<T::Owned> {
        self.last().map(T::to_owned)
    }
}

struct Keep<'t, T: ?Sized>(Vec<&'t T>);

impl<'t, T: Debug + ?Sized + ToOwned + 't, const N: usize> Sink<'t, T, N> for Keep<'t, T> {
    fn take(&mut self, items: [&'t T; N]) -> usize {
        self.0.extend(items);
        N
    }
    fn last(&self) -> Option<&'t T> {
        self.0.last().copied()
    }
}

#[test]
fn each_instance_of_a_trait_has_its_own_methods() {
    let text = "a b".to_owned();
    let mut words = Keep(vec![]);
    let mut sink: RefMut<'_, dyn Sink<'_>> = RefMut::new(&mut words);
    assert_eq!(sink.take(["x", &text]), 2);
    assert_eq!(sink.last(), Some("a b"));
    assert_eq!(sink.owned(), Some(text.clone()));

    let mut bytes = Keep(vec![]);
    let mut sink: RefMut<'_, dyn Sink<'_, [u8], 3> + Send> = RefMut::new(&mut bytes);
    assert_eq!(sink.take([b"x", b"y", text.as_bytes()]), 3);
    assert_eq!(sink.owned(), Some(b"a b".to_vec()));
}

#[thin_dyn]
trait From2<T> {
    fn from(&self, t: T) -> String;
}
impl<T: Debug> From2<T> for u8 {
    fn from(&self, t: T) -> String {
        format!("{self}{t:?}")
    }
}

fn describe<'x, T>(with: Ref<'_, dyn From2<T> + 'x>, t: T) -> String {
    with.from(t)
}

#[test]
fn parameters_may_borrow() {
    let text = "b".to_owned();
    assert_eq!(describe(Ref::new(&1), &*text), "1\"b\"");
    assert_eq!(describe(Ref::new(&2), 'c'), "2'c'");
}

#[test]
fn an_implementation_for_all_types_is_no_obstacle() {
    #[thin_dyn]
    trait Show {
        fn show(&self) -> String;
        fn twice(&self) -> String {
            self.show() + &self.show()
        }
    }
    impl<T: Debug> Show for T {
        fn show(&self) -> String {
            format!("{self:?}")
        }
    }
    let shown: [Ref<'_, dyn Show>; 2] = [Ref::new(&1), Ref::new(&"x")];
    assert_eq!(shown.map(|one| one.twice()), ["11", "\"x\"\"x\""]);
}

#[test]
fn a_generic_function_makes_references_to_its_own_types() {
    #[thin_dyn]
    trait Len {
        fn len(&self) -> usize;
        fn grow(&mut self);
    }
    impl<T: Clone> Len for Vec<T> {
        fn len(&self) -> usize {
            self.len()
        }
        fn grow(&mut self) {
            let all = self.clone();
            self.extend(all);
        }
    }
    fn grown<T: Clone>(mut items: Vec<T>) -> usize {
        let mut len: RefMut<'_, dyn Len> = RefMut::new(&mut items);
        len.grow();
        len.len()
    }
    let text = String::from("borrowed");
    assert_eq!(
        (grown(vec![1, 2]), grown(vec![&*text]), grown(vec![()])),
        (4, 2, 2)
    );
}
