//! Planted bugs: rules of the algorithm that can be taken out, to see that a test turns red.
//!
//! They exist only in a build with `--cfg salvia_bug`, where `SALVIA_BUG` names the one that is
//! in force; in every other build [`planted`] is the constant `false` and leaves nothing behind.
//! `salvia/tests/planted.sh` runs them all.

#[cfg(salvia_bug)]
pub(crate) fn planted(name: &str) -> bool {
    static BUG: crate::sync::ProcessOnce<Option<String>> = crate::sync::ProcessOnce::new();
    BUG.get_or_init(|| std::env::var("SALVIA_BUG").ok())
        .as_deref()
        == Some(name)
}

#[cfg(not(salvia_bug))]
#[inline(always)]
pub(crate) const fn planted(_: &str) -> bool {
    false
}
