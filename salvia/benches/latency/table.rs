//! Figures, round by round, and the table of them.

use std::fmt;
use std::time::Duration;

/// Figures by name, in the order of their first mention.
#[derive(Default)]
pub(crate) struct Table(Vec<(String, Vec<f64>)>);

impl Table {
    /// Notes a figure of this round; its unit belongs to its name.
    pub(crate) fn note(&mut self, name: &str, figure: f64) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, figures)) => figures.push(figure),
            None => self.0.push((name.into(), vec![figure])),
        }
    }

    pub(crate) fn milliseconds(&mut self, name: &str, took: Duration) {
        self.note(&format!("{name}, ms"), took.as_secs_f64() * 1e3);
    }

    /// The median, the 99th percentile and the most of many.
    pub(crate) fn spread(&mut self, name: &str, mut times: Vec<Duration>) {
        times.sort();
        let at = |part: usize| times[(times.len() - 1) * part / 100];
        self.milliseconds(&format!("{name}, p50"), at(50));
        self.milliseconds(&format!("{name}, p99"), at(99));
        self.milliseconds(&format!("{name}, max"), at(100));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| figure | median | least | most |\n|---|---|---|---|")?;
        for (name, figures) in &self.0 {
            let mut sorted = figures.clone();
            sorted.sort_by(f64::total_cmp);
            let (least, most) = (sorted[0], sorted[sorted.len() - 1]);
            let median = sorted[sorted.len() / 2];
            writeln!(f, "| {name} | {median:.3} | {least:.3} | {most:.3} |")?;
        }
        Ok(())
    }
}
