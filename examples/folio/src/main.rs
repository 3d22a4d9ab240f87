//! The `folio` program. All it does is in the library; this is its way in and out.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    folio::run(folio::cli::Cli::parse())
}
