#!/usr/bin/env bash
# Installs the browser where it is missing, builds everything once and runs every test project: `dotnet test -c Release`, counted.
# The last line is `N passed, N failed, N skipped`; the exit code is 0 when nothing failed.
# Usage: ./test.sh [FILTER]      FILTER: as `dotnet test --filter` takes it
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
results=artifacts/tests
rm -rf "$results"
mkdir -p "$results"

fail() {
    echo "$1"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
}

scripts/install-dependencies.sh || fail "the tests need what is named above"
cuda=$(scripts/cuda-property.sh) || fail "RER_CUDA is not as it should be"
if ! dotnet build Rer.sln -c Release "$cuda" -m:2 -v quiet >"$results/build.log" 2>&1 </dev/null; then
    grep -E 'error|warning' "$results/build.log" | sort -u | head -n 40
    fail "the solution did not build; the whole log is $results/build.log"
fi

passed=0 failed=0 skipped=0
for project in tests/*.Tests; do
    name=$(basename "$project")
    log=$results/$name.log trx=$results/$name.trx
    # A test that hangs must not keep the others from being counted.
    timeout 900 dotnet test "$project" -c Release --no-build --results-directory "$results" --logger "trx;LogFileName=$name.trx" \
        ${1:+--filter "$1"} >"$log" 2>&1 </dev/null
    status=$?
    counters=$(grep -o '<Counters [^>]*>' "$trx" 2>/dev/null | tail -n 1)
    count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
    if [ -z "$counters" ] || { [ "$(count total)" -eq 0 ] && [ -z "${1:-}" ]; }; then
        tail -n 40 "$log"
        echo "$name: ran no test (exit code $status)"
        failed=$((failed + 1))
        continue
    fi
    project_passed=$(count passed)
    project_failed=$(($(count executed) - project_passed))
    project_skipped=$(($(count total) - $(count executed)))
    if [ "$project_failed" -gt 0 ]; then
        sed -n '/^ *Failed /,/^ *\(Passed\|Skipped\) /p' "$log" | head -n 200
    elif [ "$status" -ne 0 ]; then
        # The run broke off, by a crash or by the time limit: what it did not get to is not known to pass.
        tail -n 40 "$log"
        echo "$name: broke off (exit code $status)"
        project_failed=1
    fi
    echo "$name: $project_passed passed, $project_failed failed, $project_skipped skipped"
    passed=$((passed + project_passed)) failed=$((failed + project_failed)) skipped=$((skipped + project_skipped))
done

# Why tests were skipped, each reason once.
if [ "$skipped" -gt 0 ]; then
    awk 'BEGIN { RS = "<UnitTestResult " } /^[^>]*outcome="NotExecuted"/ && match($0, /<(Message|StdOut)>[^<]*/) {
        reason = substr($0, RSTART, RLENGTH); sub(/^<[A-Za-z]*>/, "", reason)
        gsub(/&quot;/, "\"", reason); gsub(/&apos;/, "\x27", reason)
        gsub(/&lt;/, "<", reason); gsub(/&gt;/, ">", reason); gsub(/&amp;/, "\\&", reason)
        count[reason]++
    } END { for (reason in count) printf "skipped %d: %s\n", count[reason], reason }' "$results"/*.trx | sort
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
