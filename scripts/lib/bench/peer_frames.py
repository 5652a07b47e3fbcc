"""What the peers that look at pictures share: OpenCV's histograms of every frame."""
import cv2
import numpy


def histograms(path, options=()):
    """Frames x 3 (B, G, R) x 8 shares of pixels; pictures as they are stored."""
    video, rows = cv2.VideoCapture(path, cv2.CAP_FFMPEG, list(options)), []
    video.set(cv2.CAP_PROP_ORIENTATION_AUTO, 0)
    while True:
        more, frame = video.read()
        if not more:
            return numpy.array(rows).reshape(-1, 3, 8)
        pixels = frame.shape[0] * frame.shape[1]
        rows.append([cv2.calcHist([frame], [c], None, [8], [0, 256]).reshape(-1) / pixels for c in range(3)])
