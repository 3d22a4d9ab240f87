//! The smallest program: two inputs, a query over a query, and what runs again when an input changes.

use salvia::{Input, InputAccess, QueryContext, Runtime, query};

/// A host of an input: one stored value for each shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
enum Shelf {
    Salt,
    Pepper,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Jars(u32);

impl Input<Jars> for Shelf {
    fn initial(&self) -> Jars {
        Jars(0)
    }
}

/// Runs again only when the number of jars on this shelf has changed.
#[query]
async fn is_short(shelf: Shelf, cx: &QueryContext) -> bool {
    let Jars(jars) = shelf.get(cx).await;
    jars < 3
}

/// Runs again only when one of the two answers has changed: a fourth jar of salt changes nothing here.
#[query]
async fn shopping_list(cx: &QueryContext) -> Vec<Shelf> {
    let mut list = Vec::new();
    for shelf in [Shelf::Salt, Shelf::Pepper] {
        if is_short(shelf, cx).await {
            list.push(shelf);
        }
    }
    list
}

// The test suite runs this program as well, which is why it can be called from there.
#[tokio::main]
pub(crate) async fn main() {
    let rt = Runtime::new().await;

    // All changes of one mutation become visible together.
    rt.mutate(|cx| async move {
        Shelf::Salt.set(Jars(3), &cx).await;
        Shelf::Pepper.set(Jars(1), &cx).await;
    })
    .await;
    let list = rt.query(|cx| async move { shopping_list(&cx).await }).await;
    assert_eq!(list, [Shelf::Pepper]);

    // `is_short(Salt)` runs and gives what it gave before, so `shopping_list()` does not.
    rt.mutate(async |cx| Shelf::Salt.set(Jars(4), &cx).await)
        .await;
    let list = rt.query(async |cx| shopping_list(&cx).await).await;
    assert_eq!(list, [Shelf::Pepper]);
    println!("to buy: {list:?}");
}
