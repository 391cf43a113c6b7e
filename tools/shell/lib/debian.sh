# shellcheck shell=bash
# Debian's packages: installing them on this machine, and unpacking those of another release into a root
# directory of its own. Sourced after common.sh. The mirror is always the one this machine already uses.

apt_get() {
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get -q -o DPkg::Lock::Timeout=300 "$@"
}

# apt_install PACKAGE...: tries the present package lists first, and updates them only if that fails. One process at a time,
# because apt waits for the lock of its packages, but not for that of its lists.
apt_install() {
    have apt-get || die "please install these by hand (there is no apt-get here): $*"
    with_lock apt install_now "$@"
}

install_now() {
    say "installing $*"
    apt_get install -y --no-install-recommends "$@" >/dev/null 2>&1 && return
    apt_get update >/dev/null
    apt_get install -y --no-install-recommends "$@" >/dev/null
}

# require COMMAND=PACKAGE...: installs the packages whose command is missing, all at once; if none is missing, it does
# nothing.
require() {
    local pair missing=()
    for pair in "$@"; do
        have "${pair%%=*}" || missing+=("${pair#*=}")
    done
    [ "${#missing[@]}" -eq 0 ] || apt_install "${missing[@]}"
}

mirror_in_lists() {
    # shellcheck disable=SC2016 # for apt to expand
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 'Component: main' 2>/dev/null |
        head -n 1
}

# debian_mirror: prints the address of the Debian archive in the machine's apt sources. apt reads both formats of the
# sources. It needs downloaded release files to know which archive is Debian's, hence the update if there are none yet.
debian_mirror() {
    local uri=${SALEKIT_DEBIAN_MIRROR:-}
    [ -n "$uri" ] || uri=$(mirror_in_lists)
    if [ -z "$uri" ]; then
        with_lock apt apt_get update >/dev/null
        uri=$(mirror_in_lists)
    fi
    [ -n "$uri" ] || die "no Debian archive among this machine's apt sources: set SALEKIT_DEBIAN_MIRROR"
    printf '%s\n' "$uri"
}

# debian_root DIR SUITE PACKAGE...: unpacks packages with all their dependencies into DIR. Nothing is configured and no
# maintainer script runs, so it is quick and does not change the machine.
debian_root() {
    local dir=$1 suite=$2 what mirror
    shift 2
    what="$suite $*"
    stamped "$dir" "$what" && return
    [ "$(id -u)" -eq 0 ] || die "a root directory can be made by root only"
    require mmdebstrap=mmdebstrap
    mirror=$(debian_mirror)
    say "unpacking $suite's $1 and what it needs (once; some minutes)"
    discard "$dir"
    mkdir -p "$dir"
    local IFS=,
    # A mirror that lags behind may have expired release files. The signatures are still checked.
    mmdebstrap --quiet --mode=root --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
        --include="$*" "$suite" "$dir" "$mirror"
    write_stamp "$dir" "$what"
}

# in_root ROOT COMMAND...: runs a command in a Debian root. The mounts are in a separate namespace and end with the
# command, so that deleting ROOT later cannot delete the work tree through it. The needed folders have the same paths
# inside and outside, so that paths in messages and build files are valid in both. The network is shared.
in_root() {
    local root=$1
    shift
    [ "$(id -u)" -eq 0 ] || die "mounting is for root only (a swift on the PATH needs no root)"
    local binds=(/tmp "$PROJECT" "$PWD" "$CACHE" "${CARGO_HOME:-$HOME/.cargo}")
    [ -z "${CARGO_TARGET_DIR:-}" ] || binds+=("$CARGO_TARGET_DIR")
    # shellcheck disable=SC2016 # expanded by the inner shell
    unshare --mount --propagation private bash -euc '
        root=$1 cwd=$2 count=$3
        shift 3
        mkdir -p "$root/proc" "$root/dev" "$root/etc"
        mount --rbind /proc "$root/proc"
        mount --rbind /dev "$root/dev"
        # DNS resolution, user names and trusted roots from outside, because the extracted root has none.
        mkdir -p "$root/etc/ssl/certs"
        for file in hosts resolv.conf nsswitch.conf passwd group ssl/certs/ca-certificates.crt; do
            [ -e "/etc/$file" ] || continue
            [ -e "$root/etc/$file" ] || : >"$root/etc/$file"
            mount --bind "/etc/$file" "$root/etc/$file"
        done
        for ((; count > 0; count--)); do
            [ "$1" = / ] || { mkdir -p "$1" "$root$1"; mount --rbind "$1" "$root$1"; }
            shift
        done
        exec chroot "$root" /usr/bin/env --chdir="$cwd" "$@"
    ' in_root "$root" "$PWD" "${#binds[@]}" "${binds[@]}" "$@"
}
