#!/usr/bin/env bash
# Read-only data of ordinary and of thin trait objects, for 200 types and for traits of one, two and four methods.
#
# Each program has a table of references to the 200 types and calls all methods through it. The two kinds of program differ in
# nothing but the kind of the references, so the difference of their read-only sections is what the tables of methods cost.
# Fails if that is not what the documentation of the crate says. Needs `size` of the binutils, and a target with ELF files.
set -euo pipefail
cd "$(dirname "$0")/../.."

TYPES=200
WORD=8

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --quiet --release --locked --package salvia-thin
deps=${CARGO_TARGET_DIR:-target}/release

# A program for a trait of $1 methods, with references written as $2 around the trait object.
program() {
    local methods=$1 before=$2 after=$3 type method
    echo 'use std::hint::black_box;'
    [[ $before == Ref* ]] && echo 'use salvia_thin::Ref; #[salvia_thin::thin_dyn]'
    echo 'trait Work {'
    for ((method = 0; method < methods; method++)); do echo "fn m$method(&self, by: u64) -> u64;"; done
    echo '}'
    for ((type = 0; type < TYPES; type++)); do
        echo "struct T$type(u64); static V$type: T$type = T$type($type); impl Work for T$type {"
        for ((method = 0; method < methods; method++)); do
            # No two bodies are equal, so that none is merged with another.
            echo "fn m$method(&self, by: u64) -> u64 { (self.0 ^ by).wrapping_mul($((type * 8 + method + 3))) }"
        done
        echo '}'
    done
    echo "static ALL: [${before}dyn Work + Sync$after; $TYPES] = ["
    for ((type = 0; type < TYPES; type++)); do
        case $before in
            Ref*) echo "Ref::new(&V$type)," ;;
            *) echo "&V$type," ;;
        esac
    done
    echo ']; fn main() { let mut sum = 0; for one in black_box(&ALL) {'
    for ((method = 0; method < methods; method++)); do echo "sum ^= one.m$method(black_box(sum));"; done
    echo '} println!("{sum}"); }'
}

# The bytes of the sections $2.. of the program $1.
bytes() {
    local file=$1 pattern
    shift
    pattern=$(IFS='|'; echo "$*")
    size -A "$file" | awk -v pattern="^($pattern)$" '$1 ~ pattern { sum += $2 } END { print sum + 0 }'
}

build() {
    rustc --edition 2024 -C opt-level=3 -C codegen-units=1 -C strip=debuginfo -L "dependency=$deps/deps" \
        --extern "salvia_thin=$deps/libsalvia_thin.rlib" -o "$work/$1" "$work/$1.rs"
}

failed=0
printf '%-8s %12s %12s %12s %12s\n' methods ordinary thin saved 'by type'
for methods in 1 2 4; do
    program "$methods" '&(' ')' >"$work/ordinary.rs"
    program "$methods" "Ref<'static, " '>' >"$work/thin.rs"
    build ordinary
    build thin
    [[ $("$work/ordinary") == "$("$work/thin")" ]] || { echo 'the programs disagree' >&2; exit 1; }
    ordinary=$(bytes "$work/ordinary" '[.]rodata.*' '[.]data[.]rel[.]ro.*')
    thin=$(bytes "$work/thin" '[.]rodata.*' '[.]data[.]rel[.]ro.*')
    saved=$((ordinary - thin))
    printf '%-8d %12d %12d %12d %12d\n' "$methods" "$ordinary" "$thin" "$saved" $((saved / TYPES))
    # Size, alignment and drop glue; with a single method its address as well.
    expected=$((TYPES * WORD * (methods == 1 ? 4 : 3)))
    if ((saved < expected)); then
        echo "expected $expected bytes" >&2
        failed=1
    fi
done
exit "$failed"
