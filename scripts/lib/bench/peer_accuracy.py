"""peer_accuracy FILE FOLDER: compares exact.npy, grid.npy and mfcc.npy in FOLDER with what
OpenCV and librosa make of FILE."""
import json
import pathlib
import sys
import warnings

import librosa
import numpy
import peer_frames
import soundfile

warnings.simplefilter("ignore")
file, folder = sys.argv[1], pathlib.Path(sys.argv[2])
out = {}


def load(name):
    path = folder / f"{name}.npy"
    return numpy.load(path) if path.exists() else None


ours = {name: load(name) for name in ("exact", "grid")}
if any(matrix is not None for matrix in ours.values()):
    theirs = peer_frames.histograms(file)
    out["frames"] = [0 if ours["exact"] is None else len(ours["exact"]), len(theirs)]
    for name, matrix in ours.items():
        count = min(len(matrix), len(theirs)) if matrix is not None else 0
        if count:
            off = numpy.abs(matrix[:count].reshape(-1, 3, 8) - theirs[:count]).sum(axis=2)
            out[name] = {"mean": round(float(off.mean()), 6), "greatest": round(float(off.max()), 6)}
mfcc = load("mfcc")
if mfcc is not None:
    samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
    off = numpy.abs(mfcc - librosa.feature.mfcc(y=samples.mean(axis=1), sr=rate))
    out["mfcc"] = {"greatest": float(off.max()), "median": float(numpy.median(off)), "frames": mfcc.shape[1]}
print(json.dumps(out))
