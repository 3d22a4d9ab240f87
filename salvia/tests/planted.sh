#!/usr/bin/env bash
# Tests the testers: takes one rule out of the engine at a time, and expects a red test.
#
# Each line names a planted bug, the test binary that has to find it, and the tests there that are
# run. They find it every time: what is a matter of timing has its window opened by gates or by the
# planted code, and random programs are those of fixed seeds.
set -uo pipefail
cd "$(dirname "$0")/../.."

export RUSTFLAGS="--cfg salvia_bug" CARGO_TARGET_DIR="$PWD/target/planted" RUST_BACKTRACE=0 CARGO_TERM_COLOR=never

bugs=(
    # What was given up leaves nothing behind (F1), and ends (F5).
    "abort-renews it held::an_update_that_was_given_up"
    "no-release-on-drop it options::a_query_nobody_waits_for"
    "failure-leaves-record it errors::a_query_works_once"
    "released-before-it-is-gone it wakers::who_waits_for_a_task"
    "no-linger it options::a_query_nobody_waits_for"
    "last-waiter-unnoticed it options::a_query_somebody_waits_for"
    "detached-ignored it options::a_detached_query"
    "dropped-commit-lost it races::a_mutation_dropped_in_a_long_commit"
    "refusal-committed it mutations::an_err_rolls"

    # Every change arrives (F2).
    "end-included lib interval::tests"
    "past-forgotten lib interval::tests"
    "gap-ignored it gaps::"
    "change-at-the-edge-missed it reuse::a_change_runs_only"
    "change-ignored it reuse::a_change_runs_only"
    "change-above-missed it reuse::"
    "failed-check-is-no-change it failures::a_longer_cycle"
    "propagation-stops it reuse::a_change_runs_only"
    "publish-before-propagation it races::a_mutation_dropped_in_a_long_commit"
    "updates-hear-nothing it races::a_running_update_is_told"
    "compaction-forgets-updates it races::a_running_update_is_told"
    "publication-deaf it races::a_running_update_is_told"
    "via-untold it chains::who_reads_the_middle"
    "first-read-unheard it chains::a_change_while"
    "end-unasked it chains::nobody_waits"
    "closed-end-unheard it chains::who_waits"
    "evicted-without-its-end it chains::values_that_went"
    "end-not-handed-on it chains::a_link_that_cuts_off"
    "passed-on-counted it chains_given_up::nothing_of_a_chain"
    "running-link-unlisted it chains_given_up::what_a_running_link"
    "subscription-put-off it chains_given_up::an_expiring_value"
    "opened-before-kept it chains_given_up::a_value_that_was_cut_off"
    "owner-leaves-its-end lib keep::tests"
    "gap-lent it chains::a_chain_does_not_stretch"
    "graph-of-any-revision it graph::a_graph_is_of_one_revision"
    "roots-never-pause it liveness::"
    "long-commits-pass it liveness::a_loop_of_commits"
    "shutdown-sees-no-writer it closing_commits::a_shutdown_leaves"
    "work-after-the-end it closing_commits::a_refused_mutation"
    "retired-not-forgotten lib pin::tests"
    "first-siblings-in-a-row it parallel::busy::the_first_siblings_of_all"
    "renewal-deaf it outside::an_untracked_query_runs_once"
    "dirty-subscription-kept it reuse::only_the_dependencies"
    "look-before-subscribing it races::a_commit_while_a_value_is_taken"
    "moved-on-unnoticed it revisions::who_waits_for_an_older_update_hears"
    "told-beside-reads it again::what_goes_dirty"
    "dirty-read-followed it again::what_was_dirty"
    "passing-read-followed it again::what_is_read_again_and_was_made"
    "put-beside-reads lib state::tests"
    "seal-forgotten lib state::tests"
    "habit-believed it habit::a_body_that_reads_otherwise"
    "habit-forgotten it habit::what_is_read_as_the_last_time"
    "wrong-guess-unnoticed it habit::what_is_read_as_the_last_time"
    "habit-of-another-node lib store::tests"
    "one-lane lib slots::tests"
    "stale-comparison it races::a_memo_that_came"
    "changed-before-dirty lib publish::tests"
    "covered-replaced lib publish::tests"
    "publish-over-newer lib publish::tests"
    "private-published it private::what_was_made"
    "input-since-now it snapshots::a_snapshot_keeps_its_answers"
    "prune-ignores-pins it snapshots::a_clone_of_a_snapshot"
    "older-result-taken it revisions::who_waits_for_an_older_update_hears"
    "poison-stored it failures::nothing_is_stored"

    # What goes with a parent's run, and what does not.
    "lost-kept it anonymous::dropped::a_deleted_row"
    "busy-stays it anonymous::busy::a_row_whose_reader_gives_up"
    "gone-is-lost it anonymous::kept::"
    "outermost-says-so it anonymous::kept::a_row_that_the_past"
    "handled-watch-sleeps it watch::ends::a_failure_that_the_closure_handles"
    "abandoned-kept it anonymous::busy::rows_of_a_run_of_the_past"
    "state-survives it anonymous::dropped::a_row_brought_back"
    "hosted-late it anonymous::hosted::"
    "failed-not-called it anonymous::handled::a_row_whose_failure"
    "collected-unknown it anonymous::known::an_id_of_a_node"
    "sweep-never-yields it anonymous::many::many_rows_go"
    "buried-by-the-past it anonymous::disturbed::a_run_for_an_old_snapshot"

    # Nothing runs without need, and once a revision.
    "no-op-commits it inputs::setting_an_equal_value"
    "no-cut-off it reuse::an_equal_value_cuts"
    "claims-not-joined it concurrency::a_thousand_calls"
    "waiters-look-again it private::who_waits_takes"
    "private-forgotten it snapshots::a_private_result_is_computed_once"
    "superseded-forgotten it private::a_value_that_a_snapshot_reads"
    "repeats-are-edges lib edge::tests"

    # Nobody waits for ever: locks (F3), wake-ups (F4), callers that look away (F6), nesting (F11), cycles.
    "lock-over-eq it races::a_memo_that_came"
    "waiter-not-noted it wakers::a_waker_that_panics_leaves"
    "one-waiter-woken it wakers::a_waker_that_panics_leaves"
    "waker-panic-escapes it wakers::a_waker_that_panics_leaves"
    "change-wakes-nobody it revisions::who_waits_for_an_older_update_does_not"
    "failure-wakes-nobody it failures::a_failure_in_a_spawned_task"
    "watch-woken-before-publish it watch::strict::a_watch_is_woken"
    "watch-sleeps-while-dirty it watch::strict::a_change_told_during"
    "failed-watch-sleeps it watch::ends::a_failing_evaluation"
    "leader-drives it held::a_leader_held_unpolled_in_a_join"
    "nesting-unnoticed it nesting::a_mutation_inside_a_mutation"
    "no-yield it liveness::a_long_run_of_hits"
    "pending-ignored it revisions::a_query_of_a_new_revision"
    "private-run-awaited it private::a_private_run"
    "claims-unbounded it private::no_more_than_a_few"
    "cycle-not-looked-for it rings::a_cycle_through_three"
    "edge-after-walk it rings::a_cycle_begun_at_both_ends"
    "in-place-unseen it rings::"
    "restart-loses-the-next it revisions::an_update_that_begins"
    "lone-waiter-unseen it concurrency::who_joins_an_update_in_place"
    "runs-until-it-stands it snapshots::a_check_at_a_snapshot"
    "queue-overtaken it mutations::a_newcomer_goes"
    "cycle-across-revisions it rings::two_revisions"
    "checks-close-cycles it cycles::a_check_left_in_flight"
    "dropped-branch-waits it rings::a_dropped_branch"

    # What goes comes back, and takes nothing along: evicted values, nodes and inputs.
    "empty-is-a-hit it evict::"
    "check-wants-value it collections::a_check_of"
    "empty-is-equal it evict::early_cut_off"
    "refill-is-a-change lib publish::tests"
    "eviction-deaf model sequential::fixed"
    "eviction-forgets-mark it outside::an_untracked_query_runs_again"
    "evicted-while-updated it collections::a_value_that_is_being_checked"
    "freed-while-updated it evict::a_running_update"
    "freed-while-read model sequential::fixed"
    "gone-for-good it collections::a_node_that_goes"
    "set-input-freed it evict::an_input_that_was_set"

    # Writers and readers do not wait for each other (F12); what threads see of one another (F17).
    "commit-waits-for-readers it snapshots::a_snapshot_never_blocks"
    "commit-never-yields it parallel::commits::a_long_commit"
    "pin-race it snapshots::a_snapshot_taken_beside"
    "insert-unchecked lib table::tests"

    # Panics (F7), numbers used again (F8), hashes (F9), memory (F10), stacks (F13), checks in order (F14).
    "payload-lost it panics::a_payload"
    "drop-panic-escapes it drops::a_drop_that_panics_in_a_result"
    "failure-outlives-request it late::"
    "request-shared it requests::questions_beside_each_other"
    "generation-ignored it collections::a_slot_that_is"
    "generation-kept model sequential::fixed"
    "strangers-told it frames::a_slot_that_was"
    "hash-is-identity it keys::hosts_of_one_hash"
    "commit-prunes-nothing it memory::an_idle_snapshot"
    "side-table-leaked it memory::dropping_a_snapshot"
    "prune-later-forgotten it memory::dropping_a_snapshot"
    "waiter-not-removed it wakers::cancelled_waiters"
    "nesting-unbounded it stack::"
    "after-ignored it validation::a_guarded_item"

    # The end (F15), the outside world (F18), contexts away from home (F19).
    "tasks-left-at-shutdown it closing::a_shutdown_tells"
    "shutdown-does-not-wait it closing_commits::a_shutdown_waits"
    "tokio-not-entered it races::a_body_runs_in_the_tokio"
    "dead-tokio-unnoticed it shutdown::a_query_after_the_end"
    "untracked-ignored it outside::an_untracked_query"
    "untracked-mark-lost it outside::an_untracked_query"
    "untracked-validated it outside::an_untracked_query"
    "timer-outlives-value it outside::expiry::an_execution_that_was_replaced"
    "expiry-untold it outside::expiry::a_watch_two_levels"
    "finished-frame-accepted it frames::a_context_whose_execution"
)
wanted=("$@")

