//! The example programs run as tests (SAL-40): their own assertions are the test.

#[path = "../../examples/hello.rs"]
mod hello;
#[path = "../../examples/symbolic_derivative.rs"]
mod symbolic_derivative;
#[path = "../../examples/tournament.rs"]
mod tournament;

/// The program of the documentation.
#[test]
fn hello_runs() {
    hello::main();
}

/// SAL-40: who leads after each of the six stages.
#[test]
fn the_tournament_goes_through_its_stages() {
    tournament::main();
}

/// SAL-40: the values of the derivatives.
#[test]
fn the_derivatives_have_their_values() {
    symbolic_derivative::main();
}
