"""peer_match PEER FOLDER DIMENSIONS THREADS WAITING: the best 20 inner products of each row of
FOLDER/users.f32 in FOLDER/videos.f32 by FAISS's flat index or by numpy."""
import json
import os
import sys
import time

PEER, FOLDER, DIMENSIONS, THREADS = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(THREADS)
os.environ["OMP_WAIT_POLICY"] = sys.argv[5]
import numpy  # noqa: E402
import threadpoolctl  # noqa: E402

LISTED, BLOCK = 20, 512


def read(name):
    return numpy.fromfile(f"{FOLDER}/{name}.f32", dtype=numpy.float32).reshape(-1, DIMENSIONS)


def numpy_search(videos, users):
    for first in range(0, len(users), BLOCK):
        scores = users[first : first + BLOCK] @ videos.T
        best = numpy.argpartition(scores, -LISTED, axis=1)[:, -LISTED:]
        numpy.take_along_axis(best, numpy.argsort(-numpy.take_along_axis(scores, best, axis=1)), axis=1)


def timed(work, rounds):
    taken = []
    for _ in range(rounds):
        start, cpu = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - start, time.process_time() - cpu))
    return min(taken)


videos, users = read("videos"), read("users")
if PEER == "faiss":
    import faiss

    faiss.omp_set_num_threads(THREADS)
    index = faiss.IndexFlatIP(DIMENSIONS)
    added, _ = timed(lambda: index.add(videos), 1)
    seconds, cpu_seconds = timed(lambda: index.search(users, LISTED), 3)
else:
    added = 0
    seconds, cpu_seconds = timed(lambda: numpy_search(videos, users), 1)
blas = [lib for lib in threadpoolctl.threadpool_info() if lib["user_api"] == "blas" and PEER in lib["filepath"]]
print(json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds, "add_seconds": added,
                  "blas": f"{blas[0]['internal_api']} {blas[0]['version']} {blas[0].get('architecture')}" if blas else None}))
