#!/usr/bin/env bash
# Tests the testers: takes one rule of the algorithm out at a time and expects a red test.
# Each bug names the test binary that has to find it; `model` gets 100,000 operations.
set -uo pipefail
cd "$(dirname "$0")/../.."

export RUSTFLAGS="--cfg salvia_bug" CARGO_TARGET_DIR=target/planted RUST_BACKTRACE=0
export SALVIA_SEQUENTIAL=100000 SALVIA_CONCURRENT=100000

bugs=(
    model:no-op-commits model:propagation-stops model:updates-hear-nothing
    model:change-at-the-edge-missed model:no-cut-off
    model:publish-over-newer model:private-published model:private-forgotten
    model:superseded-forgotten model:prune-ignores-pins model:publish-before-propagation
    model:dirty-subscription-kept model:look-before-subscribing model:renewal-deaf
    model:publication-deaf model:claims-not-joined model:older-result-taken
    model:after-ignored model:input-since-now model:gap-ignored
    it:compaction-forgets-updates sweep:no-release-on-drop it:poison-stored
    it:stale-comparison
    lib:repeats-are-edges
)
wanted=("$@")

test_of() {
    case $1 in
        lib) echo --lib ;;
        *) echo --test "$1" ;;
    esac
}

cargo test -q --release --locked -p salvia --lib --test model --test it --test sweep --no-run 2>/dev/null || exit 1
# Without a bug everything is green, or the red below would say nothing.
for binary in lib model it sweep; do
    # shellcheck disable=SC2046
    timeout 300 cargo test -q --release --locked -p salvia $(test_of $binary) >/dev/null 2>&1 ||
        { echo "$binary fails without a planted bug"; exit 1; }
done

found=0 missed=0
for bug in "${bugs[@]}"; do
    name=${bug#*:}
    [[ ${#wanted[@]} -gt 0 && ! " ${wanted[*]} " == *" $name "* ]] && continue
    # shellcheck disable=SC2046
    if SALVIA_BUG=$name timeout 120 cargo test -q --release --locked -p salvia $(test_of "${bug%:*}") >/dev/null 2>&1; then
        echo "MISSED $name"
        missed=$((missed + 1))
    else
        echo "found  $name"
        found=$((found + 1))
    fi
done
echo "$found planted bugs found, $missed missed"
[[ $missed -eq 0 ]]
