"""peer_ials FILE FACTORS ITERATIONS ALPHA LAMBDA THREADS cg|cholesky: implicit's alternating
least squares on a log of behaviour.py's. Its own time of each iteration (its transposing
is left out), and the objective as nightreel/interest.h has it, in double."""
import json
import sys
import time

import numpy
import scipy.sparse
import threadpoolctl
from implicit.cpu.als import AlternatingLeastSquares

import behaviour

path, solver = sys.argv[1], sys.argv[7]
factors, iterations, threads = (int(sys.argv[i]) for i in (2, 3, 6))
alpha, penalty = float(sys.argv[4]), float(sys.argv[5])
users, items, starts, columns = behaviour.read(path)
values = numpy.full(len(columns), 1 + alpha, numpy.float32)
matrix = scipy.sparse.csr_matrix((values, columns.astype(numpy.int32), starts.astype(numpy.int64)), (users, items))
model = AlternatingLeastSquares(factors=factors, regularization=penalty, alpha=1, iterations=iterations, use_native=True,
                                use_cg=solver == "cg", num_threads=threads, random_state=1)
seconds = []
with threadpoolctl.threadpool_limits(1, "blas"):  # as its documentation asks for
    start = time.process_time()
    model.fit(matrix, show_progress=False, callback=lambda iteration, elapsed, loss: seconds.append(elapsed))
    processor_seconds = time.process_time() - start


def objective():
    x, y = model.user_factors.astype(float), model.item_factors.astype(float)
    total = numpy.sum((x.T @ x) * (y.T @ y)) + penalty * (numpy.sum(x * x) + numpy.sum(y * y))
    of_pair = numpy.repeat(numpy.arange(users), numpy.diff(starts).astype(numpy.int64))
    for at in range(0, len(columns), 1 << 20):
        dots = numpy.einsum("ij,ij->i", x[of_pair[at : at + (1 << 20)]], y[columns[at : at + (1 << 20)]])
        total += numpy.sum((1 + alpha) * (1 - dots) ** 2 - dots**2)
    return total


print(json.dumps({"seconds": sum(seconds) / iterations, "processor_seconds": processor_seconds / iterations, "objective": objective()}))
