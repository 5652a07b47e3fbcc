"""Descriptions and embeddings on data/labelled, two threads (minutes with the default
model, so each --part can be had alone).

quality      topics and sentiment against the editor's labels, keywords, validity: without
             a model and with those of the set-up that are there, or with --llm
throughput   the default model: records a second, model load and prompts included, and the
             time of one record at a time over that of eight together, --runs pairs in turns,
             with the quality of both on those records
embeddings   sentences a second, and how well the two languages meet: the share of (same
             pair, different pair) in which the same pair is nearer (AUC)"""
import json
import pathlib
import resource
import statistics
import sys
import time

from . import common

DATA = common.ROOT / "data/labelled"
MODELS = {"default": "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", "small": "gemma-3-270m-q4_k_m.gguf"}
MEASURES = ("topic_f1", "sentiment_accuracy", "supported_keywords", "schema_valid", "wrong_language", "by_model")
PARTS = ("quality", "throughput", "embeddings")


def options(parser):
    parser.set_defaults(runs=2)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part (may be repeated)")
    parser.add_argument("--llm", action="append", help="quality of this model (may be repeated)")
    parser.add_argument("--records", type=int, default=24, help="for throughput; half of them Chinese")


def describe(args, llm, records, out, width=8):
    """Wall-clock and processor seconds of one run."""
    command = [args.program, "describe", "--threads", 2, "--llm-threads", 2, "--llm-batch", width, "--llm", llm, records]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    out.write_bytes(common.run(command))
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measure(args, described):
    """The measures of a file of descriptions, by language."""
    table = json.loads(common.run([args.program, "evaluate", "--descriptions", described, "--labels", DATA / "labels.csv",
                                   "--format", "json"]))["descriptions"][0]
    return {name: {m: round(part[m], 4) for m in MEASURES if part[m] is not None} | {"records": part["records"]}
            for name, part in table.items() if name != "file"}


def known(name):
    return common.CACHE / "models" / MODELS[name]


def bench_quality(args):
    models = {pathlib.Path(llm).name: llm for llm in args.llm or ()} or {name: known(name) for name in MODELS if known(name).exists()}
    rows = []
    for name, llm in {"extractive": "none", **models}.items():
        out = common.FILES / f"described-{name}.jsonl"
        wall, cpu = describe(args, llm, DATA / "records.jsonl", out)
        rows.append({"name": f"quality, {name}", "wall_s": round(wall, 1), "cpu_s": round(cpu, 1), **measure(args, out)})
        print(f"bench: {rows[-1]}", file=sys.stderr)
    return rows


def choose_records(count):
    """The first of each language, in turns."""
    lines = (DATA / "records.jsonl").read_text(encoding="utf-8").splitlines()
    halves = [[line for line in lines if json.loads(line)["video_id"].startswith(language)] for language in ("zh", "en")]
    chosen = common.FILES / f"labelled-{count}.jsonl"
    chosen.write_text("".join(f"{line}\n" for pair in list(zip(*halves))[:count // 2] for line in pair), encoding="utf-8")
    return chosen


def bench_throughput(args):
    if not known("default").exists():
        sys.exit("bench: the default model is not there (scripts/setup gets it)")
    records, widths = choose_records(args.records), (1, 8)
    outs = {width: common.FILES / f"described-width-{width}.jsonl" for width in widths}
    pairs = []
    for _ in range(args.runs):
        pairs.append({width: describe(args, known("default"), records, outs[width], width) for width in widths})
        print(f"bench: {pairs[-1]}", file=sys.stderr)
    row = {"name": f"one at a time / eight together, {args.records} records"}
    for i, clock in enumerate(("wall", "cpu")):
        ratios = [pair[1][i] / pair[8][i] for pair in pairs]
        row |= {f"{clock}_ratio": round(statistics.median(ratios), 3), f"{clock}_ratio_min": round(min(ratios), 3),
                f"{clock}_ratio_max": round(max(ratios), 3)}
    for width in widths:
        row[f"records_a_second_{width}"] = round(args.records / statistics.median(pair[width][0] for pair in pairs), 3)
        row[f"quality_{width}"] = measure(args, outs[width])
    return [row]


def bench_embeddings(args):
    program = common.build(common.BUILD, "bench_embed")
    return [{"name": "embeddings, the default model", **json.loads(common.run([program, DATA / "pairs.csv", 2]))}]


def bench(args):
    common.FILES.mkdir(parents=True, exist_ok=True)
    parts = {"quality": bench_quality, "throughput": bench_throughput, "embeddings": bench_embeddings}
    return [row for part in args.part or PARTS for row in parts[part](args)]
