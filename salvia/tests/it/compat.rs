//! Programs in the shape of salvia 0.1: how a runtime is made, asked and mutated, and where the names live.

use std::cell::Cell;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::kit::{Slot, panic_text, put, soon};

/// The layout of a small 0.1 program, with the names imported from their old modules.
mod old_paths {
    pub(super) use salvia::node::input::{Input, InputAccess};
    pub(super) use salvia::node::query::query;
    pub(super) use salvia::runtime::{InputContext, QueryContext, Runtime};

    #[derive(Debug, Copy, Clone, Eq, PartialEq, Hash, InputAccess)]
    pub(super) enum Room {
        Kitchen,
        Attic,
    }

    #[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash)]
    pub(super) struct Degrees(pub(super) i32);

    impl Input<Degrees> for Room {
        fn initial(&self) -> Degrees {
            Degrees(18)
        }
    }

    #[query]
    pub(super) async fn warmest(cx: &QueryContext) -> Option<Room> {
        let kitchen: Degrees = Room::Kitchen.get(cx).await;
        let attic: Degrees = Room::Attic.get(cx).await;
        if kitchen == attic {
            None
        } else {
            Some(if kitchen > attic {
                Room::Kitchen
            } else {
                Room::Attic
            })
        }
    }
}

use old_paths::{Degrees, Room, warmest};

#[tokio::test]
async fn a_program_of_0_1_gives_its_answers() {
    soon(async {
        let rt = salvia::Runtime::new().await;
        assert_eq!(rt.query(|cx| async move { warmest(&cx).await }).await, None);

        rt.mutate(|cx| async move {
            Room::Attic.set(Degrees(31), &cx).await;
        })
        .await;
        assert_eq!(
            rt.query(|cx| async move { warmest(&cx).await }).await,
            Some(Room::Attic)
        );
    })
    .await;
}

/// The closures of newer Rust do as well.
#[tokio::test]
async fn async_closures_are_accepted() {
    soon(async {
        let rt = salvia::Runtime::new().await;
        rt.mutate(async |cx| Room::Kitchen.set(Degrees(25), &cx).await)
            .await;
        assert_eq!(
            rt.query(async |cx| warmest(&cx).await).await,
            Some(Room::Kitchen)
        );
    })
    .await;
}

/// A program may write the types of the contexts, through either path.
#[tokio::test]
async fn the_old_module_paths_name_the_same_types() {
    soon(async {
        let rt = old_paths::Runtime::new().await;
        rt.mutate(|cx: salvia::InputContext| async move {
            let cx: old_paths::InputContext = cx;
            Room::Kitchen.set(Degrees(20), &cx).await;
        })
        .await;
        let seen = rt
            .query(|cx: salvia::QueryContext| async move {
                let cx: old_paths::QueryContext = cx;
                warmest(&cx).await
            })
            .await;
        assert_eq!(seen, Some(Room::Kitchen));
    })
    .await;
}

/// The future of a closure need not be `Send`, and may hold what is not over an await.
#[tokio::test]
async fn the_future_of_a_closure_need_not_be_send() {
    soon(async {
        let rt = salvia::Runtime::new().await;
        let steps = Rc::new(Cell::new(0));
        let seen = steps.clone();
        rt.mutate(|cx| async move {
            Slot(1).set(4, &cx).await;
            seen.set(seen.get() + 1);
        })
        .await;
        let seen = steps.clone();
        let answer = rt
            .query(|cx| async move {
                let value: i64 = Slot(1).get(&cx).await;
                seen.set(seen.get() + 1);
                value
            })
            .await;
        assert_eq!((answer, steps.get()), (4, 2));
    })
    .await;
}

/// There is no bound on what a closure returns.
#[tokio::test]
async fn a_closure_returns_what_it_likes() {
    soon(async {
        let rt = salvia::Runtime::new().await;
        let cell: Rc<Cell<f64>> = rt.query(|_cx| async move { Rc::new(Cell::new(0.5)) }).await;
        assert_eq!(cell.get(), 0.5);
        let nothing: Result<(), std::fmt::Error> =
            rt.mutate(|_cx| async move { Err(std::fmt::Error) }).await;
        assert!(nothing.is_err());
        // The closure may borrow from where it stands.
        let word = String::from("borrowed");
        let length = rt.query(|_cx| async { word.len() }).await;
        assert_eq!(length, word.len());
    })
    .await;
}

