# shellcheck shell=bash
# Swift's tools: those on the PATH, otherwise those that tools/shell/setup-swift put into the cache. Sourced after
# debian.sh.

# swift_tool NAME ARGUMENT...: runs `swift` or `swiftc`.
swift_tool() (
    # The compiler's driver leaves temporary folders behind. Put them into one folder that can be removed, in /tmp,
    # which also exists inside the root.
    TMPDIR=$(mktemp -d /tmp/swift.XXXXXX)
    export TMPDIR
    trap 'rm -rf "$TMPDIR"' EXIT
    if have swift; then
        "$@"
        return
    fi
    "$PROJECT/tools/shell/setup-swift"
    # SwiftPM keeps caches in HOME. Use a folder outside the tree; the user's own does not exist inside the root.
    mkdir -p "$CACHE/swift-home"
    in_root "$CACHE/swift" env PATH=/usr/libexec/swift/bin:/usr/bin:/bin HOME="$CACHE/swift-home" "$@"
)
