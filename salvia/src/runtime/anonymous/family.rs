//! Families: which anonymous nodes were called in which body, and which inputs are hosted on their ids.
//!
//! A member is a call id, with the nodes that have it (one for each input there was) and the inputs that belong to it. It is
//! listed as long as it has any of them, and its id known as long as somebody has it (`faint`). Families are found by the hash of the parent's id and members by that of their own;
//! ids are compared outside the lock, since slots are user code, so whatever comes of a comparison is done under the lock
//! only if nothing has come in between. Under the lock an id is told by its address.

use crate::node::edge::Edge;
use crate::runtime::anonymous::faint::Faint;
use crate::runtime::anonymous::notes::Notes;
use crate::scope::CallId;
use crate::sync::{AtomicBool, HashMap, HashSet, Mutex, Ordering};

#[derive(Default)]
pub(crate) struct Families {
    /// Leaf lock.
    list: Mutex<List>,
    /// Whether there was ever a member.
    any: AtomicBool,
    pub(crate) notes: Notes,
}

#[derive(Default)]
struct List {
    /// By the hash of the parent's id, then by that of their own.
    families: HashMap<u64, HashMap<u64, Vec<Member>>>,
    /// Where the member is to whom a node or an input belongs.
    places: HashMap<Edge, Place>,
    /// Ids of members that are listed no more.
    faint: Faint,
    /// How often a member was added: what was not found may be there by now.
    added: u64,
}

#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) family: u64,
    pub(super) member: u64,
}

struct Member {
    id: CallId,
    nodes: Vec<Edge>,
    /// How many are about to add a node.
    coming: u32,
    inputs: Vec<Edge>,
    /// One of its nodes has gone, and what was called in that may have nobody left.
    is_smaller: bool,
}

impl Member {
    fn new(id: CallId) -> Self {
        Member {
            id,
            nodes: Vec::new(),
            coming: 0,
            inputs: Vec::new(),
            is_smaller: false,
        }
    }

    fn has_node(&self) -> bool {
        self.coming > 0 || !self.nodes.is_empty()
    }

    fn is_empty(&self) -> bool {
        !self.has_node() && self.inputs.is_empty()
    }
}

/// A member that its parent's body did not call.
pub(crate) struct Lost {
    pub(crate) id: CallId,
    /// Its nodes that were not called.
    pub(crate) nodes: Vec<Edge>,
}

impl Place {
    /// `None` outside of any body: there is no parent to say what is still wanted.
    fn of(id: &CallId) -> Option<Self> {
        Some(Place {
            family: id.parent()?.path_hash(),
            member: id.path_hash(),
        })
    }
}

impl List {
    fn members(&self, place: Place) -> &[Member] {
        let family = self.families.get(&place.family);
        family
            .and_then(|family| family.get(&place.member))
            .map_or(&[], Vec::as_slice)
    }

    fn member(&mut self, place: Place, is: impl Fn(&Member) -> bool) -> Option<&mut Member> {
        let family = self.families.get_mut(&place.family)?;
        let members = family.get_mut(&place.member)?;
        members.iter_mut().find(|member| is(member))
    }

    /// The ids at a place, also those of members that are listed no more.
    fn known(&self, place: Place) -> Vec<CallId> {
        let members = self.members(place).iter();
        let listed = members.map(|member| member.id.clone());
        listed.chain(self.faint.at(place)).collect()
    }

    fn add(&mut self, place: Place, id: &CallId) -> &mut Member {
        self.added += 1;
        let family = self.families.entry(place.family).or_default();
        let members = family.entry(place.member).or_default();
        members.push(Member::new(id.clone()));
        members.last_mut().expect("it was just put in")
    }