/// `?` inside a closure, as the derivative program uses it.
#[tokio::test]
async fn a_closure_may_leave_early_with_a_question_mark() {
    soon(async {
        let rt = salvia::Runtime::new().await;
        let left = rt
            .query(|cx| async move {
                warmest(&cx).await?;
                panic!("no room is warmer than the other");
                #[expect(unreachable_code, reason = "it gives the closure its type")]
                Some(())
            })
            .await;
        assert_eq!(left, None);
    })
    .await;
}

#[tokio::test]
async fn new_is_ready_at_its_first_poll() {
    let mut made = Box::pin(salvia::Runtime::new());
    let Poll::Ready(rt) = made.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("making a runtime waits for something");
    };
    assert_eq!(
        soon(rt.query(|cx| async move { warmest(&cx).await })).await,
        None
    );
}

#[test]
fn a_runtime_can_be_made_outside_of_tokio() {
    let tokio = tokio::runtime::Runtime::new().expect("threads can be had");
    let rt = salvia::Runtime::with_tokio(&tokio);
    tokio.block_on(soon(async move {
        put(&rt, 3, 7).await;
        assert_eq!(
            rt.query(|cx| async move { Slot(3).get(&cx).await }).await,
            7
        );
    }));
}

#[test]
fn a_runtime_built_with_a_handle_needs_no_context() {
    let tokio = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a thread is there");
    let rt = salvia::Runtime::builder()
        .tokio(tokio.handle().clone())
        .build();
    assert_eq!(
        tokio.block_on(soon(rt.query(|cx| async move { warmest(&cx).await }))),
        None
    );
}

#[test]
fn without_tokio_making_a_runtime_panics_and_says_why() {
    let text = futures::executor::block_on(panic_text(salvia::Runtime::new()));
    assert!(text.to_lowercase().contains("tokio"), "{text:?}");
}

#[tokio::test]
async fn runtime_and_contexts_are_debug() {
    soon(async {
        let rt = salvia::Runtime::new().await;
        assert!(format!("{rt:?}").contains("Runtime"));
        let shown = rt.query(|cx| async move { format!("{cx:?}") }).await;
        assert!(shown.contains("QueryContext"), "{shown}");
        let shown = rt.mutate(|cx| async move { format!("{cx:?}") }).await;
        assert!(shown.contains("InputContext"), "{shown}");
        assert!(!format!("{:?}", rt.snapshot()).is_empty());
    })
    .await;
}

/// The shortcut holds for exactly what the five traits hold for, under every feature.
#[tokio::test]
async fn stashable_asks_for_nothing_but_its_five_traits() {
    fn stashable<T: salvia::Stashable>(value: &T) -> T {
        fn the_five<T: Clone + Eq + Send + Sync + 'static>(value: &T) -> T {
            value.clone()
        }
        the_five(value)
    }
    fn the_five_suffice<T: Clone + Eq + Send + Sync + 'static>(value: &T) -> T {
        stashable(value)
    }
    /// Neither `Debug` nor `Hash`: a feature that asked for more would not compile this.
    #[derive(Clone, PartialEq, Eq)]
    struct Mute(u8);
    assert!(the_five_suffice(&Mute(3)) == Mute(3));

    #[derive(Clone, Copy, PartialEq, Eq, Hash, salvia::InputAccess)]
    struct Speaker;
    impl salvia::Input<Mute> for Speaker {
        fn initial(&self) -> Mute {
            Mute(1)
        }
    }
    #[salvia::query]
    async fn listen(cx: &salvia::QueryContext) -> Mute {
        Speaker.get(cx).await
    }
    let rt = salvia::Runtime::new().await;
    let heard = soon(rt.query(|cx| async move { listen(&cx).await })).await;
    assert!(heard == Mute(1));
}

/// The trait is there for every input, so a library needs no inherent methods of its user.
#[cfg(feature = "async-trait")]
#[tokio::test]
async fn the_trait_gives_access_to_every_input() {
    use salvia::{Input, InputAccess};

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    struct Plain;
    impl Input<u8> for Plain {
        fn initial(&self) -> u8 {
            9
        }
    }
    async fn bump<H: InputAccess<u8> + Copy>(host: H, rt: &std::sync::Arc<salvia::Runtime>) -> u8 {
        let before = rt.query(|cx| async move { host.get(&cx).await }).await;
        rt.mutate(|cx| async move { host.set(before + 1, &cx).await })
            .await;
        rt.query(|cx| async move { host.get(&cx).await }).await
    }
    let rt = salvia::Runtime::new().await;
    assert_eq!(soon(bump(Plain, &rt)).await, 10);
}
