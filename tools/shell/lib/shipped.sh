# shellcheck shell=bash
# How the shipped library is compiled, stripped, measured and checked. Sourced after common.sh.
# The release profile is in Cargo.toml; here are the settings that a profile cannot have.

# Sourced, not run, so its variables are used elsewhere. The commas are for the linker.
# shellcheck disable=SC2034,SC2054

# The folder of the shipped libraries and packages.
SHIPPED=${CARGO_TARGET_DIR:-$PROJECT/target}/shipped

# shipped_flags TARGET: prints rustc's flags for a shipped library, separated for CARGO_ENCODED_RUSTFLAGS.
shipped_flags() {
    local target=$1 folder flags=()
    # Panic messages name source files: use paths in the project or crate, not of the build machine.
    for folder in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do flags+=("--remap-path-prefix=$folder="); done
    flags+=("--remap-path-prefix=$PROJECT/=" "--remap-path-prefix=${CARGO_TARGET_DIR:-$PROJECT/target}/=")
    flags+=("--remap-path-prefix=$CACHE/cross/target/=" "--remap-path-prefix=$CACHE/cross/target-root/=")
    # For the standard library, if it is compiled from source. Later flags win.
    for folder in "$CACHE"/cross/*/lib/rustlib/src/rust/ "$CACHE"/cross/rust-src/; do
        [ ! -d "$folder" ] || flags+=("--remap-path-prefix=$folder=rust/")
    done
    case $target in
    *-linux-*)
        # Fold functions with the same code, which rustc's lld and the NDK's support. Android needs 16 KB pages.
        flags+=(-Clink-arg=-Wl,--icf=all -Clink-arg=-Wl,-z,max-page-size=16384)
        # `opt-level = "z"` inlines up to a cost of 5. A function also needs about 40 bytes of unwind table, which that leaves out.
        flags+=(-Cllvm-args=-inline-threshold=15)
        ;;
    esac
    case $target in
    *-linux-android*)
        # Packed relocations, which Android supports since API 23. The build id joins a crash report to its symbols; the NDK's
        # clang writes none by itself.
        flags+=(-Clink-arg=-Wl,--pack-dyn-relocs=android -Clink-arg=-Wl,--build-id=sha1)
        # On arm64, LLVM moves repeated instructions into functions of their own if that saves a byte of code. Each such
        # function also needs about 30 bytes of unwind table, which LLVM does not count, and hides a repetition from compression.
        flags+=(-Cllvm-args=-outliner-benefit-threshold=60)
        ;;
    esac
    local IFS=$'\x1f'
    printf '%s' "${flags[*]}"
}

# strip_shipped FILE OUT: a copy without symbols; those of FILE are needed to generate bindings and to read crash
# reports.
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

# with_lines COMMAND...: cargo with line tables, which the release profile leaves out. They change no code: what is shipped is
# stripped of them, and keep_symbols keeps them.
with_lines() { CARGO_PROFILE_RELEASE_DEBUG=line-tables-only CARGO_PROFILE_RELEASE_STRIP=none "$@"; }

# keep_symbols FILE OUT: the symbols and line tables of FILE without its code, as Google Play and ndk-stack read them.
keep_symbols() {
    mkdir -p "$(dirname "$2")"
    "${LLVM_OBJCOPY:-llvm-objcopy}" --only-keep-debug "$1" "$2"
}

bytes_of() { wc -c <"$1" | tr -d ' '; }
gzip_of() { gzip -9n <"$1" | wc -c | tr -d ' '; }

# budget TARGET KEY: a number from bindings/size-budget.toml; nothing if TARGET has none.
budget() {
    awk -v table="[$1]" -v key="$2" '
        /^\[/ { inside = ($0 == table) }
        inside && $1 == key { gsub("_", "", $3); print $3 }' "$PROJECT/bindings/size-budget.toml"
}

# alignments FILE: the alignments of a shared library's segments, each value once.
alignments() { llvm-readelf -lW "$1" | awk '$1 == "LOAD" { print $NF }' | sort -u; }

# shared_library TARGET [CARGO...]: builds the shared library in the release profile, with CARGO (by default
# cargo), and prints its path. Cargo omits link-time optimisation if a crate is also built as a Rust library, so only
# this kind is built.
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

# static_symbols FILE: the global symbols of a static library. The built-in functions of a standard library from source
# may be bitcode, which an older llvm-nm cannot read: it reports that and continues, so its status is ignored.
static_symbols() {
    { llvm-nm --defined-only --extern-only "$1" 2>/dev/null || true; } | awk 'NF == 3 { print $3 }' | sort -u
}
