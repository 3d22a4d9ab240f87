//! Hosts: several inputs on one, and generic ones.

use salvia::{Input, InputAccess, QueryContext, query};

use crate::kit::{counted, ran, runtime, soon};

#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
struct Page;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Title(String);

impl Input<Title> for Page {
    fn initial(&self) -> Title {
        Title(String::new())
    }
}

/// The second input of the same host.
impl Input<Vec<u8>> for Page {
    fn initial(&self) -> Vec<u8> {
        Vec::new()
    }
}

#[query]
async fn title_length(cx: &QueryContext) -> usize {
    ran(cx, "title_length");
    Page.get::<Title>(cx).await.0.len()
}

/// Inference, annotation and a turbofish choose among the values of one host, and they never mix.
#[tokio::test]
async fn the_inputs_of_one_host_are_apart() {
    soon(async {
        let (rt, counts) = counted();
        let ask = |cx: QueryContext| async move { title_length(&cx).await };
        assert_eq!(rt.query(ask).await, 0);
        rt.mutate(|cx| async move { Page.set(vec![1u8, 2], &cx).await })
            .await;
        rt.query(|cx| async move {
            let bytes: Vec<u8> = Page.get(&cx).await;
            assert_eq!(bytes, [1, 2]);
            assert_eq!(Page.get::<Title>(&cx).await, Title(String::new()));
        })
        .await;
        assert_eq!(rt.query(ask).await, 0);
        assert_eq!(
            counts.of("title_length"),
            1,
            "the other input of the host is another input"
        );
    })
    .await;
}

/// Generic hosts, whose parameters need no traits the derive would put there.
#[tokio::test]
async fn a_generic_host_hosts_inputs() {
    #[derive(InputAccess)]
    struct Field<T, const N: usize>([u8; N], std::marker::PhantomData<fn() -> T>)
    where
        T: ?Sized;

    impl<T: ?Sized, const N: usize> Field<T, N> {
        fn new() -> Self {
            Self([0; N], std::marker::PhantomData)
        }
    }
    impl<T: ?Sized, const N: usize> Clone for Field<T, N> {
        fn clone(&self) -> Self {
            Self::new()
        }
    }
    impl<T: ?Sized, const N: usize> PartialEq for Field<T, N> {
        fn eq(&self, _: &Self) -> bool {
            true
        }
    }
    impl<T: ?Sized, const N: usize> Eq for Field<T, N> {}
    impl<T: ?Sized, const N: usize> std::hash::Hash for Field<T, N> {
        fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
    }
    impl<T: ?Sized + 'static, const N: usize> Input<usize> for Field<T, N> {
        fn initial(&self) -> usize {
            self.0.len()
        }
    }
    soon(async {
        let rt = runtime();
        rt.mutate(|cx| async move { Field::<str, 2>::new().set(70, &cx).await })
            .await;
        rt.query(|cx| async move {
            assert_eq!(Field::<str, 2>::new().get(&cx).await, 70);
            assert_eq!(Field::<str, 3>::new().get(&cx).await, 3);
            assert_eq!(Field::<[u8], 2>::new().get(&cx).await, 2);
        })
        .await;
    })
    .await;
}
