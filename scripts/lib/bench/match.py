"""Exact best 20 of 100,000 videos for 4,096 users, one dense block of 256 numbers: ours
(nr_match_rank on records in memory, its matrix put together in that time, with the
probabilities' denominators over all candidates and 50 watched videos a user left out)
against FAISS's IndexFlatIP (the search alone, which has neither; `vs_faiss_with_add` has
its copy of the vectors in the time) and against numpy's product and argpartition. The
wall clock, best of three rounds in a run (at two threads six, three of FAISS's with
threads that wait actively; numpy: one), at two threads and at one, runs in
turns. `vs_faiss` is FAISS's time over ours. `product_share`: of our processor time, what
went into sgemm. Ends with an error where a list is not the best in double, or where one
thread and two differ by a byte. --scale: also how the cost grows over
four sizes, and a million videos (two rounds, no peer)."""
import json
import statistics
import sys

from . import common

VIDEOS, USERS, DIMENSIONS = 100000, 4096, 256
SIZES = (62500, 512), (125000, 1024), (250000, 2048), (500000, 4096)
MILLION = 1000000, 1024
ROUNDS = 3  # in a run; the best one counts, as with the peer


def options(parser):
    parser.set_defaults(runs=7)
    parser.add_argument("--kernel", help="OpenBLAS's kernel for both, such as Haswell: what processors without AVX-512 get")
    parser.add_argument("--scale", action="store_true", help="a million videos, and four sizes")


def ours(program, videos, users, threads, rounds):
    return json.loads(common.run([program, videos, users, DIMENSIONS, threads, rounds]))


def make_vectors(program):
    folder = common.FILES / f"vectors-{VIDEOS}-{USERS}-{DIMENSIONS}"
    if not (folder / "whole").exists():
        folder.mkdir(parents=True, exist_ok=True)
        common.run([program, VIDEOS, USERS, DIMENSIONS, 1, 1, folder])
        (folder / "whole").touch()
    return folder


def ratios(name, peers, mine, seconds):
    """Median, least and greatest of the peer's time over ours, run by run."""
    each = [seconds(peer) / own["seconds"] for peer, own in zip(peers, mine, strict=False)]
    return {name: round(statistics.median(each), 3), f"{name}_min": round(min(each), 3), f"{name}_max": round(max(each), 3)}


def faiss_time(command, waiting):
    return min((json.loads(common.run([*command, policy])) for policy in waiting), key=lambda one: one["seconds"])


def compare(args, program, folder, threads):
    peer = {name: [*common.peer("match"), name, folder, DIMENSIONS, threads] for name in ("faiss", "numpy")}
    mine, faiss, numpy = [], [], []
    # threads that wait actively, as is FAISS's default, are dear where others work: the faster way counts
    waiting = ("active", "passive") if threads > 1 else ("passive",)
    for run in range(args.runs):
        mine.append(ours(program, VIDEOS, USERS, threads, ROUNDS * len(waiting)))
        faiss.append(faiss_time(peer["faiss"], waiting))
        if run < 3:  # it is far behind
            numpy.append(json.loads(common.run([*peer["numpy"], "passive"])))
    row = {
        "name": f"best 20 of {VIDEOS} videos for {USERS} users, {DIMENSIONS} dimensions, threads: {threads}",
        "ours_s": round(statistics.median(one["seconds"] for one in mine), 3),
        "faiss_s": round(statistics.median(one["seconds"] for one in faiss), 3),
        "numpy_s": round(statistics.median(one["seconds"] for one in numpy), 3),
        **ratios("vs_faiss", faiss, mine, lambda one: one["seconds"]),
        **ratios("vs_faiss_with_add", faiss, mine, lambda one: one["seconds"] + one["add_seconds"]),
        "vs_faiss_cpu": round(statistics.median(a["cpu_seconds"] / b["cpu_seconds"] for a, b in zip(faiss, mine, strict=True)), 3),
        **ratios("vs_numpy", numpy, mine, lambda one: one["seconds"]),
        "product_share": round(statistics.median(one["product_share"] for one in mine), 3),
        "beyond_matrix_mib": max(one["growth_beyond_matrix_mib"] for one in mine),
        "probability_error": max(one["probability_error"] for one in mine),
        "blas": mine[0]["kernel"], "scan": mine[0]["scan"], "faiss_blas": faiss[0]["blas"], "numpy_blas": numpy[0]["blas"],
    }
    print(f"bench: {row}", file=sys.stderr)
    return row, {one["digest"] for one in mine}


def bench_size(program, videos, users):
    one, two = (ours(program, videos, users, threads, 2) for threads in (1, 2))
    if one["digest"] != two["digest"]:
        sys.exit(f"bench: {videos} videos, {users} users: one thread and two give different rankings")
    return {"name": f"{videos} videos, {users} users", "one_thread_s": round(one["seconds"], 3), "two_threads_s": round(two["seconds"], 3),
            "cpu_ns_a_pair": round(one["cpu_seconds"] / videos / users * 1e9, 3), "product_share": one["product_share"],
            "beyond_matrix_mib": two["growth_beyond_matrix_mib"], "peak_mib": two["peak_mib"]}


def bench(args):
    if args.kernel:
        common.EXTRA["OPENBLAS_CORETYPE"] = args.kernel
    program = common.build(common.BUILD, "bench_match")
    folder = make_vectors(program)
    rows, digests = [], set()
    for threads in (2, 1):
        row, found = compare(args, program, folder, threads)
        rows.append(row)
        digests |= found
    if len(digests) != 1:
        sys.exit("bench: one thread and two give different rankings")
    return rows + [bench_size(program, *size) for size in (*SIZES, MILLION) if args.scale]