# Line tables are of no use here, and take a third of the time.
built=$(CARGO_PROFILE_DEV_DEBUG=0 cargo test --locked -p salvia --lib --test it --test model --no-run 2>&1) ||
    { echo "$built"; exit 1; }
binary() {
    case $1 in
        lib) grep -oP 'Executable unittests src/lib.rs \(\K[^)]+' <<<"$built" ;;
        *) grep -oP "Executable tests/$1(/main)?.rs \(\K[^)]+" <<<"$built" ;;
    esac
}

# Without a bug everything is green, or the red below would say nothing.
for test in lib it model; do
    mapfile -t filters < <(printf '%s\n' "${bugs[@]}" | awk -v test="$test" '$2 == test { print $3 }' | sort -u)
    if ! output=$(timeout 300 "$(binary "$test")" "${filters[@]}" 2>&1); then
        echo "$output"
        echo "$test fails without a planted bug"
        exit 1
    fi
done

found=0 missed=()
for line in "${bugs[@]}"; do
    read -r bug test filter <<<"$line"
    [[ ${#wanted[@]} -gt 0 && ! " ${wanted[*]} " == *" $bug "* ]] && continue
    begin=$SECONDS
    # In a shell of its own, which would else tell of every process that is aborted.
    if (SALVIA_BUG=$bug timeout 120 "$(binary "$test")" "$filter"; exit $?) >/dev/null 2>&1; then
        echo "MISSED $bug"
        missed+=("$bug")
    else
        echo "found  $bug ($((SECONDS - begin)) s)"
        found=$((found + 1))
    fi
done
echo "$found planted bugs found, ${#missed[@]} missed in $SECONDS s: ${missed[*]}"
[[ ${#missed[@]} -eq 0 ]]
