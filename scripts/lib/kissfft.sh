# shellcheck shell=bash
# shellcheck disable=SC2154  # common.sh sets them
# KissFFT's source, from the distribution's source package: CMake builds it for four
# transforms side by side (USE_SIMD), which no binary package has. Without it the
# program is built on the packaged KissFFT, which takes twice the time.
# Sourced after common.sh and packages.sh.

kissfft_version=131.1.0-4.1~deb12u1
kissfft_hashes="\
f1127030755a796521f8f0977f448a5c450d00e743cf316333c3bc860e137eb2  kissfft_$kissfft_version.dsc
76c1aac87ddb7258f34b08a13f0eebf9e53afa299857568346aa5c82bcafaf1a  kissfft_131.1.0.orig.tar.gz
bf7fe2596084b0a8b7e0486d9947cfd3216c4dac37924f266524ffae1de107e9  kissfft_$kissfft_version.debian.tar.xz"

# kissfft_fetch DIR: the source package into DIR, from where the binary package came.
# Entry and lists are in DIR: the system's own stay as they are.
kissfft_fetch() {
    local dir=$1 uri suite
    local -a options=(-q -o "Dir::Etc::SourceList=$dir/source.list" -o Dir::Etc::SourceParts=-
        -o "Dir::State::Lists=$dir/lists" -o "Dir::Cache=$dir/cache" -o APT::Sandbox::User=root)
    read -r uri suite < <(apt-cache madison libkissfft-dev |
        awk -F ' *[|] *' -v version="$kissfft_version" '$2 == version { split($3, at, " "); print at[1], at[2]; exit }') || return
    mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" || return
    echo "deb-src $uri ${suite%%/*} ${suite#*/}" >"$dir/source.list"
    apt-get "${options[@]}" update || return
    (cd "$dir" && apt-get "${options[@]}" source --download-only "kissfft=$kissfft_version")
}

kissfft_unpack() {
    local dir=$1 prefix=$2
    (cd "$dir" && sha256sum --strict --check <<<"$kissfft_hashes") || return
    rm -rf "$dir/source" "$prefix"
    dpkg-source --no-check -x "$dir/kissfft_$kissfft_version.dsc" "$dir/source" || return
    mv "$dir/source" "$prefix"
}

# ensure_kissfft: gets it where it is missing; that it cannot be had is no failure.
ensure_kissfft() {
    local prefix=$engines_dir/kissfft-$kissfft_version dir=$work_dir/kissfft
    [[ $(uname -m) == x86_64 ]] || return 0
    if [[ ! -d $prefix ]]; then
        mkdir -p "$dir" "$engines_dir"
        if ! run_long "fast Fourier transform: fetching the source (10 MB)" state_none kissfft_fetch "$dir" ||
            ! run_long "fast Fourier transform: unpacking" state_none kissfft_unpack "$dir" "$prefix"; then
            say "fast Fourier transform: going on with the packaged library"
            rm -rf "$dir"
            return 0
        fi
        rm -rf "$dir"
    fi
    if [[ $(readlink "$engines_dir/kissfft" || true) != "kissfft-$kissfft_version" ]]; then
        ln -sfnT "kissfft-$kissfft_version" "$engines_dir/kissfft"
    fi
}
