# shellcheck shell=bash
# Tools that come as crates: built once into the cache, outside the tree. Sourced after common.sh.

# cargo_tool NAME VERSION: puts the tool on the PATH, unless it is already there.
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
    # Outside the tree, because its intermediate files are not reused and the workspace's settings must not apply.
    (cd "$CACHE" && cargo install --quiet --locked --version "$2" --root "$CACHE/cargo-tools" "$1")
}
