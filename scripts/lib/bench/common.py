"""What the benchmarks share: processor time in pairs, peers, clips."""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = ROOT / "build/release"
FILES = ROOT / "build/bench"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "nightreel"
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


EXTRA = {}  # variables that a subject sets for all that it runs


def environment():
    """Ours with the processor's own kernels, whatever tests pin; one thread."""
    return {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")} | ONE_THREAD | EXTRA


def run(command, codes=(0,)):
    """Standard output of a command that must succeed."""
    command = [str(word) for word in command]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environment(), check=False)
    if done.returncode not in codes:
        sys.exit(f"bench: {' '.join(command)}: exit code {done.returncode}\n{done.stderr.decode(errors='replace')[-800:]}")
    return done.stdout


def cpu_seconds(command):
    """User and system time of a command and all that it waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def reported_seconds(command):
    """What a program says that its own work took (it leaves its start out)."""
    return json.loads(run(command))["seconds"]


def compare(name, above, below, runs, seconds=cpu_seconds):
    """One row, named "above / below": both in turns, after one of each to warm the caches."""
    seconds(above), seconds(below)
    pairs = [(seconds(above), seconds(below)) for _ in range(runs)]
    ratios = [a / b for a, b in pairs]
    row = {
        "name": name,
        "above_s": round(statistics.median(a for a, _ in pairs), 3),
        "below_s": round(statistics.median(b for _, b in pairs), 3),
        "ratio": round(statistics.median(ratios), 3),
        "ratio_min": round(min(ratios), 3),
        "ratio_max": round(max(ratios), 3),
    }
    print(f"bench: {row}", file=sys.stderr)
    return row


def build(folder, target, *options):
    """A program of tests/bench, in a release build in a folder of its own."""
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(["cmake", "--preset", "release", "-B", folder, *options], cwd=ROOT, **quiet)
    subprocess.run(["cmake", "--build", folder, "--target", target, "-j2"], **quiet)
    return folder / target


def peer_python():
    """The interpreter that has the peers: a virtual environment made once."""
    here, wanted = CACHE / "peers", ROOT / "scripts/lib/requirements-peers.txt"
    python, mark = here / "bin/python", here / "requirements.txt"
    if not mark.exists() or mark.read_text() != wanted.read_text():
        print("bench: fetching the peers, 300 MB ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", here], check=True)
        subprocess.run([python, "-m", "pip", "--disable-pip-version-check", "-q", "install", "--no-deps", "--only-binary=:all:",
                        "--require-hashes", "-r", wanted], check=True)
        mark.write_text(wanted.read_text())
    return python


def peer(name):
    return [peer_python(), ROOT / "scripts/lib/bench" / f"peer_{name}.py"]


def ffmpeg(out, *arguments):
    """A file of FFmpeg's, made once under its own name when it is whole."""
    out = FILES / out
    if not out.exists():
        print(f"bench: making {out.name} ...", file=sys.stderr)
        FILES.mkdir(parents=True, exist_ok=True)
        part = out.with_name("part." + out.name)
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments), part], check=True)
        part.rename(out)
    return out


def noise(ending, seconds, encoding):
    """Mono noise at the rate that MFCC are taken at."""
    return ffmpeg(f"noise-{seconds}s.{ending}", "-f", "lavfi", "-i", "anoisesrc=color=pink:sample_rate=22050:seed=1", "-t", seconds,
                  *encoding)


def main(doc, subjects):
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    for name, module in subjects.items():
        one = what.add_parser(name, description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        one.add_argument("--program", default=BUILD / "nightreel")
        one.add_argument("--runs", type=int, default=5)
        module.options(one)
    args = parser.parse_args()
    print(json.dumps({"bench": args.what, "runs": args.runs, "results": subjects[args.what].bench(args)}, indent=1, ensure_ascii=False))
