//! Which nodes are drawn, where all would be too many: a few that hang together, chosen for being interesting.

use std::cmp::Reverse;
use std::collections::{HashSet, VecDeque};

use salvia::NodeKind;

use crate::picture::Picture;

/// Nodes that are drawn at most.
const DRAWN: usize = 240;

/// The same around one node, so that their names can be read.
const AROUND: usize = 80;

/// Of one node's links so many are followed: one with thousands must not take the place of all others.
const FOLLOWED: usize = 24;

/// The same around one node, but for that itself.
const FOLLOWED_AROUND: usize = 6;

/// The part of the drawn that is given to what ran last.
const RECENT: usize = DRAWN / 4;

/// The places of the nodes to be drawn, in the order of the picture. Around `focus`, if that is given.
pub(crate) fn sample(picture: &Picture, focus: Option<usize>) -> Vec<usize> {
    let mut chosen = HashSet::new();
    match focus {
        Some(focus) => around(&mut chosen, picture, focus),
        None if picture.nodes.len() <= DRAWN => chosen.extend(0..picture.nodes.len()),
        None => {
            recent(&mut chosen, picture);
            below(&mut chosen, picture, tops(picture));
        }
    }
    let mut places: Vec<usize> = chosen.into_iter().collect();
    places.sort_unstable();
    places
}

/// Nodes nobody reads, those first that read most.
fn tops(picture: &Picture) -> Vec<usize> {
    let is_top = |place: &usize| {
        picture.readers.of(*place).is_empty() && picture.nodes[*place].kind != NodeKind::Input
    };
    let mut tops: Vec<usize> = (0..picture.nodes.len()).filter(is_top).collect();
    tops.sort_by_key(|&place| {
        Reverse((picture.reads.of(place).len(), picture.tallies[place].runs))
    });
    tops.truncate(DRAWN);
    tops
}

/// What ran last, and what was set last, each with one path up to what depends on it.
fn recent(chosen: &mut HashSet<usize>, picture: &Picture) {
    let tallies = &picture.tallies;
    let mut ran: Vec<usize> = (0..tallies.len())
        .filter(|&place| tallies[place].change > 0)
        .collect();
    ran.sort_by_key(|&place| Reverse(tallies[place].change));
    for place in ran {
        let mut next = Some(place);
        // A place that was there already also ends a walk around a cycle.
        while let Some(place) = next.filter(|&place| chosen.insert(place)) {
            if chosen.len() >= RECENT {
                return;
            }
            next = picture.readers.of(place).first().copied();
        }
    }
}

/// Breadth first from some nodes to what they read.
fn below(chosen: &mut HashSet<usize>, picture: &Picture, from: Vec<usize>) {
    let reads = |place| picture.reads.of(place).iter().take(FOLLOWED).copied();
    spread(chosen, DRAWN, from, reads);
}

/// Breadth first from one node to what it reads and to who reads it, and so on.
fn around(chosen: &mut HashSet<usize>, picture: &Picture, focus: usize) {
    let near = |place| {
        let most = match place == focus {
            true => FOLLOWED,
            false => FOLLOWED_AROUND,
        };
        let (reads, readers) = (picture.reads.of(place), picture.readers.of(place));
        let near = readers.iter().take(most).chain(reads.iter().take(most));
        near.copied()
    };
    spread(chosen, AROUND, vec![focus], near);
}

/// Adds nodes, breadth first from some, until there are so many.
fn spread<N: Iterator<Item = usize>>(
    chosen: &mut HashSet<usize>,
    most: usize,
    from: Vec<usize>,
    near: impl Fn(usize) -> N,
) {
    let mut met: HashSet<usize> = from.iter().copied().collect();
    let mut next = VecDeque::from(from);
    while let Some(place) = next.pop_front().filter(|_| chosen.len() < most) {
        chosen.insert(place);
        next.extend(near(place).filter(|&place| met.insert(place)));
    }
}
