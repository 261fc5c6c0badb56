#!/bin/sh
# Shows what an edit costs: runs the pipeline, edits one function that several steps share, runs it again, undoes the edit.
# Exactly the steps that reach the function are computed again, and after the undo none is.
#
#     examples/flights/edit-one-helper.sh [cargo run's options, such as --release]
#
# `cargo test -p flights` checks the same, on any system, in a copy.
set -eu
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- --release

helper=examples/flights/src/stats.rs
saved=$(mktemp)
cp "$helper" "$saved"
restore() { cmp -s "$saved" "$helper" || cat "$saved" >"$helper"; }
trap 'restore; rm -f "$saved"' EXIT
trap 'exit 130' INT TERM

run() {
    printf '\n== %s\n' "$1"
    shift
    cargo run --quiet -p flights "$@"
}

run 'As it is: what is not in the cache yet is computed' "$@"
run 'Again: all hits' "$@"

# Another number each time: an edit that was made before has its results in the cache, and going back to it is a hit.
sed "s|(sorted.len() - 1) as f32;|(sorted.len() - 1) as f32 * 0.99$(date +%s);|" "$saved" >"$helper"
if cmp -s "$saved" "$helper"; then
    echo "$helper no longer holds the line that this script edits" >&2
    exit 1
fi
diff "$saved" "$helper" || true
run 'stats::quantile edited: the steps that take quantiles are computed, the model is not' "$@"

restore
run 'The edit undone: all hits again' "$@"
