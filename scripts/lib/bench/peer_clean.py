"""peer_clean make OUT ROWS: a log of that many rows, the same at every call.
peer_clean digest FILE: rows of a clean log and a digest of their sorted key columns.
peer_clean pandas|polars|polars-streaming IN OUT: cleans IN; wall clock and processor time
of that, imports left out (Polars has POLARS_MAX_THREADS threads).

What is done is what `dropna` and `drop_duplicates` do: rows that lack a field go, and of
equal rows the first stays."""
import hashlib
import json
import sys
import time

USERS, VIDEOS, ACTIONS, YEAR = 200_000, 20_000, ("view", "like", "comment", "share", "rating"), 365 * 86400
DUPLICATES, MISSING = 0.05, 0.01  # shares of the rows


def make(path, rows):
    import numpy
    import polars

    draw = numpy.random.Generator(numpy.random.PCG64(1))
    users = (draw.random(rows) ** 1.5 * USERS).astype(int)
    videos = (draw.random(rows) ** 2 * VIDEOS).astype(int)
    actions = draw.choice(len(ACTIONS), rows, p=[0.7, 0.12, 0.03, 0.05, 0.1])
    stars = draw.integers(1, 11, rows)
    times = 1_700_000_000 + draw.integers(0, YEAR, rows)
    source = numpy.arange(rows)
    again = draw.random(rows) < DUPLICATES
    source[again] = (draw.random(again.sum()) * source[again]).astype(int)  # a row before
    lacks = numpy.where(draw.random(rows) < MISSING, draw.integers(0, 4, rows), -1)
    lacks[0] = -1  # the first row has a time: the log is one with times
    frame = polars.DataFrame({"user": users, "video": videos, "action": actions, "stars": stars, "time": times, "lacks": lacks})[source]
    column, lacks = polars.col, polars.col("lacks")
    texts = {"user_id": polars.format("u{}", 1_000_000 + column("user")), "video_id": polars.format("v{}", 10_000 + column("video")),
             "action": column("action").replace_strict(dict(enumerate(ACTIONS)), return_dtype=polars.String)}
    frame = frame.select(
        *(polars.when(lacks != k).then(text).alias(name) for k, (name, text) in enumerate(texts.items())),
        polars.when(column("action") == ACTIONS.index("rating")).then(polars.format("{}", column("stars") / 2)).otherwise(polars.lit("1"))
        .alias("value"),
        polars.when(lacks != 3).then(column("time")).alias("timestamp"))
    frame.write_csv(path)


def digest(path):
    """The key columns alone: peers write numbers in forms of their own."""
    import polars

    keys = ["user_id", "video_id", "action", "value", "timestamp"]
    frame = polars.read_csv(path, columns=keys, schema_overrides={"value": polars.Float64, "timestamp": polars.Float64})
    frame = frame.select(keys).with_columns(polars.col("timestamp").cast(polars.Int64)).sort(keys)
    text = hashlib.blake2b(digest_size=16)
    for piece in frame.iter_slices(1_000_000):
        text.update(piece.write_csv(include_header=False).encode())
    return {"rows": frame.height, "digest": text.hexdigest()}


def by_pandas(source, out):
    import pandas

    yield
    pandas.read_csv(source).dropna().drop_duplicates().to_csv(out, index=False)


def by_polars(source, out):
    import polars

    yield
    polars.read_csv(source).drop_nulls().unique(keep="first", maintain_order=True).write_csv(out)


def by_polars_streaming(source, out):
    import polars

    yield
    polars.scan_csv(source).drop_nulls().unique(keep="any").sink_csv(out)


def measure(work):
    next(work)
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in work:
        pass
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


what, *words = sys.argv[1:]
if what == "make":
    make(words[0], int(words[1]))
elif what == "digest":
    print(json.dumps(digest(words[0])))
else:
    print(json.dumps(measure({"pandas": by_pandas, "polars": by_polars, "polars-streaming": by_polars_streaming}[what](*words))))
