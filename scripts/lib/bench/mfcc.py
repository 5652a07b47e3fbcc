"""MFCC means of ten minutes of noise at 22,050 Hz, in memory: the feature room's
meter against librosa.feature.mfcc. Both report the processor time of that alone, best
of three; the greatest difference between the two results is printed too."""
import json
import subprocess

from . import common


def options(parser):
    parser.add_argument("--seconds", type=int, default=600)


def build(folder, *options):
    """bench_mfcc of a release build in a folder of its own."""
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(["cmake", "--preset", "release", "-B", folder, *options], cwd=common.ROOT, **quiet)
    subprocess.run(["cmake", "--build", folder, "--target", "bench_mfcc", "-j2"], **quiet)
    return folder / "bench_mfcc"


def bench(args):
    samples = common.ffmpeg(f"noise-{args.seconds}s.f32", "-f", "lavfi", "-i", "anoisesrc=color=pink:sample_rate=22050:seed=1", "-t",
                            args.seconds, "-f", "f32le")
    programs = {
        "four transforms at a time": build(common.BUILD),
        "packaged KissFFT": build(common.FILES / "packaged", "-DNIGHTREEL_KISSFFT_SIMD=OFF"),
    }
    rows = []
    for name, program in programs.items():
        ours, peer = [program, samples], [*common.peer("mfcc"), samples]
        row = common.compare(f"librosa / {args.seconds} s, {name}", peer, ours, args.runs, common.reported_seconds)
        means = [json.loads(common.run(command))["mfcc"] for command in (ours, peer)]
        row["greatest_difference"] = max(abs(a - b) for a, b in zip(*means, strict=True))
        rows.append(row)
    return rows
