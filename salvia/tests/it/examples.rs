//! The example programs run as tests: their own assertions are the test.

#[path = "../../examples/hello.rs"]
mod hello;
#[path = "../../examples/rows.rs"]
mod rows;
#[path = "../../examples/symbolic_derivative.rs"]
mod symbolic_derivative;
#[path = "../../examples/tournament.rs"]
mod tournament;

/// The program of the documentation.
#[test]
fn hello_runs() {
    hello::main();
}

/// Who leads after each of the six stages.
#[test]
fn the_tournament_goes_through_its_stages() {
    tournament::main();
}

/// The values of the derivatives.
#[test]
fn the_derivatives_have_their_values() {
    symbolic_derivative::main();
}

/// Exactly the rows run that have to, wherever updates run.
#[test]
fn the_rows_run_as_often_as_they_have_to_on_one_worker() {
    rows::on(1);
}

#[test]
fn the_rows_run_as_often_as_they_have_to_on_four_workers() {
    rows::on(4);
}

/// The program as it is started.
#[test]
fn the_program_of_the_rows_runs() {
    rows::main();
}
