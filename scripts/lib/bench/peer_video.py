"""peer_video FILE: histograms of every frame by OpenCV, MFCC by librosa."""
import subprocess
import sys
import warnings

import cv2
import librosa
import numpy
import peer_frames

cv2.setNumThreads(1)
warnings.simplefilter("ignore")
rows = peer_frames.histograms(sys.argv[1], [cv2.CAP_PROP_N_THREADS, 1])
sound = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-threads", "1", "-i", sys.argv[1], "-vn", "-ac", "1", "-ar", "22050",
                        "-f", "f32le", "-"], stdout=subprocess.PIPE, check=True).stdout
mfcc = librosa.feature.mfcc(y=numpy.frombuffer(sound, dtype="<f4"), sr=22050)
print(numpy.mean(rows, axis=0).tolist(), mfcc.mean(axis=1).tolist())
