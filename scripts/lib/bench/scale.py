"""Ours alone: wall-clock time of --jobs 2 against --jobs 1 over 24 clips, a worker's
memory over a minute and an hour of 1080p, and a second run over 1,000 unchanged files
of a minute against the first."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

from . import common


def options(parser):
    parser.add_argument("--minutes", type=int, default=60, help="length of the long clip")
    parser.add_argument("--files", type=int, default=1000)


def wall_seconds(command):
    start = time.monotonic()
    common.run(command, codes=(0, 3))
    return time.monotonic() - start


def bench_jobs(args):
    clip = common.ffmpeg("jobs.mp4", "-f", "lavfi", "-i", "mandelbrot=size=1280x720:rate=25", "-f", "lavfi", "-i", "anoisesrc=seed=1", "-t", "4",
                         "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac")
    folder = common.FILES / "jobs"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    clips = [folder / f"{i:02}.mp4" for i in range(24)]
    for one in clips:
        os.link(clip, one)
    command = [args.program, "extract", "--frames", "all"]
    return common.compare("--jobs 1 / --jobs 2, wall-clock", [*command, "--jobs", "1", *clips], [*command, "--jobs", "2", *clips],
                          args.runs, wall_seconds)


def peak_mebibytes(args, clip):
    """Of the largest process, which is a worker: the parent decodes nothing."""
    command = [str(args.program), "extract", "--jobs", "1", "--timeout-per-file", "36000", "--frames", "all", str(clip)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=common.environment()) as child:
        _, code, usage = os.wait4(child.pid, 0)
        child.returncode = code
    if code != 0:
        sys.exit(f"bench: {clip}: exit code {code}")
    return usage.ru_maxrss / 1024


def bench_memory(args):
    dot = common.ffmpeg("dot.mp4", "-f", "lavfi", "-i", "color=size=64x64:rate=1", "-t", "1", "-c:v", "libx264", "-pix_fmt", "yuv420p")
    minute = common.ffmpeg("minute.mp4", "-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=25", "-f", "lavfi", "-i",
                           "anoisesrc=sample_rate=44100:seed=1", "-t", "60", "-c:v", "libx264", "-preset", "veryfast", "-refs", "4",
                           "-bf", "3", "-pix_fmt", "yuv420p", "-c:a", "aac")
    long = common.ffmpeg(f"minutes-{args.minutes}.mp4", "-stream_loop", args.minutes - 1, "-i", minute, "-c", "copy")
    base, one, all_ = (peak_mebibytes(args, clip) for clip in (dot, minute, long))
    return {"name": f"memory of a worker, {args.minutes} minutes of 1080p", "libraries_mib": round(base, 1),
            "above_mib": round(all_ - base, 1), "mb_a_minute": round((all_ - one) * 1.048576 / (args.minutes - 1), 3)}


def bench_unchanged(args):
    """The same folder twice through one store; the files differ in content."""
    clip = common.ffmpeg("unchanged-minute.mp4", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25", "-f", "lavfi", "-i",
                         "anoisesrc=seed=1", "-t", "60", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac").read_bytes()
    folder, store = common.FILES / "unchanged", common.FILES / "unchanged.sqlite"
    shutil.rmtree(folder, ignore_errors=True)
    store.unlink(missing_ok=True)
    folder.mkdir()
    for i in range(args.files):  # a box of type "free" at the end is nothing to a demuxer
        (folder / f"{i:05}.mp4").write_bytes(clip + (16).to_bytes(4, "big") + b"free" + i.to_bytes(8, "big"))
    catalogue, log = common.FILES / "unchanged.csv", common.FILES / "unchanged-log.csv"
    names = sorted(one.name for one in folder.iterdir())
    catalogue.write_text("video_id,title,file\n" + "".join(f"{name},Clip {name},{name}\n" for name in names), encoding="utf-8")
    log.write_text("user_id,video_id,action,timestamp\n", encoding="utf-8")
    command = [args.program, "run", "--behaviour", log, "--catalogue", catalogue, "--videos", folder, "--store", store,
               "--llm", "none", "--embed", "none", "--out", common.FILES / "unchanged.jsonl"]
    first, second = wall_seconds(command), wall_seconds(command)
    return {"name": f"{args.files} unchanged files: second run / first", "first_s": round(first, 3), "second_s": round(second, 3), "ratio": round(second / first, 5)}


def bench(args):
    return [bench_jobs(args), bench_memory(args), bench_unchanged(args)]
