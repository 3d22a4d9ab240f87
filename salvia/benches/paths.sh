#!/usr/bin/env bash
# Instructions of each path through the engine, once gone, as valgrind counts them: the difference of a short loop and a long
# one, so that what is before and after falls out. Does not depend on what else the machine does.
#
#   salvia/benches/paths.sh [path..]      the paths are those of paths.rs
set -euo pipefail
cd "$(dirname "$0")/../.."

few=10000
many=40000

built=$(cargo bench -p salvia --bench paths --no-run 2>&1)
program=$(sed -n 's/^ *Executable.*(\(.*\))$/\1/p' <<<"$built")
if [ -z "$program" ]; then
    printf '%s\n' "$built" >&2
    exit 1
fi

# The instructions of a run.
instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$1" "$2" 2>&1 |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

if [ $# -eq 0 ]; then
    set -- hit hit-in-a-body get request execute execute-in-a-chain subscribe commit commit-a-set flow cut-off
fi
printf '| path | instructions |\n|---|--:|\n'
for path in "$@"; do
    short=$(instructions "$path" $few)
    long=$(instructions "$path" $many)
    printf '| %s | %s |\n' "$path" "$(awk -v d=$((long - short)) -v n=$((many - few)) 'BEGIN { printf "%.1f", d / n }')"
done
