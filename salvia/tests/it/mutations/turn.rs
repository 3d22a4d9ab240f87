//! What a mutation does once it has let go of its turn.

use std::cell::RefCell;

use salvia::{Input, InputAccess};

use crate::kit::{counted, put, soon};

thread_local! {
    /// What the next drop of a [`Dropped`] does first.
    static ON_DROP: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

#[derive(Clone, PartialEq, Eq)]
struct Dropped(i64);

impl Drop for Dropped {
    fn drop(&mut self) {
        if let Some(first) = ON_DROP.take() {
            first();
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Holder;

impl Input<Dropped> for Holder {
    fn initial(&self) -> Dropped {
        Dropped(0)
    }
}

/// Another commit that comes as soon as the turn is free is none of its.
#[tokio::test]
async fn a_mutation_of_nothing_pins_the_revision_it_found() {
    soon(async {
        let (rt, _) = counted();
        rt.mutate(async |cx| Holder.set(Dropped(1), &cx).await)
            .await;
        let other = rt.clone();
        let (found, pinned) = rt
            .mutate_pinned(async |cx| {
                Holder.set(Dropped(1), &cx).await;
                ON_DROP.set(Some(Box::new(move || {
                    futures::executor::block_on(put(&other, 1, 1));
                })));
                cx.revision()
            })
            .await;
        assert!(rt.revision() > found, "the other one has committed");
        assert_eq!(pinned.revision(), found);
    })
    .await;
}
