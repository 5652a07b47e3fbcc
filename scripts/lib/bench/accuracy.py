"""Ours against OpenCV and librosa on the same files, number by number: the greatest and
mean L1 distance of a channel's histogram over all frames, for every pixel and for the
default grid; the greatest and median difference of MFCC from librosa's on the samples
that we decoded (FILE must be a WAV file at 22,050 Hz for that to be the same samples).
Without FILE: ten minutes of noise, and the clips that bench extract makes."""
import json
import pathlib
import sys
import tempfile

from . import common


def options(parser):
    parser.add_argument("files", nargs="*", metavar="FILE")


def judge(args, file):
    with tempfile.TemporaryDirectory() as folder:
        matrices = {name: pathlib.Path(folder) / f"{name}.npy" for name in ("exact", "grid", "mfcc")}
        visual = [args.program, "visual", "--frames", "all"]
        common.run([*visual, "--exact", "--per-frame", matrices["exact"], file], codes=(0, 3))
        common.run([*visual, "--per-frame", matrices["grid"], file], codes=(0, 3))
        if file.suffix == ".wav":
            common.run([args.program, "audio", "--per-frame", matrices["mfcc"], file], codes=(0, 3))
        return json.loads(common.run([*common.peer("accuracy"), file, folder]))


def bench(args):
    files = [pathlib.Path(file) for file in args.files]
    if not files:
        files = [common.noise("wav", 600, ["-c:a", "pcm_s16le"]), *sorted(common.FILES.glob("fractal-*"))]
    rows = []
    for file in files:
        rows.append({"name": file.name, **judge(args, file)})
        print(f"bench: {rows[-1]}", file=sys.stderr)
    return rows
