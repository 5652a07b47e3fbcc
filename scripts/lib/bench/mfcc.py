"""MFCC means of ten minutes of noise at 22,050 Hz, in memory: the feature room's
meter against librosa.feature.mfcc. Both report the processor time of that alone, best
of three; the greatest difference between the two results is printed too."""
import json

from . import common


def options(parser):
    parser.add_argument("--seconds", type=int, default=600)


def bench(args):
    samples = common.noise("f32", args.seconds, ["-f", "f32le"])
    programs = {
        "four transforms at a time": common.build(common.BUILD, "bench_mfcc"),
        "packaged KissFFT": common.build(common.FILES / "packaged", "bench_mfcc", "-DNIGHTREEL_KISSFFT_SIMD=OFF"),
    }
    rows = []
    for name, program in programs.items():
        ours, peer = [program, samples], [*common.peer("mfcc"), samples]
        row = common.compare(f"librosa / {args.seconds} s, {name}", peer, ours, args.runs, common.reported_seconds)
        means = [json.loads(common.run(command))["mfcc"] for command in (ours, peer)]
        row["greatest_difference"] = max(abs(a - b) for a, b in zip(*means, strict=True))
        rows.append(row)
    return rows
