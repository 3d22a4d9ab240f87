#!/usr/bin/env bash
# What queries cost the compiler, in salvia and in salsa: the rebuild of a program of two queries after an edit in one of them,
# and a program of many queries, how long it takes and how long its code gets. Prints a table and writes RESULTS.md.
#
#   benches/compile/run.sh          ROUNDS=5 QUERIES=1000 LARGE_ROUNDS=1
#
# Both engines are what they are to a user, dependencies from somewhere else: Cargo builds those by path for being edited, which
# gives them larger files to link. So salvia is that of the last commit.
set -euo pipefail
cd "$(dirname "$0")"
rounds=${ROUNDS:-5}
queries=${QUERIES:-1000}
large_rounds=${LARGE_ROUNDS:-1}
few=10
work=$PWD/target
salvia=file://$(git rev-parse --show-toplevel)
export CARGO_TERM_COLOR=never CARGO_TARGET_DIR=$work/built

# A crate of one program, by its name and engine. The versions are those of the measurements beside this one.
crate() {
    mkdir -p "$work/$1/src"
    if [ "$2" = salvia ]; then
        needs="salvia = { git = \"$salvia\" }
tokio = { version = \"1.47\", features = [\"rt-multi-thread\", \"macros\"] }"
    else
        needs='salsa = "0.28"'
    fi
    printf '[workspace]\n[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n[dependencies]\n%s\n' \
        "$1" "$needs" >"$work/$1/Cargo.toml"
    cp ../peers/Cargo.lock "$work/$1/Cargo.lock"
}

# Many queries: ten at a time read each other, the lowest of them reads the input, and `main` asks for the highest.
many_salvia() {
    cat <<'HEAD'
use salvia::{Input, InputAccess, QueryContext, Runtime, query};
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Cell(u64);
impl Input<u64> for Cell { fn initial(&self) -> u64 { 0 } }
const EDITED: u64 = 0;
HEAD
    for ((at = 0; at < $1; at++)); do
        below="q$((at - 1))(cell, cx).await"
        if ((at % 10 == 0)); then below='cell.get::<u64>(cx).await'; fi
        printf '#[query]\nasync fn q%d(cell: Cell, cx: &QueryContext) -> u64 { %s + %d }\n' $at "$below" $at
    done
    printf '#[tokio::main]\nasync fn main() {\n    let rt = Runtime::new().await;\n    let mut sum = EDITED;\n'
    for ((at = 9; at < $1; at += 10)); do
        printf '    sum += rt.query(async |cx| q%d(Cell(1), &cx).await).await;\n' $at
    done
    printf '    println!("{}", sum - EDITED);\n}\n'
}

many_salsa() {
    cat <<'HEAD'
#[salsa::input]
struct Cell { #[returns(copy)] value: u64 }
const EDITED: u64 = 0;
HEAD
    for ((at = 0; at < $1; at++)); do
        below="q$((at - 1))(db, cell)"
        if ((at % 10 == 0)); then below='cell.value(db)'; fi
        printf '#[salsa::tracked(returns(copy))]\nfn q%d(db: &dyn salsa::Database, cell: Cell) -> u64 { %s + %d }\n' $at "$below" $at
    done
    printf 'fn main() {\n    let db = salsa::DatabaseImpl::default();\n    let cell = Cell::new(&db, 0);\n    let mut sum = EDITED;\n'
    for ((at = 9; at < $1; at += 10)); do
        printf '    sum += q%d(&db, cell);\n' $at
    done
    printf '    println!("{}", sum - EDITED);\n}\n'
}

build() {
    cargo build -q --manifest-path "$work/$1/Cargo.toml" "${@:2}"
}

# Edits the program and builds it: seconds on the wall and of CPU. The edit is a new value of a constant that a query uses.
edits=0
rebuilt() {
    edits=$((edits + 1))
    sed -i "s/^const EDITED: u64 = .*;/const EDITED: u64 = $edits;/" "$work/$1/src/main.rs"
    local TIMEFORMAT='%R %U %S'
    { time build "$@" >&2; } 2>&1 | tail -n 1 | awk '{ print $1, $2 + $3 }'
}

# The middle of the numbers of a column.
median() {
    sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

text() {
    size "$CARGO_TARGET_DIR/release/$1" | awk 'NR == 2 { print $1 }'
}

# A program has to work, and both have to say the same.
says() {
    local said
    said=$("$CARGO_TARGET_DIR/$1")
    if [ "$said" != "$2" ]; then
        echo "$1 says $said, not $2" >&2
        exit 1
    fi
}

# Engines in turns, so that a busy minute hits both.
measured() {
    local program=$2 flags=("${@:3}") engine round
    rm -f "$work/$program"-*.times
    for ((round = 0; round < $1; round++)); do
        for engine in salvia salsa; do
            rebuilt "$program-$engine" "${flags[@]}" >>"$work/$program-$engine.times"
        done
    done
}

row() {
    printf '| %s | %s | %s | %s |\n' "$1" "$2" "$3" "$(awk -v a="$2" -v b="$3" 'BEGIN { printf "%.2f", a / b }')"
}

# The two rows of what was measured last: wall and CPU.
times() {
    local column name
    for column in 1 2; do
        name=$([ $column = 1 ] && echo wall || echo CPU)
        row "$1, $name, s" \
            "$(cut -d' ' -f$column "$work/$2-salvia.times" | median)" \
            "$(cut -d' ' -f$column "$work/$2-salsa.times" | median)"
    done
}

for engine in salvia salsa; do
    crate "small-$engine" $engine
    cp "small_$engine.rs" "$work/small-$engine/src/main.rs"
    for count in $few "$queries"; do
        crate "many$count-$engine" $engine
        "many_$engine" "$count" >"$work/many$count-$engine/src/main.rs"
    done
done

sum=$(awk -v n="$queries" 'BEGIN { for (at = 9; at < n; at += 10) for (q = at - 9; q <= at; q++) s += q; print s }')
table=$(
    for engine in salvia salsa; do
        # The dependencies, and the state an incremental build starts from.
        build "small-$engine"
        says "debug/small-$engine" 42
    done
    measured "$rounds" small
    times "two queries: rebuild after an edit" small
    # From here on programs are built whole.
    export CARGO_INCREMENTAL=0
    for engine in salvia salsa; do
        build "many$few-$engine"
        build "many$few-$engine" --release
    done
    measured "$large_rounds" "many$queries"
    times "$queries queries: build and link, debug" "many$queries"
    measured "$large_rounds" "many$queries" --release
    times "$queries queries: build and link, release" "many$queries"
    for engine in salvia salsa; do
        says "release/many$queries-$engine" "$sum"
    done
    per_query() {
        echo $((($(text "many$queries-$1") - $(text "many$few-$1")) / (queries - few)))
    }
    row "text of a query, release, bytes" "$(per_query salvia)" "$(per_query salsa)"
)
{
    printf '# What queries cost the compiler\n\n'
    printf 'Made by `benches/compile/run.sh`; medians of %s rounds, of the large programs %s, engines in turns.\n' "$rounds" "$large_rounds"
    printf 'The dependencies are built before; the large programs are built whole.\n\n'
    printf -- '- date: %s\n- salvia: %s\n- compiler: %s\n' "$(date -u +%Y-%m-%d)" "$(git describe --always)" "$(rustc --version)"
    printf -- '- machine: %s, %s cores\n\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)"
    printf '| | salvia | salsa | ratio |\n|---|--:|--:|--:|\n%s\n' "$table"
} | tee RESULTS.md
