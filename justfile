# The commands of CONTRIBUTING.md. `just --list` names them.

# Format, lint, documentation, the rules of the house.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --all-features -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features
    cargo test -q -p salvia --test tidy

# Everything that runs in a few minutes.
test:
    cargo test --workspace

# The messages of the macros; `just ui bless` writes them anew.
ui mode="check":
    {{ if mode == "bless" { "TRYBUILD=overwrite" } else { "" } }} cargo test -p salvia-macros --test ui

# The random programs, at the length of the gate.
torture sequential="2000000" concurrent="500000":
    SALVIA_SEQUENTIAL={{sequential}} SALVIA_CONCURRENT={{concurrent}} \
        cargo test --release -p salvia --test model -- --nocapture

# Lists of rows with state, against a model of what runs and what is left.
rows operations="1000000" crowd="300000":
    SALVIA_ROWS={{operations}} SALVIA_CROWD={{crowd}} cargo test --release -p salvia --test rows

# Programs that are disturbed at every poll, at the length of the gate.
sweep programs="200":
    SALVIA_SWEEP={{programs}} cargo test --release -p salvia --test sweep

# Small programs under a model checker; half of the schedules are PCT's, half are random.
shuttle schedules="2500" *scenario:
    SALVIA_SCHEDULES={{schedules}} RUSTFLAGS="--cfg shuttle" CARGO_TARGET_DIR=target/shuttle \
        cargo test -p salvia --test shuttle -- {{scenario}}

# The shared pointers under a model checker that knows the orders of memory.
loom:
    RUSTFLAGS="--cfg loom" CARGO_TARGET_DIR=target/loom cargo test --release -p salvia-counted --test orders

# Takes one rule of the algorithm out at a time, and expects a red test.
planted *bugs:
    salvia/tests/planted.sh {{bugs}}

# The inspector's page in a browser; screenshots go to the folder.
browser folder="target/inspector":
    salvia-inspector/tests/browser.sh {{folder}}

# folio's language server in Neovim.
neovim:
    examples/folio/tests/neovim.sh

# salvia beside its peers; words select engines and workloads. All of it writes `benches/peers/RESULTS.md`.
peers *words:
    cargo run --release --manifest-path benches/peers/Cargo.toml -- {{words}}

# A typing session on folio's core, from scratch, and on salsa; writes `benches/replay/RESULTS.md`.
replay *numbers:
    cargo run --release --manifest-path benches/replay/Cargo.toml -- {{numbers}}

# What queries cost the compiler, beside salsa; writes `benches/compile/RESULTS.md`.
compile-times:
    benches/compile/run.sh

# Instructions of each path through the engine, or of memos or call paths (`just count memo`), as valgrind counts them.
count bench="paths" *kinds:
    salvia/benches/count.sh {{bench}} {{kinds}}

# All that has to pass before a change goes in.
gate:
    .ci/run
