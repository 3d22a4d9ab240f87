//! What a call through a thin reference does.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use salvia_thin::{Ref, RefMut, thin_dyn};

#[thin_dyn]
trait Account {
    fn balance(&self) -> i64;
    fn pay(&mut self, amount: i64);
    fn pay_twice(&mut self, amount: i64) {
        self.pay(amount);
        self.pay(amount);
    }
    fn currency(&self) -> &'static str {
        "EUR"
    }
}

impl Account for i64 {
    fn balance(&self) -> i64 {
        *self
    }
    fn pay(&mut self, amount: i64) {
        *self += amount;
    }
}

struct Dollars {
    cents: i64,
}

impl Account for Dollars {
    fn balance(&self) -> i64 {
        self.cents / 100
    }
    fn pay(&mut self, amount: i64) {
        self.cents += amount * 100;
    }
    fn pay_twice(&mut self, amount: i64) {
        self.cents += amount * 200 + 1;
    }
    fn currency(&self) -> &'static str {
        "USD"
    }
}

#[test]
fn methods_are_called_directly_on_the_reference() {
    let account: Ref<'_, dyn Account> = Ref::new(&7_i64);
    assert_eq!(account.balance(), 7);
    let mut balance = 7_i64;
    let mut account: RefMut<'_, dyn Account> = RefMut::new(&mut balance);
    account.pay(3);
    assert_eq!(account.balance(), 10);
    assert_eq!(balance, 10);
}

#[test]
fn a_default_is_used_where_it_is_not_overridden_and_only_there() {
    let (mut euros, mut dollars) = (1, Dollars { cents: 100 });
    for (mut account, balance, currency) in [
        (RefMut::<dyn Account>::new(&mut euros), 5, "EUR"),
        (RefMut::new(&mut dollars), 5, "USD"),
    ] {
        account.pay_twice(2);
        assert_eq!((account.balance(), account.currency()), (balance, currency));
    }
    assert_eq!((euros, dollars.cents), (5, 501));
}

#[test]
fn one_variable_holds_values_of_several_types_in_turn() {
    let dollars = Dollars { cents: 250 };
    let mut account: Ref<'_, dyn Account> = Ref::new(&1_i64);
    assert_eq!((account.balance(), account.currency()), (1, "EUR"));
    account = Ref::new(&dollars);
    assert_eq!((account.balance(), account.currency()), (2, "USD"));
    account = Ref::new(&3_i64);
    assert_eq!((account.balance(), account.currency()), (3, "EUR"));
}

#[test]
fn the_trait_remains_an_ordinary_one() {
    let mut boxed: Box<dyn Account> = Box::new(Dollars { cents: 0 });
    boxed.pay_twice(1);
    assert_eq!(boxed.balance(), 2);
    let ordinary: &dyn Account = &4_i64;
    assert_eq!(ordinary.balance(), 4);
    fn generic(account: impl Account) -> i64 {
        account.balance()
    }
    assert_eq!(generic(5), 5);
}

#[test]
fn an_object_is_passed_to_code_that_is_generic_over_the_trait() {
    fn settle(account: &mut (impl Account + ?Sized)) -> i64 {
        account.pay(-account.balance());
        account.balance()
    }
    let mut balance = 9;
    let mut account: RefMut<'_, dyn Account> = RefMut::new(&mut balance);
    assert_eq!(settle(&mut *account), 0);
    assert_eq!(balance, 0);
}

#[thin_dyn]
trait Tag {}
impl Tag for u8 {}

