"""Cleaning a log of ten million rows (345 MB; 1% lack a field, 5% are there twice):
`nightreel clean`, its start included, against pandas (read_csv, dropna, drop_duplicates,
to_csv) and Polars (the same; in memory in the order of the rows, and streaming without),
whose imports are left out. In turns, with one thread and with two of Polars' (ours has one by
default); pandas knows one only and is left out of the rows with two.

Ours has `--rule repeated-view=keep`, which the peers do not do; what `dropna` drops are
rows without user, video, action or time, which ours rejects by default, and the log has no
other fault. That all keep the same rows is checked: their number and a digest of their key
columns, sorted, in the first row; ours has the same bytes in the others. `vs_X` is the
peer's wall clock over ours, `cpu_vs_X` its processor time over ours, `memory_vs_X` its
greatest resident memory over ours: medians of the ratios run by run, with the least and
the greatest. The last row is ours by its default rules, which
hold the log in memory (two threads serve nothing there)."""
import filecmp
import json
import os
import statistics
import subprocess
import sys
import time

from . import common

PEERS = ("pandas", "polars", "polars-streaming")
STREAMED = ("--rule", "repeated-view=keep")


def options(parser):
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--peers", choices=PEERS, nargs="+", default=PEERS)


def run(command, out, threads):
    """Wall clock (s), processor time (s) and greatest resident memory (MiB)."""
    environment = common.environment() | {"POLARS_MAX_THREADS": str(threads)}
    peer = "peer_clean" in " ".join(map(str, command))
    start = time.perf_counter()
    with open(os.devnull if peer else out, "wb") as sink:
        child = subprocess.Popen([*map(str, command)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if peer else sink, env=environment)
        said = child.stdout.read() if peer else b""
        _, code, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(code)
    wall = time.perf_counter() - start
    if child.returncode:
        sys.exit(f"bench: {command}: exit code {child.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    if peer:
        wall, cpu = json.loads(said)["wall"], json.loads(said)["cpu"]
    return {"wall": wall, "cpu": cpu, "memory": usage.ru_maxrss / 1024}


def ratios(row, key, peer, runs, ours):
    values = [above / below for above, below in zip(runs, ours, strict=True)]
    row[f"{key}{peer}"] = round(statistics.median(values), 2)
    row[f"{key}{peer}_range"] = [round(min(values), 2), round(max(values), 2)]


def compare(name, ours, log, threads, runs, peers):
    """One row."""
    outs = {who: common.FILES / f"clean-{who}.csv" for who in peers} | {"ours": common.FILES / f"clean-ours-{threads}.csv"}
    commands = {"ours": [*ours, log]} | {who: [*common.peer("clean"), who, log, outs[who]] for who in peers}
    measured = {who: [] for who in commands}
    for _ in range(runs):
        for who, command in commands.items():
            measured[who].append(run(command, outs[who], threads))
            print(f"bench: {name}: {who} {measured[who][-1]}", file=sys.stderr)
    row = {"name": name, "seconds": round(statistics.median(one["wall"] for one in measured["ours"]), 2),
           "cpu_seconds": round(statistics.median(one["cpu"] for one in measured["ours"]), 2),
           "mib": round(statistics.median(one["memory"] for one in measured["ours"]))}
    for who in peers:
        for key, what in (("vs_", "wall"), ("cpu_vs_", "cpu"), ("memory_vs_", "memory")):
            ratios(row, key, who.replace("-", "_"), [one[what] for one in measured[who]], [one[what] for one in measured["ours"]])
    return row, outs


def check(outs):
    """The same rows, whoever cleaned."""
    kept = {who: json.loads(common.run([*common.peer("clean"), "digest", out])) for who, out in outs.items()}
    if len({json.dumps(one, sort_keys=True) for one in kept.values()}) != 1:
        sys.exit(f"bench: the rows kept differ: {kept}")
    return kept["ours"]


def bench(args):
    log = common.FILES / f"log-{args.rows}.csv"
    if not log.exists():
        print(f"bench: making {log.name} ...", file=sys.stderr)
        common.FILES.mkdir(parents=True, exist_ok=True)
        part = log.with_name("part." + log.name)
        common.run([*common.peer("clean"), "make", part, args.rows])
        part.rename(log)
    rows, first = [], None
    for threads in args.threads:
        name = f"clean, {args.rows} rows, {threads} thread{'s' * (threads > 1)}"
        peers = [peer for peer in args.peers if threads == 1 or peer != "pandas"]
        row, outs = compare(name, [args.program, "clean", *STREAMED], log, threads, args.runs, peers)
        first = first or outs["ours"]
        if not rows:
            row["kept"] = check(outs)
        elif not filecmp.cmp(first, outs["ours"], shallow=False):
            sys.exit("bench: the bytes differ with the number of threads")
        rows.append(row)
    rows.append(compare(f"clean by the default rules, {args.rows} rows", [args.program, "clean"], log, 1, args.runs, PEERS[1:2])[0])
    return rows
