"""peer_evaluate trec_eval|ranx QRELS RUN: the measures that the peer shares with ours, and
the processor time of reading and measuring, as JSON."""
import json
import sys
import tempfile
import time
import warnings

CUTOFFS = (5, 10, 20)
TREC_NAMES = {"precision": "P", "recall": "recall", "ndcg": "ndcg_cut", "map": "map_cut", "hit_rate": "success"}


def by_trec_eval(qrels_path, run_path):
    import pytrec_eval

    start = time.process_time()
    with open(qrels_path, encoding="ascii") as file:
        qrels = pytrec_eval.parse_qrel(file)
    with open(run_path, encoding="ascii") as file:
        run = pytrec_eval.parse_run(file)
    wanted = {f"{theirs}.{','.join(map(str, CUTOFFS))}" for theirs in TREC_NAMES.values()} | {"recip_rank"}
    users = pytrec_eval.RelevanceEvaluator(qrels, wanted).evaluate(run).values()

    def mean(name):
        return sum(user[name] for user in users) / len(users)

    values = {f"{ours}@{k}": mean(f"{theirs}_{k}") for ours, theirs in TREC_NAMES.items() for k in CUTOFFS}
    return values | {"mrr": mean("recip_rank")}, time.process_time() - start


def by_ranx(qrels_path, run_path):
    warnings.filterwarnings("ignore")
    from ranx import Qrels, Run, evaluate

    names = [f"{name}@{k}" for name in (*TREC_NAMES, "f1") for k in CUTOFFS] + ["mrr"]

    def measure(qrels, run):
        return evaluate(Qrels.from_file(str(qrels), kind="trec"), Run.from_file(str(run), kind="trec"), names, threads=1)

    with tempfile.TemporaryDirectory() as folder:  # compiles
        small = f"{folder}/qrels.txt", f"{folder}/run.trec"
        for path, line in zip(small, ("u 0 a 1\n", "u Q0 a 1 0.5 x\n"), strict=True):
            with open(path, "w", encoding="ascii") as file:
                file.write(line)
        measure(*small)
    start = time.process_time()
    found = measure(qrels_path, run_path)
    return {name: float(value) for name, value in found.items()}, time.process_time() - start


values, seconds = {"trec_eval": by_trec_eval, "ranx": by_ranx}[sys.argv[1]](*sys.argv[2:4])
print(json.dumps({"seconds": seconds, "measures": values}))
