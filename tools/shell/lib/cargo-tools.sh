# shellcheck shell=bash
# Tools that come as crates: built once into the cache, outside the tree. Sourced after common.sh.

# cargo_tool NAME VERSION [OPTION...]: puts the tool on the PATH, unless it is already there in any version.
cargo_tool() { have "$1" || PATH=$PATH:$(cargo_tool_path "$@"); }

# cargo_tool_path NAME VERSION [OPTION...]: prints the folder with exactly this version of the tool, built with these options of
# cargo install.
cargo_tool_path() {
    local root=$CACHE/cargo-tools/$1-$2
    with_lock "$1" install_cargo_tool "$root" "$@"
    printf '%s\n' "$root/bin"
}

# install_cargo_tool FOLDER NAME VERSION [OPTION...]
install_cargo_tool() {
    local root=$1 what="${*:2}"
    stamped "$root" "$what" && return
    say "building $2 $3 (once; some minutes)"
    discard "$root"
    mkdir -p "$root"
    # Outside the tree, because its intermediate files are not reused and the workspace's settings must not apply.
    (cd "$CACHE" && cargo install --quiet --locked --version "$3" --root "$root" "${@:4}" "$2" >&2)
    write_stamp "$root" "$what"
}
