//! What the references themselves do.

use salvia_thin::{DynTrait, Object, Ref, RefMut, Upcast, thin_dyn};

#[thin_dyn]
trait Number {
    fn get(&self) -> u32;
    fn set(&mut self, to: u32);
}
impl Number for u32 {
    fn get(&self) -> u32 {
        *self
    }
    fn set(&mut self, to: u32) {
        *self = to;
    }
}
impl Number for [u32; 1] {
    fn get(&self) -> u32 {
        self[0]
    }
    fn set(&mut self, to: u32) {
        self[0] = to;
    }
}

#[test]
fn shared_references_are_copied() {
    fn is_copy<T: Copy + Clone>(_: &T) {}
    let one: Ref<'_, dyn Number> = Ref::new(&1);
    is_copy(&one);
    let (copy, clone) = (one, Clone::clone(&one));
    assert_eq!((one.get(), copy.get(), clone.get()), (1, 1, 1));
}

#[test]
fn an_exclusive_reference_lends_itself() {
    let mut value = 1;
    let mut number: RefMut<'_, dyn Number> = RefMut::new(&mut value);
    {
        let mut inner = number.as_mut();
        inner.set(2);
        let next = inner.get() + 1;
        inner.as_mut().set(next);
    }
    let (a, b) = (number.as_ref(), number.as_ref());
    assert_eq!((a.get(), b.get()), (3, 3));
    number.set(4);
    assert_eq!(value, 4);
}

#[test]
fn an_exclusive_reference_becomes_a_shared_one_for_its_whole_lifetime() {
    fn shared<'a>(number: RefMut<'a, dyn Number>) -> Ref<'a, dyn Number> {
        Ref::from(number)
    }
    let mut value = 6;
    let number = shared(RefMut::new(&mut value));
    let copy: Ref<'_, dyn Number> = number;
    assert_eq!(number.get() + copy.get(), 12);
}

#[test]
fn markers_are_removed_one_by_one() {
    let all: Ref<'_, dyn Number + Send + Sync> = Ref::new(&7);
    let sync: Ref<'_, dyn Number + Sync> = all.remove_send();
    let send: Ref<'_, dyn Number + Send> = all.remove_sync();
    let none: [Ref<'_, dyn Number>; 2] = [sync.remove_sync(), send.remove_send()];
    assert!(none.iter().all(|number| number.get() == 7));

    let mut value = 1;
    let all: RefMut<'_, dyn Number + Send + Sync> = RefMut::new(&mut value);
    let mut none: RefMut<'_, dyn Number> = all.remove_send().remove_sync();
    none.set(8);
    let all: RefMut<'_, dyn Number + Send + Sync> = RefMut::new(&mut value);
    let mut none: RefMut<'_, dyn Number> = all.remove_sync().remove_send();
    let next = none.get() + 1;
    none.set(next);
    assert_eq!(value, 9);
}

struct Pair<'a, T: ?Sized + DynTrait> {
    left: Ref<'a, T>,
    right: Ref<'a, T>,
}

impl<'a, T: ?Sized + DynTrait> Pair<'a, T> {
    fn of<A, B>(left: &'a A, right: &'a B) -> Self
    where
        T: Upcast<A> + Upcast<B>,
    {
        Self {
            left: Ref::new(left),
            right: Ref::new(right),
        }
    }

    fn sum(&self) -> u32
    where
        Object<T>: Number,
    {
        self.left.get() + self.right.get()
    }
}

#[test]
fn a_generic_struct_holds_references_to_any_thin_object() {
    assert_eq!(Pair::<dyn Number>::of(&1, &[2]).sum(), 3);
    assert_eq!(Pair::<dyn Number + Send + Sync>::of(&[3], &4).sum(), 7);
}

struct Console;

#[thin_dyn]
trait Log {
    fn log(&self, line: &str) -> usize;
}
impl Log for Console {
    fn log(&self, line: &str) -> usize {
        line.len()
    }
}

#[test]
fn references_are_made_in_statics() {
    static CONSOLE: Console = Console;
    static LOGS: [Ref<'static, dyn Log + Sync>; 2] = [Ref::new(&CONSOLE), Ref::new(&Console)];
    const LOG: Ref<'static, dyn Log> = Ref::new(&Console);
    assert_eq!(LOGS[0].log("a") + LOGS[1].log("bc") + LOG.log("def"), 6);
}

#[test]
fn an_owner_gives_a_reference_without_knowing_the_type() {
    use std::any::Any;

    struct Owner {
        value: Box<dyn Any>,
        view: fn(&dyn Any) -> Ref<'_, dyn Log>,
    }
    fn view<L: Log + 'static>(any: &dyn Any) -> Ref<'_, dyn Log> {
        Ref::new(any.downcast_ref::<L>().expect("made together"))
    }
    let owner = Owner {
        value: Box::new(Console),
        view: view::<Console>,
    };
    assert_eq!((owner.view)(&*owner.value).log("four"), 4);
}
