"""Reading a TREC run of 2 million lines (20,000 users, 100 videos each, some of them
tied) and its judgements, and the default measures at 5, 10 and 20 (ours with the best
and the worst order of ties): `nightreel evaluate`, its start included, against trec_eval
by its Python binding and against ranx, which report the time of that alone, imports and
compilation left out. `greatest_difference` is over the measures that both have (ranx
puts ties in another order); `lines_per_second` is ours. --significance: two runs with
10,000 resamples against one, too; --trec-eval FILE: a trec_eval program, too."""
import json
import random

from . import common

USERS, VIDEOS, LISTED = 20000, 50000, 100


def options(parser):
    parser.add_argument("--trec-eval", help="the program, built from its source")
    parser.add_argument("--significance", action="store_true", help="two runs against one, too")


def make(name, seed):
    """The judgements and a run, the same at every call."""
    files = common.FILES / "qrels.txt", common.FILES / name
    if all(file.exists() for file in files):
        return files
    common.FILES.mkdir(parents=True, exist_ok=True)
    judge, rank = random.Random(1), random.Random(seed)
    with open(files[0], "w", encoding="ascii") as qrels, open(files[1], "w", encoding="ascii") as run:
        for user in range(USERS):
            liked = judge.sample(range(VIDEOS), 10)
            qrels.writelines(f"user{user:06} 0 video{video:06} {judge.randint(1, 3)}\n" for video in liked)
            listed = list(dict.fromkeys(rank.sample(liked, 4) + rank.sample(range(VIDEOS), LISTED)))[:LISTED]
            rank.shuffle(listed)
            scores = sorted((round(rank.random(), 3) for _ in listed), reverse=True)
            run.writelines(f"user{user:06} Q0 video{video:06} {place} {score} bench\n"
                           for place, (video, score) in enumerate(zip(listed, scores, strict=True), 1))
    return files


def seconds(command):
    """Peers in Python say what they took."""
    peer = any(str(word).endswith("peer_evaluate.py") for word in command)
    return common.reported_seconds(command) if peer else common.cpu_seconds(command)


def bench(args):
    qrels, run = make("run.trec", 2)
    ours = [args.program, "evaluate", "--threads", "1", "--ties", "trec", "--format", "json", "--truth", qrels]
    have = json.loads(common.run([*ours, run]))["runs"][0]["measures"]
    rows = []
    for name in ("trec_eval", "ranx"):
        peer = [*common.peer("evaluate"), name, qrels, run]
        said = json.loads(common.run(peer))["measures"]
        row = common.compare(f"{name} / evaluate, {USERS * LISTED} lines", peer, [*ours, run], args.runs, seconds)
        row["greatest_difference"] = max(abs(have[measure] - value) for measure, value in said.items())
        row["lines_per_second"] = round(USERS * LISTED / row["below_s"])
        rows.append(row)
    if args.trec_eval:
        wanted = [word for name in ("P", "recall", "ndcg_cut", "map_cut", "success") for word in ("-m", f"{name}.5,10,20")]
        peer = [args.trec_eval, *wanted, "-m", "recip_rank", qrels, run]
        rows.append(common.compare(f"the program trec_eval / evaluate, {USERS * LISTED} lines", peer, [*ours, run], args.runs))
    if args.significance:
        other = make("other.trec", 3)[1]
        rows.append(common.compare("two runs with significance / one run", [*ours, run, other], [*ours, run], args.runs))
    return rows
