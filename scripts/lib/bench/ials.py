"""Implicit alternating least squares, one iteration of it, against the Python package
implicit at equal factors, threads and iterations, on a log that is made: 100,000 users,
20,000 videos, 5 million pairs. Ours counts all of fit(), what comes before the
iterations included; theirs only the iterations, as it tells them. Processor time for one
thread, the wall clock for two. vs_implicit: its time over ours. The objective that both
end with is printed, too."""
import json

from . import common

ALPHA, LAMBDA = 5, 30


def options(parser):
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--pairs", type=int, default=5_000_000)
    parser.add_argument("--factors", type=int, nargs="+", default=[64, 128])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--iterations", type=int, default=5)


def log(users, items, pairs):
    """A log of behaviour.py's, made once."""
    path = common.FILES / f"log-{users}-{items}-{pairs}.bin"
    if not path.exists():
        common.FILES.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        common.run([common.peer_python(), common.ROOT / "scripts/lib/bench/behaviour.py", part, users, items, pairs])
        part.rename(path)
    return path


def row(program, path, factors, iterations, threads, steps, solver, runs):
    """Ours with `steps` of conjugate gradients (0: Cholesky), theirs with its cg or cholesky."""
    key, last = "processor_seconds" if threads == 1 else "seconds", {}
    same = [path, factors, iterations, ALPHA, LAMBDA, threads]
    ours, peer = [program, *same, steps], [*common.peer("ials"), *same, solver]

    def seconds(command):
        last[str(command[0])] = json.loads(common.run(command))
        return last[str(command[0])][key]

    ours_name = f"{steps} steps of conjugate gradients" if steps else "Cholesky"
    found = common.compare(f"implicit ({solver}) / ours ({ours_name}), {factors} factors, {threads} threads", peer, ours, runs,
                           seconds)
    found["vs_implicit"] = found["ratio"]
    found["objective_above"], found["objective_below"] = (last[str(c[0])]["objective"] for c in (peer, ours))
    return found


def bench(args):
    program, path = common.build(common.BUILD, "bench_ials"), log(args.users, args.items, args.pairs)
    rows = [row(program, path, f, args.iterations, t, 3, "cg", args.runs) for f in args.factors for t in args.threads]
    few = min(args.runs, 3)  # theirs takes 20 times as long by Cholesky
    rows.append(row(program, path, args.factors[0], args.iterations, 1, 3, "cholesky", few))
    rows.append(row(program, path, args.factors[0], args.iterations, 1, 0, "cholesky", few))
    return rows
