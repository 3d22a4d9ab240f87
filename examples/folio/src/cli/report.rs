//! How is a report written down, and how do two reports differ?
//!
//! Text: `path:line:column: message`. JSON: one object a line. A reader that went away (`| head`) is no error: the
//! rest of the report is dropped, as `Flow::Closed` tells.

use std::collections::HashMap;
use std::hash::Hash;
use std::io::{self, ErrorKind, Write};

use serde::Serialize;

use crate::core::cost::Cost;
use crate::core::problem::{Code, Problem};

/// Text for people or lines for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// `path:line:column: message`.
    Text,
    /// One object a line.
    Json,
}

/// Whether anybody still reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// Written.
    Open,
    /// The other end of the pipe is gone.
    Closed,
}

/// Writes reports.
#[derive(Debug)]
pub(super) struct Printer<W> {
    out: W,
    format: Format,
}

/// The object of one problem.
#[derive(Serialize)]
struct ProblemLine<'p> {
    path: &'p str,
    line: u32,
    column: u32,
    code: Code,
    target: &'p str,
    message: &'p str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    fixed: bool,
}

impl<W: Write> Printer<W> {
    /// A printer of one format.
    pub(super) fn new(out: W, format: Format) -> Self {
        Printer { out, format }
    }

    /// Writes a whole report.
    pub(super) fn report(&mut self, problems: &[Problem]) -> io::Result<Flow> {
        settle(
            problems
                .iter()
                .try_for_each(|problem| self.problem(problem, false)),
            &mut self.out,
        )
    }

    /// Writes how a report differs from the last one, and what it cost to know.
    pub(super) fn change(
        &mut self,
        old: &[Problem],
        new: &[Problem],
        cost: &Cost,
    ) -> io::Result<Flow> {
        let change = match self.format {
            // A person knows a problem by what it is: that it moved two lines down is no news.
            Format::Text => difference(old, new, |p| {
                (p.path.clone(), p.code, p.target.clone(), p.message.clone())
            }),
            // A program wants to keep an exact list.
            Format::Json => difference(old, new, Problem::clone),
        };
        let fixed = change
            .gone
            .into_iter()
            .try_for_each(|problem| self.problem(problem, true));
        let written = fixed.and_then(|()| {
            change
                .came
                .into_iter()
                .try_for_each(|problem| self.problem(problem, false))
        });
        let written = written.and_then(|()| match self.format {
            Format::Text => writeln!(self.out, "{cost}"),
            Format::Json => self.object(cost),
        });
        settle(written, &mut self.out)
    }

    fn problem(&mut self, problem: &Problem, fixed: bool) -> io::Result<()> {
        let Problem {
            path,
            at,
            code,
            target,
            message,
        } = problem;
        match self.format {
            Format::Text => {
                let fixed = if fixed { "fixed: " } else { "" };
                writeln!(
                    self.out,
                    "{fixed}{path}:{}:{}: {message}",
                    at.line, at.column
                )
            }
            Format::Json => {
                let (path, line, column) = (path.as_str(), at.line, at.column);
                self.object(&ProblemLine {
                    path,
                    line,
                    column,
                    code: *code,
                    target,
                    message,
                    fixed,
                })
            }
        }
    }

    fn object(&mut self, object: &impl Serialize) -> io::Result<()> {
        let line = serde_json::to_string(object)?;
        writeln!(self.out, "{line}")
    }
}

/// Sends the lines off; a closed pipe is no failure.
fn settle(written: io::Result<()>, out: &mut impl Write) -> io::Result<Flow> {
    match written.and_then(|()| out.flush()) {
        Ok(()) => Ok(Flow::Open),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Flow::Closed),
        Err(error) => Err(error),
    }
}

/// What two reports do not have in common, each side in the order of its report.
#[derive(Debug)]
struct Difference<'p> {
    gone: Vec<&'p Problem>,
    came: Vec<&'p Problem>,
}

/// Compares by a key; a key that occurs several times counts as often.
fn difference<'p, K: Eq + Hash>(
    old: &'p [Problem],
    new: &'p [Problem],
    key: impl Fn(&'p Problem) -> K,
) -> Difference<'p> {
    Difference {
        gone: without(old, new, &key),
        came: without(new, old, &key),
    }
}

fn without<'p, K: Eq + Hash>(
    these: &'p [Problem],
    those: &'p [Problem],
    key: impl Fn(&'p Problem) -> K,
) -> Vec<&'p Problem> {
    let mut left: HashMap<K, usize> = HashMap::new();
    for problem in those {
        *left.entry(key(problem)).or_default() += 1;
    }
    let is_unmatched = |problem: &&'p Problem| match left.get_mut(&key(problem)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    these.iter().filter(is_unmatched).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::parse::Position;
    use crate::core::workspace::RelPath;

    fn problem(path: &str, line: u32, target: &str) -> Problem {
        Problem {
            path: RelPath::new(path).unwrap(),
            at: Position { line, column: 2 },
            code: Code::BrokenLink,
            target: target.into(),
            message: format!("broken link: `{target}`").into(),
        }
    }

    fn written(
        format: Format,
        write: impl FnOnce(&mut Printer<&mut Vec<u8>>) -> io::Result<()>,
    ) -> String {
        let mut out = Vec::new();
        write(&mut Printer::new(&mut out, format)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_report_is_a_line_a_problem() {
        let report = [problem("a.md", 1, "x"), problem("b.md", 7, "y\"")];
        let text = written(Format::Text, |printer| printer.report(&report).map(drop));
        assert_eq!(
            text,
            "a.md:1:2: broken link: `x`\nb.md:7:2: broken link: `y\"`\n"
        );
        let json = written(Format::Json, |printer| {
            printer.report(&report[1..]).map(drop)
        });
        let expected = concat!(
            r#"{"path":"b.md","line":7,"column":2,"code":"broken-link","target":"y\"","#,
            r#""message":"broken link: `y\"`"}"#,
            "\n"
        );
        assert_eq!(json, expected);
    }

    #[test]
    fn a_change_tells_what_came_and_what_is_gone() {
        let old = [
            problem("a.md", 1, "x"),
            problem("a.md", 2, "x"),
            problem("a.md", 3, "y"),
        ];
        let new = [problem("a.md", 5, "x"), problem("a.md", 6, "z")];
        let cost = Cost::default();
        let text = written(Format::Text, |printer| {
            printer.change(&old, &new, &cost).map(drop)
        });
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines[..3],
            [
                "fixed: a.md:2:2: broken link: `x`",
                "fixed: a.md:3:2: broken link: `y`",
                "a.md:6:2: broken link: `z`",
            ]
        );
        let json = written(Format::Json, |printer| {
            printer.change(&old, &new, &cost).map(drop)
        });
        assert_eq!(
            json.lines()
                .filter(|line| line.contains(r#""fixed":true"#))
                .count(),
            3
        );
        assert_eq!(json.lines().count(), 6);
    }

    #[test]
    fn a_reader_that_left_is_no_error() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut printer = Printer::new(Gone, Format::Text);
        assert_eq!(
            printer.report(&[problem("a.md", 1, "x")]).unwrap(),
            Flow::Closed
        );
    }
}
