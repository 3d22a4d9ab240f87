//! A chess evening, written to the interface of salvia 0.1: who leads after every change to the results.
//!
//! The players and the results are inputs; a result is hosted on the pair of players. Points and the leader are queries.

use std::collections::BTreeSet;

use salvia::{Input, InputAccess, QueryContext, Runtime, query};

#[derive(Debug, Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Player(&'static str);

const ADA: Player = Player("Ada");
const BORIS: Player = Player("Boris");
const CHEN: Player = Player("Chen");

/// Everybody plays everybody twice: `Game(a, b)` is the one in which `a` has white.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash, InputAccess)]
struct Game(Player, Player);

/// The end of a game, seen from white.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
enum Ending {
    NotYet,
    White,
    Black,
    Draw,
}

impl Input<Ending> for Game {
    fn initial(&self) -> Ending {
        Ending::NotYet
    }
}

impl Ending {
    /// What white and black get for it.
    fn points(self) -> (u32, u32) {
        match self {
            Ending::NotYet => (0, 0),
            Ending::White => (2, 0),
            Ending::Black => (0, 2),
            Ending::Draw => (1, 1),
        }
    }
}

#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash, InputAccess)]
struct Evening;

type Players = BTreeSet<Player>;

impl Input<Players> for Evening {
    fn initial(&self) -> Players {
        Players::new()
    }
}

impl Player {
    /// Points from both games against one opponent.
    #[query]
    async fn points_against(self, other: Player, cx: &QueryContext) -> u32 {
        let as_white: Ending = Game(self, other).get(cx).await;
        let as_black: Ending = Game(other, self).get(cx).await;
        as_white.points().0 + as_black.points().1
    }

    #[query]
    async fn points(self, cx: &QueryContext) -> u32 {
        let players: Players = Evening.get(cx).await;
        let mut sum = 0;
        for other in players.into_iter().filter(|other| *other != self) {
            sum += self.points_against(other, cx).await;
        }
        sum
    }

    /// Whoever reports a game against themselves is out.
    #[query]
    async fn is_out(self, cx: &QueryContext) -> bool {
        Game(self, self).get(cx).await != Ending::NotYet
    }
}

impl Evening {
    /// The one player with the most points, if there is one.
    #[query]
    async fn leader(self, cx: &QueryContext) -> Option<Player> {
        let players: Players = self.get(cx).await;
        let mut table = Vec::new();
        for player in players {
            if !player.is_out(cx).await {
                table.push((player.points(cx).await, player));
            }
        }
        table.sort();
        match table.as_slice() {
            [.., (second, _), (first, _)] if first == second => None,
            [.., (_, player)] => Some(*player),
            [] => None,
        }
    }
}

/// The leader, and the points of all three.
async fn standing(rt: &std::sync::Arc<Runtime>) -> (Option<Player>, [u32; 3]) {
    rt.query(|cx| async move {
        let points = [
            ADA.points(&cx).await,
            BORIS.points(&cx).await,
            CHEN.points(&cx).await,
        ];
        (Evening.leader(&cx).await, points)
    })
    .await
}

// The test suite runs this program as well, which is why it can be called from there.
#[tokio::main]
pub(crate) async fn main() {
    let rt = Runtime::new().await;

    // 1. Nobody is there.
    assert_eq!(standing(&rt).await, (None, [0, 0, 0]));

    // 2. They have come, and two games are over.
    rt.mutate(|cx| async move {
        Evening.set(Players::from([ADA, BORIS, CHEN]), &cx).await;
        Game(ADA, BORIS).set(Ending::White, &cx).await;
        Game(BORIS, ADA).set(Ending::Draw, &cx).await;
    })
    .await;
    assert_eq!(standing(&rt).await, (Some(ADA), [3, 1, 0]));

    // 3. Chen wins with white and draws with black: level with Ada, so nobody leads.
    rt.mutate(|cx| async move {
        Game(CHEN, BORIS).set(Ending::White, &cx).await;
        Game(BORIS, CHEN).set(Ending::Draw, &cx).await;
    })
    .await;
    assert_eq!(standing(&rt).await, (None, [3, 2, 3]));

    // 4. Chen beats Ada with black.
    rt.mutate(|cx| async move { Game(ADA, CHEN).set(Ending::Black, &cx).await })
        .await;
    assert_eq!(standing(&rt).await, (Some(CHEN), [3, 2, 5]));

    // 5. A game against oneself is no game: Chen is out, and Ada leads again.
    rt.mutate(|cx| async move { Game(CHEN, CHEN).set(Ending::White, &cx).await })
        .await;
    assert_eq!(standing(&rt).await, (Some(ADA), [3, 2, 5]));

    // 6. Chen explains the slip of the pen, and the first game turns out to have been a draw.
    rt.mutate(|cx| async move {
        Game(CHEN, CHEN).set(Ending::NotYet, &cx).await;
        Game(ADA, BORIS).set(Ending::Draw, &cx).await;
    })
    .await;
    assert_eq!(standing(&rt).await, (Some(CHEN), [2, 3, 5]));
    println!("Chen wins the evening");
}