#[test]
fn a_trait_without_methods_has_objects() {
    let mut value = 1_u8;
    let tags: [Ref<'_, dyn Tag>; 2] = [Ref::new(&1_u8), Ref::from(RefMut::new(&mut value))];
    assert_eq!(tags.len(), 2);
}

#[thin_dyn]
trait Only {
    fn only(&mut self) -> u8;
}
impl Only for u8 {
    fn only(&mut self) -> u8 {
        *self += 1;
        *self
    }
}
impl Only for [u8; 3] {
    fn only(&mut self) -> u8 {
        self.rotate_left(1);
        self[0]
    }
}

#[test]
fn a_single_method_is_called() {
    let (mut number, mut ring) = (1, [1, 5, 9]);
    let mut only: RefMut<'_, dyn Only> = RefMut::new(&mut number);
    assert_eq!((only.only(), only.only()), (2, 3));
    only = RefMut::new(&mut ring);
    assert_eq!((only.only(), only.only()), (5, 9));
}

#[thin_dyn]
trait First {
    fn name(&self) -> &'static str;
    fn other(&self) -> u8;
}
#[thin_dyn]
trait Second {
    fn other(&self) -> u16;
    fn name(&self) -> &'static str;
}
impl First for u8 {
    fn name(&self) -> &'static str {
        "first"
    }
    fn other(&self) -> u8 {
        1
    }
}
impl Second for u8 {
    fn other(&self) -> u16 {
        2
    }
    fn name(&self) -> &'static str {
        "second"
    }
}

#[test]
fn two_traits_with_methods_of_one_name_do_not_interfere() {
    let first: Ref<'_, dyn First> = Ref::new(&0_u8);
    let second: Ref<'_, dyn Second> = Ref::new(&0_u8);
    assert_eq!((first.name(), first.other()), ("first", 1));
    assert_eq!((second.name(), second.other()), ("second", 2));
}

#[thin_dyn]
trait Count {
    fn count(&self) -> u32;
    fn calls(&self) -> u32;
}
impl Count for Cell<u32> {
    fn count(&self) -> u32 {
        self.set(self.get() + 1);
        self.get()
    }
    fn calls(&self) -> u32 {
        self.get()
    }
}

#[test]
fn a_shared_reference_changes_what_is_in_a_cell() {
    let cell = Cell::new(0);
    let count: Ref<'_, dyn Count> = Ref::new(&cell);
    let again = count;
    assert_eq!((count.count(), again.count(), count.calls()), (1, 2, 2));
    assert_eq!(cell.get(), 2);
}

#[thin_dyn]
trait Store {
    fn swap(&mut self, new: String) -> String;
    fn keep(&mut self, kept: (Rc<()>, [Rc<()>; 3]), beside: u8) -> Option<Rc<()>>;
}
impl Store for String {
    fn swap(&mut self, new: String) -> String {
        std::mem::replace(self, new)
    }
    fn keep(&mut self, kept: (Rc<()>, [Rc<()>; 3]), _beside: u8) -> Option<Rc<()>> {
        self.push('k');
        Some(kept.0)
    }
}

#[test]
fn what_is_passed_by_value_is_moved_and_dropped_once() {
    let mut text = "old".to_owned();
    let mut store: RefMut<'_, dyn Store> = RefMut::new(&mut text);
    assert_eq!(store.swap("new".to_owned()), "old");

    let counted = Rc::new(());
    let kept = (counted.clone(), [(); 3].map(|()| counted.clone()));
    assert_eq!(Rc::strong_count(&counted), 5);
    let back = store.keep(kept, 1);
    assert_eq!(Rc::strong_count(&counted), 2);
    drop(back);
    assert_eq!(Rc::strong_count(&counted), 1);
    assert_eq!(text, "newk");
}

#[thin_dyn]
trait Fragile {
    fn break_down(&mut self, with: Rc<()>) -> u8;
    fn times(&self) -> u8;
}
impl Fragile for u8 {
    fn break_down(&mut self, _with: Rc<()>) -> u8 {
        *self += 1;
        panic!("broken {self} times")
    }
    fn times(&self) -> u8 {
        *self
    }
}

#[test]
fn a_panic_in_a_method_unwinds_through_the_call() {
    let (mut times, passed) = (0_u8, Rc::new(()));
    let mut fragile: RefMut<'_, dyn Fragile> = RefMut::new(&mut times);
    let caught = catch_unwind(AssertUnwindSafe(|| fragile.break_down(passed.clone())));
    let message = caught.unwrap_err().downcast::<String>().unwrap();
    assert_eq!(*message, "broken 1 times");
    assert_eq!(fragile.times(), 1);
    assert_eq!(Rc::strong_count(&passed), 1);
}
