"""peer_video FILE: histograms of every frame by OpenCV, MFCC by librosa."""
import subprocess
import sys
import warnings

import cv2
import librosa
import numpy

cv2.setNumThreads(1)
warnings.simplefilter("ignore")
video = cv2.VideoCapture(sys.argv[1], cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
rows = []
while True:
    more, frame = video.read()
    if not more:
        break
    rows.append([cv2.calcHist([frame], [c], None, [8], [0, 256]).reshape(-1) / (frame.shape[0] * frame.shape[1]) for c in range(3)])
sound = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-threads", "1", "-i", sys.argv[1], "-vn", "-ac", "1", "-ar", "22050",
                        "-f", "f32le", "-"], stdout=subprocess.PIPE, check=True).stdout
mfcc = librosa.feature.mfcc(y=numpy.frombuffer(sound, dtype="<f4"), sr=22050)
print(numpy.mean(rows, axis=0).tolist(), mfcc.mean(axis=1).tolist())
