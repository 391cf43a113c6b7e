# shellcheck shell=bash
# Tools that come as crates: built once into the cache, outside the tree. Sourced after common.sh.

# cargo_tool NAME VERSION: puts the tool on the PATH, unless it is already there in any version.
cargo_tool() { have "$1" || PATH=$PATH:$(cargo_tool_path "$1" "$2"); }

# cargo_tool_path NAME VERSION: prints the folder with exactly this version of the tool.
cargo_tool_path() {
    local root=$CACHE/cargo-tools/$1-$2
    with_lock "$1" install_cargo_tool "$1" "$2" "$root"
    printf '%s\n' "$root/bin"
}

install_cargo_tool() {
    stamped "$3" "$1 $2" && return
    say "building $1 $2 (once; some minutes)"
    mkdir -p "$3"
    # Outside the tree, because its intermediate files are not reused and the workspace's settings must not apply.
    (cd "$CACHE" && cargo install --quiet --locked --version "$2" --root "$3" "$1" >&2)
    write_stamp "$3" "$1 $2"
}
