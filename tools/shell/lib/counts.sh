# shellcheck shell=bash
# Reads how many tests passed and failed from the output of each runner. Every function prints "PASSED FAILED".

# count_cargo LOG: cargo test closes every binary, and the doctests, with a "test result:" line.
count_cargo() {
    awk '/^test result: / {
        for (i = 2; i <= NF; i++) {
            if ($i == "passed;") passed += $(i - 1)
            if ($i == "failed;") failed += $(i - 1)
        }
    } END { print passed + 0, failed + 0 }' "$1"
}

# count_surefire FOLDER: the attributes of each <testsuite> in Surefire's XML reports; skipped tests are not counted.
count_surefire() {
    find "$1" -name 'TEST-*.xml' -exec cat {} + | grep -o '<testsuite [^>]*' | awk '
        function attribute(name) {
            return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : 0
        }
        { bad = attribute("failures") + attribute("errors"); failed += bad
          passed += attribute("tests") - bad - attribute("skipped") }
        END { print passed + 0, failed + 0 }'
}

# count_swift LOG: a line for each test by XCTest and by Swift Testing. The closing line of Swift Testing's whole run
# has the same form but contains a count; the lines of its suites say "Suite".
count_swift() {
    awk '
        /Test run with [0-9]+ test/ { next }
        /^Test Case .* passed \(/ || /^✔ Test .* passed after / { passed++ }
        /^Test Case .* failed \(/ || /^✘ Test .* failed after / { failed++ }
        END { print passed + 0, failed + 0 }' "$1"
}

# count_plain LOG: the closing "N passed, N failed" of this project's own checks, also where a tool has left codes for colours
# in front of it. Without one it prints nothing, which is a failure.
count_plain() {
    awk '{ gsub(/\033\[[0-9;]*m/, "") }
        /^[0-9]+ passed, [0-9]+ failed$/ { passed = $1; failed = $3; closed = 1 }
        END { if (closed) print passed, failed }' "$1"
}