    /// Takes an empty member off the list, to be dropped outside the lock.
    fn tidy(&mut self, place: Place, is: impl Fn(&Member) -> bool) -> Option<Member> {
        let family = self.families.get_mut(&place.family)?;
        let members = family.get_mut(&place.member)?;
        let empty = members
            .iter()
            .position(|each| is(each) && each.is_empty())?;
        let gone = members.swap_remove(empty);
        if members.is_empty() {
            family.remove(&place.member);
        }
        if family.is_empty() {
            self.families.remove(&place.family);
        }
        self.faint.add(place, &gone.id);
        Some(gone)
    }
}

impl List {
    /// Takes a node or an input off its member. Gives the member, to be dropped outside the lock, if that was the last.
    fn leave(&mut self, place: Place, edge: Edge) -> Option<Member> {
        let has = |each: &Member| each.nodes.contains(&edge) || each.inputs.contains(&edge);
        let member = self.member(place, has)?;
        let before = member.nodes.len();
        member.nodes.retain(|node| *node != edge);
        member.is_smaller |= member.nodes.len() < before;
        member.inputs.retain(|input| *input != edge);
        let id = member.id.clone();
        // Not the last to hold it: the member is there, or given to the caller.
        self.tidy(place, |each| each.id.is(&id))
    }
}

/// Room for a node among those of a member, until it is there.
pub(crate) struct Coming<'f> {
    families: &'f Families,
    place: Place,
    /// The id as all nodes of the member have it.
    pub(crate) id: CallId,
}

impl Coming<'_> {
    /// The node is there.
    pub(crate) fn come(self, node: Edge) {
        let mut list = self.families.list.lock();
        if let Some(member) = list.member(self.place, |each| each.id.is(&self.id))
            && !member.nodes.contains(&node)
        {
            member.nodes.push(node);
            list.places.insert(node, self.place);
        }
    }
}

impl Drop for Coming<'_> {
    fn drop(&mut self) {
        let mut list = self.families.list.lock();
        if let Some(member) = list.member(self.place, |each| each.id.is(&self.id)) {
            member.coming -= 1;
        }
        let gone = list.tidy(self.place, |each| each.id.is(&self.id));
        drop(list);
        drop(gone);
    }
}

impl Families {
    /// Whether there was ever a member.
    pub(crate) fn are_there(&self) -> bool {
        self.any.load(Ordering::Relaxed)
    }

