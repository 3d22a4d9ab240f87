//! Values of different types in groups: what all of a group have in common stands in one place, their type with it.

use std::any::{Any, TypeId};
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::NonNull;

use crate::count::Count;
use crate::counted::Counted;

type Erased = dyn Any + Send + Sync;

/// What the members of a group have in common: a `C`, and that their keys are of one type. A clone is the same one.
pub struct Common<C>(Counted<Type<C>>);

struct Type<C> {
    id: TypeId,
    /// Of a member with its key.
    size: usize,
    /// For the last one who has a member.
    free: unsafe fn(NonNull<Head<C>>),
    erase: unsafe fn(NonNull<Head<C>>) -> NonNull<Erased>,
    common: C,
}

#[repr(C)]
struct Head<C> {
    count: Count,
    number: u32,
    common: Common<C>,
}

/// Begins with the head, so that a pointer to it is one to the head.
#[repr(C)]
struct Whole<C, K> {
    head: Head<C>,
    key: K,
}

/// A shared key of any type, with a number, as a member of a group: one pointer to 16 bytes and the key.
///
/// ```
/// use salvia_counted::{Common, Member};
///
/// let words = Common::new::<String>("words");
/// let member = Member::new(words, 7, String::from("sage"));
/// assert_eq!(member.get::<String>().map(String::as_str), Some("sage"));
/// assert_eq!((**member.common(), member.number()), ("words", 7));
/// assert!(member.get::<u64>().is_none());
/// ```
pub struct Member<C> {
    head: NonNull<Head<C>>,
    owns: PhantomData<Head<C>>,
}

// SAFETY: the key is `Send` and `Sync`, which `new` asks for, and so is what it has in common; both are given out by reference
// and dropped by whoever is the last.
unsafe impl<C: Send + Sync> Send for Member<C> {}
// SAFETY: as above; a reference to it can be cloned.
unsafe impl<C: Send + Sync> Sync for Member<C> {}

impl<C> Common<C> {
    /// A group of members with keys of type `K`.
    pub fn new<K: Send + Sync + 'static>(common: C) -> Self {
        Common(Counted::new(Type {
            id: TypeId::of::<K>(),
            size: size_of::<Whole<C, K>>(),
            free: free::<C, K>,
            erase: erase::<C, K>,
            common,
        }))
    }

    /// Whether both are the same one.
    pub fn ptr_eq(one: &Self, other: &Self) -> bool {
        Counted::ptr_eq(&one.0, &other.0)
    }

    #[inline]
    fn is_of<K: 'static>(&self) -> bool {
        self.0.id == TypeId::of::<K>()
    }
}

impl<C> Clone for Common<C> {
    #[inline]
    fn clone(&self) -> Self {
        Common(self.0.clone())
    }
}

impl<C> Deref for Common<C> {
    type Target = C;

    #[inline]
    fn deref(&self) -> &C {
        &self.0.common
    }
}

impl<C> Member<C> {
    /// A new member of the group that has this in common.
    ///
    /// # Panics
    ///
    /// If the keys of that group are of another type.
    pub fn new<K: Send + Sync + 'static>(common: Common<C>, number: u32, key: K) -> Self {
        assert!(
            common.is_of::<K>(),
            "the keys of one group are of one type, which is not {}",
            std::any::type_name::<K>()
        );
        let count = Count::one();
        let head = Head {
            count,
            number,
            common,
        };
        Member {
            head: NonNull::from(Box::leak(Box::new(Whole { head, key }))).cast(),
            owns: PhantomData,
        }
    }

    /// What it has in common with others.
    #[inline]
    pub fn common(&self) -> &Common<C> {
        &self.head().common
    }

    /// Its number.
    #[inline]
    pub fn number(&self) -> u32 {
        self.head().number
    }

    /// Its key, if that is of this type.
    #[inline]
    pub fn get<K: 'static>(&self) -> Option<&K> {
        self.common().is_of::<K>().then(|| {
            let whole = self.head.cast::<Whole<C, K>>();
            // SAFETY: `new` made it with a key of the type that its group has, which nothing changes; it lives as long as this one.
            let whole = unsafe { whole.as_ref() };
            &whole.key
        })
    }

    /// Its key.
    pub fn key(&self) -> &Erased {
        let erase = self.common().0.erase;
        // SAFETY: it is the one for keys of the type that its group has, and so of this key's.
        let key = unsafe { erase(self.head) };
        // SAFETY: it is in what this one keeps alive, and nobody changes it.
        unsafe { key.as_ref() }
    }

    /// What it takes on the heap, with its key but without what that points to.
    pub fn heap_bytes(&self) -> usize {
        self.common().0.size
    }

    /// Whether both are the same one.
    pub fn ptr_eq(one: &Self, other: &Self) -> bool {
        one.head == other.head
    }

    /// Tells it apart from others that there are at the same time.
    pub fn address(&self) -> usize {
        self.head.addr().get()
    }

    #[inline]
    fn head(&self) -> &Head<C> {
        // SAFETY: it was made from a box, which lives until the last of those that are counted is dropped; this one is not yet.
        unsafe { self.head.as_ref() }
    }
}

impl<C> Clone for Member<C> {
    #[inline]
    fn clone(&self) -> Self {
        self.head().count.up();
        Member {
            head: self.head,
            owns: PhantomData,
        }
    }
}

impl<C> Drop for Member<C> {
    #[inline]
    fn drop(&mut self) {
        if self.head().count.down_or_alone() {
            let free = self.common().0.free;
            // SAFETY: it is the one for keys of the type that its group has, and so of this key's; the count says that nobody
            // else has it.
            unsafe { free(self.head) };
        }
    }
}

/// # Safety
///
/// The head is that of a `Whole<C, K>` in a box, which nobody uses any more.
unsafe fn free<C, K>(head: NonNull<Head<C>>) {
    // SAFETY: as the caller says.
    drop(unsafe { Box::from_raw(head.cast::<Whole<C, K>>().as_ptr()) });
}

/// # Safety
///
/// The head is that of a `Whole<C, K>`.
unsafe fn erase<C, K: Send + Sync + 'static>(head: NonNull<Head<C>>) -> NonNull<Erased> {
    let whole = head.cast::<Whole<C, K>>();
    // SAFETY: as the caller says.
    let whole = unsafe { whole.as_ref() };
    NonNull::from(&whole.key as &Erased)
}
