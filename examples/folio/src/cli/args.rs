//! The command line: what is folio asked to do?
//!
//! Bad use ends with code 2 and a word on standard error, here or in the command itself.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Checks a folder of Markdown documents.
#[derive(Debug, Parser)]
#[command(version, about, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What folio can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Report broken links and anchors, missing images, duplicate anchors and unused definitions.
    Check(Check),
}

/// `folio check`.
#[derive(Debug, Args)]
pub struct Check {
    /// The folder; every `.md` in it that git would not ignore is checked.
    pub dir: PathBuf,
    /// Stay, and check again on each change until Ctrl-C.
    #[arg(long)]
    pub watch: bool,
    /// Write one JSON object a line.
    #[arg(long)]
    pub json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;

        Cli::command().debug_assert();
    }

    #[test]
    fn good_use_is_told_from_bad() {
        let table: [(&[&str], bool); 7] = [
            (&["folio", "check", "docs"], true),
            (&["folio", "check", "docs", "--watch", "--json"], true),
            (&["folio", "check", "--json", "docs"], true),
            (&["folio"], false),
            (&["folio", "check"], false),
            (&["folio", "check", "a", "b"], false),
            (&["folio", "check", "docs", "--loud"], false),
        ];
        for (arguments, good) in table {
            assert_eq!(
                Cli::try_parse_from(arguments).is_ok(),
                good,
                "{arguments:?}"
            );
        }
    }
}
