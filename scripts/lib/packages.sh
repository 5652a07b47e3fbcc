# shellcheck shell=bash
# shellcheck disable=SC2154  # common.sh sets them
# Debian packages: which of a list are missing, and their installation.
# Sourced after common.sh.

# package_list FILE...: the names in the lists, comments left out.
package_list() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$@"; }

# missing_packages NAME...: those that dpkg does not know as installed. A name
# that it never heard of makes dpkg-query fail; the others are listed all the same.
missing_packages() {
    local known
    # shellcheck disable=SC2016  # the format is dpkg's
    known=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
    printf '%s\n' "$@" | grep -vxF -f <(sed -n 's/^installed //p' <<<"$known") || true
}

state_apt() {
    awk '/^Need to get/ { size = $4 $5 } /^Get:/ { got++ } /^Unpacking / { unpacked++ } /^Setting up / { ready++ }
         END { if (size) printf ", %s to download; %d fetched, %d unpacked, %d set up", size, got, unpacked, ready }' "$1"
}

# as_root COMMAND...: directly, or through sudo that needs no more asking.
as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo -n "$@"
    fi
}

# can_be_root: true as root, or with sudo (which may ask for its password once).
can_be_root() {
    ((EUID == 0)) && return 0
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo -v; }
}

apt_get() {
    as_root env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"
}

# install_packages MODE NAME...: MODE is apt or no-apt. Does nothing, and needs
# neither network nor root, when everything is there.
install_packages() {
    local mode=$1 missing
    shift
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]} > 0)) || return 0
    if [[ $mode == no-apt ]]; then
        say "packages: missing, left alone (--no-apt): ${missing[*]}"
        return 0
    fi
    if ! command -v apt-get >/dev/null || ! can_be_root; then
        {
            echo "$(basename "$0"): Debian packages are missing and this user cannot install them; as root, run"
            echo "  apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
        } >&2
        exit "$EX_UNAVAILABLE"
    fi
    run_long "packages: updating the package lists" state_none apt_get update ||
        say "packages: the lists could not be updated, trying with the ones that are there"
    run_long "packages: installing ${#missing[@]}" state_apt \
        apt_get install --no-install-recommends "${missing[@]}" ||
        die "$EX_UNAVAILABLE" "cannot install the Debian packages"
}
