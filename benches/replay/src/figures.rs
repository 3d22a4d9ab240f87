//! Times in a few numbers.

use std::time::Duration;

/// The time that a part of all do not exceed, in hundredths.
pub(crate) fn percentile(times: &[Duration], hundredths: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    let last = sorted.len().saturating_sub(1);
    let at = (sorted.len() * hundredths).div_ceil(100).saturating_sub(1);
    sorted.get(at.min(last)).copied().unwrap_or_default()
}

/// The middle one of a few rounds, and the lowest and the highest.
pub(crate) fn middle(mut rounds: Vec<Duration>) -> [Duration; 3] {
    rounds.sort();
    let last = rounds.len().saturating_sub(1);
    [rounds.len() / 2, 0, last].map(|at| rounds.get(at).copied().unwrap_or_default())
}

/// `12 µs`, `3.4 ms` or `1.20 s`.
pub(crate) fn time(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 1e-3 => format!("{:.0} µs", seconds * 1e6),
        seconds if seconds < 1.0 => format!("{:.1} ms", seconds * 1e3),
        seconds => format!("{seconds:.2} s"),
    }
}
