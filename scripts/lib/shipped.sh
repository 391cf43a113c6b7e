# shellcheck shell=bash
# What an app carries: how the library is compiled for it, stripped, measured and checked. Sourced after common.sh.
# The release profile is in Cargo.toml; here is what a profile cannot say.

# Sourced, not run; so what it sets is used elsewhere. The commas are the linker's.
# shellcheck disable=SC2034,SC2054

# The libraries that are shipped, and what is assembled of them.
SHIPPED=${CARGO_TARGET_DIR:-$PROJECT/target}/shipped

# shipped_flags TARGET: prints rustc's flags for a shipped library, separated as CARGO_ENCODED_RUSTFLAGS wants them.
shipped_flags() {
    local target=$1 folder flags=()
    # Panic messages name source files: by their place in the project or the crate, not on the machine that built them.
    for folder in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do flags+=("--remap-path-prefix=$folder="); done
    flags+=("--remap-path-prefix=$PROJECT/=" "--remap-path-prefix=${CARGO_TARGET_DIR:-$PROJECT/target}/=")
    flags+=("--remap-path-prefix=$CACHE/cross/target/=" "--remap-path-prefix=$CACHE/cross/target-root/=")
    # The standard library's, where it is compiled from source; later ones win.
    for folder in "$CACHE"/cross/*/lib/rustlib/src/rust/ "$CACHE"/cross/rust-src/; do
        [ ! -d "$folder" ] || flags+=("--remap-path-prefix=$folder=rust/")
    done
    case $target in
    *-linux-*)
        # Functions with the same code become one; rustc's own lld and the NDK's know how. 16 KB pages are Android's.
        flags+=(-Clink-arg=-Wl,--icf=all -Clink-arg=-Wl,-z,max-page-size=16384)
        ;;
    esac
    case $target in
    *-linux-android)
        # Relocations in a packed form that Android reads since API 23.
        flags+=(-Clink-arg=-Wl,--pack-dyn-relocs=android)
        ;;
    esac
    local IFS=$'\x1f'
    printf '%s' "${flags[*]}"
}

# strip_shipped FILE OUT: a copy without symbols; those of FILE are needed to generate bindings and to read crash reports.
strip_shipped() {
    local tool
    for tool in "${LLVM_STRIP:-llvm-strip}" strip; do
        if have "$tool"; then
            mkdir -p "$(dirname "$2")"
            "$tool" --strip-all -o "$2" "$1"
            return
        fi
    done
    die "neither llvm-strip nor strip is here"
}

bytes_of() { wc -c <"$1" | tr -d ' '; }
gzip_of() { gzip -9n <"$1" | wc -c | tr -d ' '; }

# budget TARGET KEY: a number out of bindings/size-budget.toml; nothing where TARGET has none.
budget() {
    awk -v table="[$1]" -v key="$2" '
        /^\[/ { inside = ($0 == table) }
        inside && $1 == key { gsub("_", "", $3); print $3 }' "$PROJECT/bindings/size-budget.toml"
}

# alignments FILE: what a shared library's segments are aligned to, each value once.
alignments() { llvm-readelf -lW "$1" | awk '$1 == "LOAD" { print $NF }' | sort -u; }

# shared_library TARGET [CARGO...]: builds the shared library in the release profile, with CARGO (cargo, unless said
# otherwise) and prints its path. Cargo leaves out link-time optimisation where a crate is built as a Rust library too,
# so it is told to make this one kind.
shared_library() {
    local target=$1 run=(cargo) file
    shift
    [ $# -eq 0 ] || run=("$@")
    file=$(
        CARGO_ENCODED_RUSTFLAGS=$(shipped_flags "$target")
        export CARGO_ENCODED_RUSTFLAGS
        "${run[@]}" rustc --quiet --manifest-path "$PROJECT/Cargo.toml" --locked --release --package salekit --lib \
            --crate-type cdylib --message-format json-render-diagnostics | built_file
    ) || return 1
    [ -f "$file" ] || return 1
    printf '%s\n' "$file"
}

# built_file: reads cargo's messages and prints the last library file among them.
built_file() {
    grep -o '"filenames":\["[^]]*"\]' | grep -o '"[^",]*\.\(so\|a\|dylib\)"' | tr -d '"' | tail -n 1
}

# static_symbols FILE: what a static library defines globally. The built-in functions of a standard library from source may
# still be bitcode, which an older llvm-nm cannot read: it says so and goes on, so its status tells nothing.
static_symbols() {
    { llvm-nm --defined-only --extern-only "$1" 2>/dev/null || true; } | awk 'NF == 3 { print $3 }' | sort -u
}
