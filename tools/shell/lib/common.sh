# shellcheck shell=bash
# What every script here shares: where the project and its cache are, messages, and locks.
# Sourced, not run, so its variables are used elsewhere.
# shellcheck disable=SC2034
# Packages and Debian roots are in debian.sh, phone targets in cross.sh.

# The project's root, with symbolic links resolved: the same path is used inside the Swift root.
PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)

# The cache for downloads and builds that all clones share, outside the tree. Deleting it is always safe.
CACHE=${SALEKIT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/salekit}

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

die() {
    say "$@"
    exit 1
}

# leave_out REASON: ends a suite that this machine cannot run. scripts/test counts it as neither passed nor failed, and says why.
leave_out() {
    printf 'left out: %s\n' "$*"
    exit 77
}

# tool NAME ARGUMENT...: the machinery in Rust. Paths must be absolute.
tool() { (cd "$PROJECT" && cargo tool "$@"); }

have() { command -v "$1" >/dev/null 2>&1; }

# with_lock NAME COMMAND...: lets only one process at a time build something in the cache; the others wait.
with_lock() {
    local name=$1
    shift
    mkdir -p "$CACHE"
    (
        flock 9
        "$@"
    ) 9>"$CACHE/$name.lock"
}

# stamped DIR WHAT: whether DIR was finished for exactly WHAT. The stamp is written last, so an interrupted
# set-up leaves none, and a change of WHAT repeats the set-up.
stamped() { [ -f "$1/.salekit-stamp" ] && [ "$(<"$1/.salekit-stamp")" = "$2" ]; }

write_stamp() { printf '%s\n' "$2" >"$1/.salekit-stamp"; }

# discard DIR: removes a folder of the cache, but never a file system that is mounted inside it.
discard() { rm -rf --one-file-system -- "$1"; }

# await WHAT SERVER LOG COMMAND...: until COMMAND succeeds. Shows LOG and fails once the process SERVER has ended, or after a minute.
await() {
    local what=$1 server=$2 log=$3 end=$((SECONDS + 60))
    shift 3
    until "$@" >/dev/null 2>&1; do
        if ! kill -0 "$server" 2>/dev/null || [ "$SECONDS" -ge "$end" ]; then
            cat "$log" >&2
            die "$what does not answer"
        fi
        sleep 0.1
    done
}
