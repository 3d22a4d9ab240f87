//! Values of different types in groups: what all of a group have in common stands in one place, their type with it.

use std::any::{Any, TypeId};
use std::marker::PhantomData;
use std::ops::Deref;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;

use crate::count::Count;
use crate::counted::Counted;
use crate::veil::{Veil, Veiled};

type Erased = dyn Any + Send + Sync;

/// What the members of a group have in common: a `C`, and that their keys are of one type. A clone is the same one.
pub type Common<C> = CommonOf<Veiled<C>>;

/// A [`Common`], by the name of its type.
pub struct CommonOf<N: Veil + ?Sized>(Counted<Type<N::Of>>);

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
///
/// It goes to other threads if what it has in common does:
///
/// ```compile_fail
/// fn is_send<T: Send>() {}
/// is_send::<salvia_counted::Member<std::cell::Cell<u8>>>();
/// ```
pub type Member<C> = MemberOf<Veiled<C>>;

/// A [`Member`], by the name of what it has in common.
pub struct MemberOf<N: Veil + ?Sized> {
    /// Of a `Head` of the type.
    head: NonNull<()>,
    of: PhantomData<*const N>,
}

// SAFETY: the key is `Send` and `Sync`, which `new` asks for, and so is what it has in common; both are given out by reference
// and dropped by whoever is the last.
unsafe impl<N: Veil<Of: Send + Sync> + ?Sized> Send for MemberOf<N> {}
// SAFETY: as above; a reference to it can be cloned.
unsafe impl<N: Veil<Of: Send + Sync> + ?Sized> Sync for MemberOf<N> {}
impl<N: Veil<Of: RefUnwindSafe> + ?Sized> UnwindSafe for MemberOf<N> {}
impl<N: Veil<Of: RefUnwindSafe> + ?Sized> RefUnwindSafe for MemberOf<N> {}

impl<C> Common<C> {
    /// A group of members with keys of type `K`.
    pub fn new<K: Send + Sync + 'static>(common: C) -> Self {
        CommonOf(Counted::new(Type {
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
        CommonOf(self.0.clone())
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
        MemberOf {
            head: NonNull::from(Box::leak(Box::new(Whole { head, key }))).cast(),
            of: PhantomData,
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
        let key = unsafe { erase(self.head.cast()) };
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
}

impl<N: Veil + ?Sized> MemberOf<N> {
    #[inline]
    fn head(&self) -> &Head<N::Of> {
        let head = self.head.cast();
        // SAFETY: it was made from a box with such a head, which lives until the last of those that are counted is dropped; this
        // one is not yet.
        unsafe { head.as_ref() }
    }
}

impl<C> Clone for Member<C> {
    #[inline]
    fn clone(&self) -> Self {
        self.head().count.up();
        MemberOf {
            head: self.head,
            of: PhantomData,
        }
    }
}

impl<N: Veil + ?Sized> Drop for MemberOf<N> {
    #[inline]
    fn drop(&mut self) {
        if self.head().count.down_or_alone() {
            let free = self.head().common.0.free;
            // SAFETY: it is the one for keys of the type that its group has, and so of this key's; the count says that nobody
            // else has it.
            unsafe { free(self.head.cast()) };
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
