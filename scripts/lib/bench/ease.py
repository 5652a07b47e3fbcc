"""EASE on 10,000 videos, all of fit() in the C library, against LAPACK's dpotrf and dpotri
alone on the same system (OpenBLAS), in turns in one program, with as many threads; a log
that is made, 2.5 million pairs of 50,000 users. Processor time for one thread, the wall
clock for more. vs_lapack: LAPACK's time over ours. Two matrices: 1.6 GB."""
import json
import statistics
import sys

from . import common
from .ials import log


def options(parser):
    parser.add_argument("--users", type=int, default=50_000)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--pairs", type=int, default=2_500_000)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])


def row(program, path, threads, runs):
    key = "processor_seconds" if threads == 1 else "seconds"
    found = json.loads(common.run([program, path, 300, threads, runs]))
    seconds = {name: [t[key] for t in found["times"] if t["name"] == name] for name in ("lapack", "ours")}
    ratios = [a / b for a, b in zip(seconds["lapack"], seconds["ours"], strict=True)]
    result = {
        "name": f"dpotrf and dpotri / ease, {threads} threads",
        "above_s": round(statistics.median(seconds["lapack"]), 3),
        "below_s": round(statistics.median(seconds["ours"]), 3),
        "ratio": round(statistics.median(ratios), 3),
        "ratio_min": round(min(ratios), 3),
        "ratio_max": round(max(ratios), 3),
        "vs_lapack": round(statistics.median(ratios), 3),
        "greatest_difference": found["greatest_difference"],
    }
    print(f"bench: {result}", file=sys.stderr)
    return result


def bench(args):
    program, path = common.build(common.BUILD, "bench_ease"), log(args.users, args.items, args.pairs)
    return [row(program, path, t, args.runs) for t in args.threads]
