//! The measurement; see the library.

fn main() -> std::process::ExitCode {
    peers::main()
}
