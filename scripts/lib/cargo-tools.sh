# shellcheck shell=bash
# Tools that come as crates: built once into the cache, outside the tree. Sourced after common.sh.

# cargo_tool NAME VERSION: puts the tool on the PATH. One that is there already serves as it is.
cargo_tool() {
    local name=$1 version=$2
    PATH=$PATH:$CACHE/cargo-tools/bin
    have "$name" || with_lock "$name" install_cargo_tool "$name" "$version"
}

install_cargo_tool() {
    # Another process may have built it while this one waited for the lock.
    have "$1" && return
    say "building $1 $2 (once; some minutes)"
    mkdir -p "$CACHE/cargo-tools"
    # Its intermediate files are never used again, and a workspace's own settings are not meant for it.
    (cd "$CACHE" && cargo install --quiet --locked --version "$2" --root "$CACHE/cargo-tools" "$1")
}
