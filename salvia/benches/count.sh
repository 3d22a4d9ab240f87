#!/usr/bin/env bash
# Instructions, as valgrind counts them, of what a bench does once: the difference of a short run and a long one, so that what
# is before and after falls out. Does not depend on what else the machine does.
#
#   salvia/benches/count.sh BENCH [kind..]      BENCH is paths, memo or scope; what there is of kinds, the bench says
#
# From the kinds of memo and scope, the loop around the calls is taken off.
set -euo pipefail
cd "$(dirname "$0")/../.."

few=10000
many=40000

bench=$1
shift
built=$(cargo bench -p salvia --bench "$bench" --no-run 2>&1)
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

once() {
    local short long
    short=$(instructions "$1" $few)
    long=$(instructions "$1" $many)
    awk -v d=$((long - short)) -v n=$((many - few)) 'BEGIN { printf "%.1f", d / n }'
}

loop=0
case $bench in
paths) all="hit hit-in-a-body get request execute execute-in-a-chain subscribe commit commit-a-set flow cut-off fan-flow fan-cut-off" ;;
memo) all="function single lru instance text projection shared" loop=$(once loop) ;;
scope) all="call places current nested number text" loop=$(once loop) ;;
esac
if [ $# -eq 0 ]; then
    # shellcheck disable=SC2086
    set -- $all
fi
printf '| %s | instructions |\n|---|--:|\n' "$bench"
for kind in "$@"; do
    printf '| %s | %s |\n' "$kind" "$(awk -v a="$(once "$kind")" -v b="$loop" 'BEGIN { printf "%.1f", a - b }')"
done
