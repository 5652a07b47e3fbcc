# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # shared with common.sh and python.sh
# The language engine: llama.cpp, built from source for this machine's processor
# and installed as static libraries that find_package(llama) finds.
# Sourced after common.sh and python.sh.

engine_version=0.3.36
engine_source_bytes=76589250
engine_options=(
    -DCMAKE_BUILD_TYPE=Release
    -DCMAKE_INSTALL_LIBDIR=lib
    -DBUILD_SHARED_LIBS=OFF
    -DCMAKE_POSITION_INDEPENDENT_CODE=ON # nightreel_core is a shared library, too
    -DGGML_NATIVE=ON
    -DGGML_CCACHE=OFF
    -DLLAMA_BUILD_COMMON=OFF
    -DLLAMA_BUILD_TESTS=OFF
    -DLLAMA_BUILD_TOOLS=OFF
    -DLLAMA_BUILD_EXAMPLES=OFF
    -DLLAMA_BUILD_SERVER=OFF
    -DLLAMA_BUILD_APP=OFF
    -DLLAMA_BUILD_UI=OFF
    -DLLAMA_OPENSSL=OFF
)
# The compiler must have written all of the tiles' configuration before it is loaded: the
# intrinsic of GCC 12 names the first 8 of its 64 bytes alone, the others stay what was on
# the stack, and on a processor with AMX the program dies of it (a general protection
# fault at ldtilecfg).
engine_patch='s/^    _tile_loadconfig(&tc);/    __asm__ volatile("" : : "r"(\&tc) : "memory");\n&/'

# The build is for one processor: a home folder that moves to another machine must
# not bring libraries along whose instructions that machine lacks.
engine_key() {
    local flags
    flags=$(grep -m 1 -E '^(flags|Features)[[:space:]]*:' /proc/cpuinfo || true)
    printf '%s\n' "$(uname -m) $flags ${engine_options[*]} $engine_patch" | sha256sum | cut -c 1-8
}

engine_unpack() {
    local archive=$1 source=$2 root=llama_cpp_python-$engine_version/vendor/llama.cpp part
    local -a members=()
    for part in CMakeLists.txt LICENSE cmake ggml include src vendor; do
        members+=("$root/$part")
    done
    rm -rf "$source" "$source.part"
    mkdir -p "$source.part"
    tar -xzf "$archive" -C "$source.part" --strip-components=3 "${members[@]}" || return
    sed -i "$engine_patch" "$source.part/ggml/src/ggml-cpu/amx/mmq.cpp" || return
    grep -q '__asm__ volatile' "$source.part/ggml/src/ggml-cpu/amx/mmq.cpp" || return
    mv "$source.part" "$source"
}

# The prefix is filled under another name and renamed when it is whole.
engine_install() {
    rm -rf "$3.part"
    cmake --install "$2" --prefix "$3.part" || return
    cp "$1/LICENSE" "$3.part/LICENSE" || return
    rm -rf "$3"
    mv "$3.part" "$3"
}

# ensure_engine: builds what is missing and points engines/llama at it. Ninja knows
# which objects were finished, so a build that was killed goes on where it was.
ensure_engine() {
    local name prefix dir source
    name=llama-$engine_version-$(engine_key)
    prefix=$engines_dir/$name
    if [[ ! -d $prefix ]]; then
        dir=$work_dir/$name source=$work_dir/$name/source
        mkdir -p "$dir" "$engines_dir"
        if [[ ! -d $source ]]; then
            need_space 1000000000 "the language engine's build"
            ensure_venv
            fetch_dir=$dir fetch_total=$engine_source_bytes
            run_long "language engine: fetching the source ($(human $engine_source_bytes))" state_fetch \
                fetch_sdist "$dir" "$lib_dir/requirements-engine.txt" ||
                die "$EX_UNAVAILABLE" "cannot fetch the language engine's source"
            run_long "language engine: unpacking" state_none \
                engine_unpack "$dir/llama_cpp_python-$engine_version.tar.gz" "$source" ||
                die "$EX_IO" "cannot unpack the language engine's source"
        fi
        run_long "language engine: configuring" state_none \
            cmake -S "$source" -B "$dir/build" -G Ninja "${engine_options[@]}" ||
            die "$EX_SOFTWARE" "cannot configure the language engine"
        run_long "language engine: compiling (some 6 minutes of one core)" state_build \
            cmake --build "$dir/build" -j "$(nproc)" ||
            die "$EX_SOFTWARE" "cannot compile the language engine"
        run_long "language engine: installing" state_none engine_install "$source" "$dir/build" "$prefix" ||
            die "$EX_IO" "cannot install the language engine in '$prefix'"
        rm -rf "$dir"
    fi
    if [[ $(readlink "$engines_dir/llama" || true) != "$name" ]]; then
        ln -sfnT "$name" "$engines_dir/llama"
    fi
}
