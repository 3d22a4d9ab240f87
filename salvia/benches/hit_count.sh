#!/usr/bin/env bash
# Instructions of one hit, as valgrind counts them: the difference of a short loop and a long one, so that what is before and
# after falls out. Does not depend on what else the machine does.
#
#   salvia/benches/hit_count.sh [kind..]      kinds: root body input request
set -euo pipefail
cd "$(dirname "$0")/../.."

few=2000
many=12000

built=$(cargo bench -p salvia --bench hit --no-run 2>&1)
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
    set -- root body input request
fi
printf '| hit | instructions |\n|---|--:|\n'
for kind in "$@"; do
    short=$(instructions "$kind" $few)
    long=$(instructions "$kind" $many)
    printf '| %s | %s |\n' "$kind" "$(awk -v d=$((long - short)) -v n=$((many - few)) 'BEGIN { printf "%.1f", d / n }')"
done
