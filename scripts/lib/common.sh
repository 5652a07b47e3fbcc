# shellcheck shell=bash
# shellcheck disable=SC2034  # used where this is sourced
# Shared by the set-up, demo and test scripts: where things are, messages, long steps.
# Sourced, never run. The caller has set -euo pipefail.

# Everything that the set-up fetches or builds for itself lives here.
cache_dir=${XDG_CACHE_HOME:-$HOME/.cache}/nightreel
models_dir=$cache_dir/models
engines_dir=$cache_dir/engines
venv_dir=$cache_dir/venv
work_dir=$cache_dir/work      # half-done work: kept for resuming, removed when done
lib_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Exit codes, the same as the program's.
EX_USAGE=64 EX_NOINPUT=66 EX_UNAVAILABLE=69 EX_SOFTWARE=70 EX_CANTCREAT=73 EX_IO=74

say() { printf '%s\n' "$*"; }

# die CODE MESSAGE...: message to stderr with the script's name, then exit.
die() {
    local code=$1
    shift
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit "$code"
}

# human BYTES: a size for people, in decimal units as download tools print it.
human() { numfmt --to=si --suffix=B --format=%.1f "$1"; }

# duration SECONDS: 75 -> 1m15s
duration() {
    if (($1 < 60)); then
        printf '%ds' "$1"
    else
        printf '%dm%02ds' $(($1 / 60)) $(($1 % 60))
    fi
}

# dir_bytes DIR: bytes in a folder that another process is filling.
dir_bytes() { { du -sb "$1" 2>/dev/null || true; } | awk '{ n = $1 } END { print n + 0 }'; }

# The step under way: a process group of its own, which a signal to us must take along.
long_job=

stop_long_job() {
    if [[ -n $long_job ]]; then
        kill -TERM -- "-$long_job" 2>/dev/null || true
        wait "$long_job" 2>/dev/null || true
    fi
}
trap 'stop_long_job; trap - INT; kill -INT $$' INT
trap 'stop_long_job; trap - TERM; kill -TERM $$' TERM

# run_long NAME STATE COMMAND...: runs COMMAND with its output in a log, and
# prints NAME, the time gone and what the function STATE (given the log) says,
# every five seconds. On failure the log's end is shown and the step's code returned.
run_long() {
    local name=$1 state=$2 started=$SECONDS next=5 code=0 log gone
    shift 2
    log=$(mktemp "${TMPDIR:-/tmp}/nightreel-step.XXXXXX")
    say "$name ..."
    set -m
    "$@" >"$log" 2>&1 </dev/null &
    long_job=$!
    set +m
    while kill -0 "$long_job" 2>/dev/null; do
        sleep 0.2
        gone=$((SECONDS - started))
        if ((gone >= next)); then
            say "$name: $(duration "$gone")$("$state" "$log")"
            next=$((gone + 5))
        fi
    done
    wait "$long_job" || code=$?
    long_job=
    if ((code != 0)); then
        tail -n 30 "$log" >&2
        say "$name: failed after $(duration $((SECONDS - started))) (code $code)" >&2
    else
        say "$name: done in $(duration $((SECONDS - started)))"
    fi
    rm -f "$log"
    return "$code"
}

# States for run_long: nothing to add; a build tool's last [n/m] or [ n%].
state_none() { :; }
state_build() {
    local at
    at=$(grep -oE '^\[ *[0-9]+(%|/[0-9]+)\]' "$1" | tail -n 1 | tr -d ' ' || true)
    printf '%s' "${at:+, $at}"
}

# need_space BYTES WHAT: stops early, in words, when the cache's disk is too full.
need_space() {
    local free
    free=$(df --output=avail -B1 "$cache_dir" | tail -n 1)
    if ((free < $1)); then
        die "$EX_CANTCREAT" "not enough space in '$cache_dir' for $2: $(human "$1") needed, $(human "$free") free"
    fi
}
