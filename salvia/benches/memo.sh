#!/usr/bin/env bash
# Counts the instructions of a hit of each kind of memo, by callgrind: the difference of two runs, divided by the
# difference of their hits. What the loop around the calls costs is taken off.
set -euo pipefail
cd "$(dirname "$0")/../.."

FEW=10000 MANY=30000
OUT=$(mktemp)
trap 'rm -f "$OUT"' EXIT

export CARGO_TERM_COLOR=never
BENCH=$(cargo bench -q -p salvia --bench memo --no-run --message-format=json |
    grep -o '"executable":"[^"]*/memo-[^"]*"' | tail -1 | cut -d'"' -f4)

instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$BENCH" "$1" "$2" 2>"$OUT" >/dev/null
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$OUT"
}

each() {
    echo $((($(instructions "$1" $MANY) - $(instructions "$1" $FEW)) / (MANY - FEW)))
}

LOOP=$(each loop)
printf '%-12s %s\n' kind "instructions a call"
for kind in function single lru instance text projection shared; do
    printf '%-12s %s\n' "$kind" $(($(each "$kind") - LOOP))
done
