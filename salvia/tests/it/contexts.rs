//! Input contexts end with their closure, whoever keeps them.

use crate::kit::{Gate, Slot, panic_text, put, runtime, soon};

/// A context that outlives its closure is refused, and does not keep the writers' turn.
#[tokio::test]
async fn an_input_context_that_outlives_its_closure_panics() {
    fn names_the_context(text: &str) {
        let text = text.to_lowercase();
        assert!(
            text.contains("context") || text.contains("mutat"),
            "{text:?}"
        );
    }
    soon(async {
        let rt = runtime();
        let old = rt.mutate(|cx| async move { cx }).await;
        put(&rt, 1, 5).await;
        names_the_context(&panic_text(async { Slot(1).set(6, &old).await }).await);
        names_the_context(&panic_text(async { Slot(1).get(&old).await }).await);
        names_the_context(
            &panic_text(async { old.update(Slot(1), |v: &mut i64| *v += 1).await }).await,
        );
        names_the_context(&panic_text(async { old.unset::<i64>(Slot(1)).await }).await);
        assert_eq!(
            rt.query(|cx| async move { Slot(1).get(&cx).await }).await,
            5
        );
    })
    .await;
}

/// The same of one that a task kept beyond the commit.
#[tokio::test]
async fn a_task_that_keeps_the_context_cannot_write_after_the_commit() {
    soon(async {
        let rt = runtime();
        let gate = Gate::default();
        #[expect(
            clippy::async_yields_async,
            reason = "the task is to outlive the closure that began it"
        )]
        let late = rt.mutate(|cx| {
            let gate = gate.clone();
            async move {
                Slot(1).set(1, &cx).await;
                tokio::spawn(async move {
                    gate.pass().await;
                    Slot(1).set(2, &cx).await;
                })
            }
        });
        let late = late.await;
        gate.open();
        assert!(late.await.expect_err("it wrote too late").is_panic());
        assert_eq!(
            rt.query(|cx| async move { Slot(1).get(&cx).await }).await,
            1
        );
    })
    .await;
}
