//! The command line: what is folio asked to do?
//!
//! Bad use ends with code 2 and a word on standard error, here or in the command itself.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::Inspect;

/// Checks, publishes and serves a folder of Markdown documents, and helps to write it.
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
    /// Make a static site.
    Build(Build),
    /// Show the folder in a browser, and anew at each change.
    Serve(Serve),
    /// Be a language server on standard input and output; editors start this.
    Lsp(Lsp),
}

/// `folio check`.
#[derive(Debug, Args)]
#[command(mut_arg("address", |inspect| inspect.requires("watch")))]
pub struct Check {
    /// The folder; every `.md` in it that git would not ignore is checked.
    pub dir: PathBuf,
    /// Stay, and check again on each change until Ctrl-C.
    #[arg(long)]
    pub watch: bool,
    /// Write one JSON object a line.
    #[arg(long)]
    pub json: bool,
    /// Follow links that leave the folder as well.
    #[arg(long)]
    pub external: bool,
    /// For how many seconds the answer to such a link counts; then `--watch` asks again.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 86_400,
        requires = "external"
    )]
    pub external_ttl: u64,
    /// Say why the problems of this document were last looked for, and what that waited for.
    #[arg(long, value_name = "FILE")]
    pub explain: Option<PathBuf>,
    /// Write what the engine did to this file, as `chrome://tracing` reads it.
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// A check that ends leaves nothing to look at.
    #[command(flatten)]
    pub inspect: Inspect,
}

/// `folio build`.
#[derive(Debug, Args)]
pub struct Build {
    /// The folder.
    pub dir: PathBuf,
    /// Where the site is written: a directory, made if it is not there.
    #[arg(short, long)]
    pub out: PathBuf,
    /// Where the site will be found (`https://example.org/docs`), for the sitemap.
    #[arg(long)]
    pub base: Option<String>,
}

/// `folio serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// The folder.
    pub dir: PathBuf,
    /// The port of this machine; 0 takes any that is free.
    #[arg(long, default_value_t = 4000)]
    pub port: u16,
    /// Who may look.
    #[command(flatten)]
    pub inspect: Inspect,
}

/// `folio lsp`.
#[derive(Debug, Args)]
pub struct Lsp {
    /// Who may look.
    #[command(flatten)]
    pub inspect: Inspect,
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
        let table: [(&[&str], bool); 20] = [
            (&["folio", "check", "docs"], true),
            (&["folio", "check", "docs", "--watch", "--json"], true),
            (&["folio", "check", "--json", "docs"], true),
            (&["folio", "build", "docs", "-o", "site"], true),
            (&["folio", "serve", "docs", "--port", "0"], true),
            (
                &[
                    "folio",
                    "check",
                    "docs",
                    "--external",
                    "--external-ttl",
                    "60",
                ],
                true,
            ),
            (&["folio", "check", "docs", "--explain", "docs/a.md"], true),
            (&["folio", "lsp"], true),
            (&["folio", "check", "docs", "--watch", "--inspect"], true),
            (&["folio", "check", "--watch", "--inspect", "docs"], true),
            (&["folio", "serve", "docs", "--inspect=4100"], true),
            (&["folio", "lsp", "--inspect"], true),
            (&["folio", "check", "docs", "--inspect"], false),
            (
                &["folio", "build", "docs", "-o", "site", "--inspect"],
                false,
            ),
            (&["folio", "build", "docs"], false),
            (&["folio", "serve", "docs", "--port", "x"], false),
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
