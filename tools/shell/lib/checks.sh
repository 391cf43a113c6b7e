# shellcheck shell=bash
# The one way to count checks in bash, and the same lines as `tools/src/check.rs` prints: one for each check that does not hold,
# what was said of it below, and a closing line that scripts/test reads. Sourced.

passed=0 failed=0

# add_counts PASSED FAILED: of checks that were made together.
add_counts() { passed=$((passed + $1)) failed=$((failed + $2)); }

# holds NAME COMMAND...: one check, which COMMAND passes. NAME says what holds then. Its output is shown only if it fails.
holds() {
    local name=$1 said
    shift
    if said=$("$@" 2>&1); then
        add_counts 1 0
    else
        add_counts 0 1
        printf 'broken: %s\n' "$name"
        [ -z "$said" ] || printf '    %s\n' "${said//$'\n'/$'\n    '}"
    fi
}

# counts_of NAME COMMAND...: the checks of a command that counts its own. It has failed if it does not close, or ends badly.
counts_of() {
    local name=$1 said sums broken status=0
    shift
    echo "== $name"
    said=$("$@" 2>&1) || status=$?
    printf '%s\n' "$said"
    sums=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' <<<"$said" | tail -n 1) || sums='0 passed, 1 failed'
    broken=$(cut -d ' ' -f 3 <<<"$sums")
    if [ "$status" -ne 0 ] && [ "$broken" -eq 0 ]; then broken=1; fi
    add_counts "${sums%% *}" "$broken"
}

# close_checks: prints the closing line. Succeeds if all held, of which there must be one.
close_checks() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