    /// Announces a node with this id. `None` if it will have no parent.
    pub(crate) fn announce(&self, id: &CallId) -> Option<Coming<'_>> {
        let place = Place::of(id)?;
        self.any.store(true, Ordering::Relaxed);
        let id = self.with(place, id, true, |member| {
            member.coming += 1;
            // Whoever knows the id of a node that was dropped knows that of this one.
            member.id.set_dropped(false);
            member.id.clone()
        })?;
        Some(Coming {
            families: self,
            place,
            id,
        })
    }

    /// Notes that an input is hosted on the id of a node, or below.
    pub(crate) fn host(&self, id: &CallId, input: Edge) {
        let Some(place) = Place::of(id) else { return };
        self.with(place, id, true, |member| {
            if !member.inputs.contains(&input) {
                member.inputs.push(input);
            }
        });
        self.list.lock().places.insert(input, place);
    }

    /// The nodes with an id. Compares slots, which is user code.
    pub(crate) fn nodes_of(&self, id: &CallId) -> Vec<Edge> {
        let nodes = Place::of(id)
            .and_then(|place| self.with(place, id, false, |member| member.nodes.clone()));
        nodes.unwrap_or_default()
    }

    /// Whether the node with this id is there, or was never dropped. Compares slots, which is user code.
    pub(crate) fn is_alive(&self, id: &CallId) -> bool {
        let has_node = |place| self.with(place, id, false, |member| member.has_node());
        !id.is_dropped() || Place::of(id).and_then(has_node) == Some(true)
    }

    /// Does something with the member that has an id; with `add` it is added if need be.
    fn with<R>(
        &self,
        place: Place,
        id: &CallId,
        add: bool,
        work: impl Fn(&mut Member) -> R,
    ) -> Option<R> {
        loop {
            let mut list = self.list.lock();
            let known: Vec<CallId> = list.known(place);
            if known.is_empty() {
                return add.then(|| work(list.add(place, id)));
            }
            let added = list.added;
            drop(list);
            let same = known.iter().find(|known| *known == id);
            let mut list = self.list.lock();
            let done = match same {
                Some(same) => match list.member(place, |each| each.id.is(same)) {
                    Some(member) => Some(Some(work(member))),
                    None if !add => Some(None),
                    None => {
                        let is_there = list.faint.take(place, same);
                        is_there.then(|| Some(work(list.add(place, same))))
                    }
                },
                None if !add => Some(None),
                None => (list.added == added).then(|| Some(work(list.add(place, id)))),
            };
            drop(list);
            if let Some(done) = done {
                return done;
            }
        }
    }

    /// Takes a node or an input off the list that has been given up.
    pub(crate) fn left(&self, edge: Edge) {
        self.notes.left(edge);
        let mut list = self.list.lock();
        let place = list.places.remove(&edge);
        let gone = place.and_then(|place| list.leave(place, edge));
        drop(list);
        drop(gone);
    }

    /// The members of a family that have a node which is not among `reached`, or none at all, or one less than they had. Compares
    /// slots, which is user code.
    pub(crate) fn lost(&self, parent: &CallId, reached: &HashSet<Edge>) -> Vec<Lost> {
        let (mut lost, _others): (Vec<Lost>, Vec<CallId>) = {
            let list = self.list.lock();
            let (known, others) = list.faint.not_dropped(parent.path_hash());
            let known = known.into_iter().map(|id| Lost {
                id,
                nodes: Vec::new(),
            });
            let family = list.families.get(&parent.path_hash()).into_iter();
            let members = family.flat_map(HashMap::values).flatten();
            let lost = members.filter_map(|member| {
                let nodes = member.nodes.iter().filter(|node| !reached.contains(node));
                let nodes: Vec<Edge> = nodes.copied().collect();
                (!nodes.is_empty() || member.is_smaller || !member.has_node()).then(|| Lost {
                    id: member.id.clone(),
                    nodes,
                })
            });
            (lost.chain(known).collect(), others)
        };
        // Another parent's id may have the same hash.
        lost.retain(|lost| lost.id.parent() == Some(parent));
        lost
    }

    /// What was called in a node of this member that has gone has been looked for; or has to be once more.
    pub(crate) fn looked_below(&self, id: &CallId, is_over: bool) {
        let mut list = self.list.lock();
        let member = Place::of(id).and_then(|place| list.member(place, |each| each.id.is(id)));
        if let Some(member) = member {
            member.is_smaller = !is_over;
        }
    }

    /// Whether the member with this id has a node. No user code.
    pub(crate) fn has_node(&self, id: &CallId) -> bool {
        let mut list = self.list.lock();
        let member = Place::of(id).and_then(|place| list.member(place, |each| each.id.is(id)));
        member.is_some_and(|member| member.has_node())
    }

    /// Declares a member dropped, and gives the inputs that were hosted on its id. `None` if it has a node.
    pub(crate) fn bury(&self, id: &CallId) -> Option<Vec<Edge>> {
        let mut list = self.list.lock();
        let member = list.member(Place::of(id)?, |each| each.id.is(id));
        if member.as_ref().is_some_and(|member| member.has_node()) {
            return None;
        }
        id.set_dropped(true);
        Some(member.map_or_else(Vec::new, |member| member.inputs.clone()))
    }

    /// Whether an input belongs to a node that is not there.
    pub(crate) fn is_orphan(&self, input: Edge) -> bool {
        let mut list = self.list.lock();
        let Some(&place) = list.places.get(&input) else {
            return false;
        };
        let member = list.member(place, |each| each.inputs.contains(&input));
        member.is_some_and(|member| !member.has_node())
    }

    /// Takes off what is known of ids that nobody has any more, among so many of the listed.
    pub(crate) fn tidy(&self, looks: usize) {
        self.list.lock().faint.tidy(looks);
    }
}
