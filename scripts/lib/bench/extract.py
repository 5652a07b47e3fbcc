"""The floor is `ffmpeg -threads 1 -i CLIP -f null -` (picture and sound decoded,
nothing else), with `-skip_frame nokey` for key frames; ours is one worker. The other
peer is what a notebook does: OpenCV's calcHist of every frame and librosa's MFCC.
Clips are made in each codec at 720p and 1080p, from a moving fractal or
from --footage FILE. CLIP ... are timed instead where there are any."""
import json
import pathlib

from . import common

CODECS = {
    "h264": ("mp4", ["-c:v", "libx264", "-preset", "medium"]),
    "hevc": ("mp4", ["-c:v", "libx265", "-preset", "fast", "-x265-params", "log-level=error"]),
    "vp9": ("webm", ["-c:v", "libvpx-vp9", "-b:v", "0", "-crf", "33", "-deadline", "realtime", "-cpu-used", "7"]),
    "av1": ("mkv", ["-c:v", "libsvtav1", "-preset", "9", "-crf", "35"]),
}
SIZES = {"720p": (1280, 720), "1080p": (1920, 1080)}


def options(parser):
    parser.add_argument("--footage", help="a video to make the clips from")
    parser.add_argument("--seconds", type=int, default=12, help="length of the clips that are made (12)")
    parser.add_argument("--no-python", action="store_true", help="leave OpenCV and librosa out")
    parser.add_argument("clips", nargs="*", metavar="CLIP")


def make_clip(codec, size, seconds, footage):
    ending, encode = CODECS[codec]
    width, height = SIZES[size]
    if footage:
        source = ["-stream_loop", "-1", "-i", footage, "-vf", f"scale={width}:{height},setsar=1"]
    else:
        source = ["-f", "lavfi", "-i", f"mandelbrot=size={width}x{height}:rate=25,noise=alls=4:allf=t",
                  "-f", "lavfi", "-i", "anoisesrc=color=pink:sample_rate=44100:seed=1"]
    sound = ["-c:a", "libopus" if ending == "webm" else "aac", "-ac", "2"]
    kind = "footage" if footage else "fractal"
    return common.ffmpeg(f"{kind}-{codec}-{size}-{seconds}s.{ending}", *source, "-t", seconds, *encode, "-pix_fmt", "yuv420p", "-g", "125", *sound)


def error_of(program, clip):
    """Greatest distance of --fast-decode's mean histogram from the full one, a channel."""
    def means(*more):
        record = json.loads(common.run([program, "extract", "--jobs", "1", "--frames", "all", *more, clip]))
        return record["visual"]["histogram"][:24]
    full, fast = means(), means("--fast-decode")
    return round(max(sum(abs(full[c * 8 + i] - fast[c * 8 + i]) for i in range(8)) for c in range(3)), 5)


def bench_clip(args, clip):
    ours = [args.program, "extract", "--jobs", "1"]
    floor = ["ffmpeg", "-nostdin", "-v", "error", "-threads", "1"]
    null = ["-i", clip, "-f", "null", "-"]
    every = [*ours, "--frames", "all", clip]
    rows = [
        common.compare(f"{clip.name}: all frames / decode floor", every, [*floor, *null], args.runs),
        common.compare(f"{clip.name}: every pixel / decode floor", [*every, "--exact"], [*floor, *null], args.runs),
        common.compare(f"{clip.name}: fast decode / decode floor", [*every, "--fast-decode"], [*floor, *null], args.runs),
        common.compare(f"{clip.name}: key frames / key frame floor", [*ours, clip], [*floor, "-skip_frame", "nokey", *null], args.runs),
    ]
    rows[2]["error"] = error_of(args.program, clip)
    if not args.no_python:
        rows.append(common.compare(f"{clip.name}: OpenCV and librosa / all frames", [*common.peer("video"), clip], every, args.runs))
        rows.append(common.compare(f"{clip.name}: OpenCV and librosa / key frames", [*common.peer("video"), clip], [*ours, clip], args.runs))
    return rows


def bench(args):
    clips = [pathlib.Path(clip) for clip in args.clips]
    clips = clips or [make_clip(codec, size, args.seconds, args.footage) for size in SIZES for codec in CODECS]
    return [row for clip in clips for row in bench_clip(args, clip)]
