# shellcheck shell=bash
# Building for phones on a machine with neither the NDK nor Xcode: the standard library is compiled from source, and C
# (only ring has any) by Debian's clang. Sourced after common.sh and debian.sh; tools/shell/setup-cross must have run.

# Sourced, not run, so its variables are used elsewhere.
# shellcheck disable=SC2034
CROSS=$CACHE/cross
ANDROID_API=24
IOS_VERSION=15.0

ANDROID_TARGETS=(aarch64-linux-android x86_64-linux-android)
IOS_TARGETS=(aarch64-apple-ios aarch64-apple-ios-sim)

# cross_environment TARGET: exports what cargo, rustc and the cc crate need for TARGET.
cross_environment() {
    local target=$1 suffix=${1//-/_} flags=
    # -Zbuild-std is unstable; everything else is stable Rust, by the toolchain that also runs the tests.
    export RUSTC_BOOTSTRAP=1
    [ ! -x "$CROSS/rustc" ] || export RUSTC="$CROSS/rustc"
    # One folder for all targets, so that build scripts and macros, which run on this machine, are compiled only once.
    export CARGO_TARGET_DIR="$CROSS/target" CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0
    case $target in
    *-linux-android)
        # There are no C headers of bionic here; ring has an option for that.
        flags="--target=$target$ANDROID_API -nostdlibinc -DRING_CORE_NOSTDLIBINC=1"
        # clang's own header of that name would include stdlib.h on x86.
        [ "$target" != x86_64-linux-android ] || flags+=" -D__MM_MALLOC_H"
        export "CARGO_TARGET_$(tr a-z- A-Z_ <<<"$target")_LINKER=$PROJECT/tools/cross/android-linker"
        export CROSS_TARGET=$target CROSS_STUBS=$CROSS/stubs/$target ANDROID_API
        ;;
    *-apple-ios*)
        export IPHONEOS_DEPLOYMENT_TARGET=$IOS_VERSION
        # As on Android: ring without the platform's headers, but for one.
        flags="-nostdlibinc -DRING_CORE_NOSTDLIBINC=1 -I$PROJECT/tools/cross/include"
        # The cc crate does not ask Xcode if an SDK is named, even an empty one.
        export SDKROOT=$CROSS/iPhoneOS.sdk
        [ "$target" = aarch64-apple-ios ] || export SDKROOT=$CROSS/iPhoneSimulator.sdk
        ;;
    *) die "not a phone target known here: $target" ;;
    esac
    export "CC_$suffix=clang" "CFLAGS_$suffix=$flags" "AR_$suffix=llvm-ar"
}

# cross_cargo TARGET SUBCOMMAND ARGUMENT...: cargo for TARGET, with the standard library built from source.
cross_cargo() {
    local target=$1 subcommand=$2 run=()
    shift 2
    (
        cross_environment "$target"
        if [ -d "$CROSS/root" ]; then
            # The packages are only unpacked, so the link from cc to gcc is missing. Another compiler needs its own
            # output folder.
            export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER=gcc HOST_CC=gcc CARGO_TARGET_DIR=$CROSS/target-root
            export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo}
            run=(in_root "$CROSS/root" env PATH=/usr/bin:/bin)
        fi
        "${run[@]}" cargo "$subcommand" --quiet -Zbuild-std=std,panic_abort --target "$target" "$@"
    )
}
