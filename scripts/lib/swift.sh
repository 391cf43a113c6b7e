# shellcheck shell=bash
# Swift's tools: those on the PATH, else those that scripts/setup-swift put into the cache. Sourced after debian.sh.

# swift_tool NAME ARGUMENT...: runs `swift` or `swiftc`.
swift_tool() (
    # The compiler's driver leaves temporary folders behind: they are put where they can be taken away. In /tmp, which
    # is there inside the root too.
    TMPDIR=$(mktemp -d /tmp/swift.XXXXXX)
    export TMPDIR
    trap 'rm -rf "$TMPDIR"' EXIT
    if have swift; then
        "$@"
        return
    fi
    "$PROJECT/scripts/setup-swift"
    # SwiftPM keeps caches in HOME: outside the tree, and not the user's own, which is not there inside the root.
    mkdir -p "$CACHE/swift-home"
    in_root "$CACHE/swift" env PATH=/usr/libexec/swift/bin:/usr/bin:/bin HOME="$CACHE/swift-home" "$@"
)
