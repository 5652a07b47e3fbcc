# slice.py LOG N: s0.csv .. of the log's rows in order, each beginning with the last rows of
# the one before; joined0.csv .. all up to there.
import csv
import sys

with open(sys.argv[1], encoding="utf-8", newline="") as log:
    head, *rows = csv.reader(log)
count = int(sys.argv[2])
size = -(-len(rows) // count)
joined = []
for i in range(count):
    part = rows[max(0, i * size - 7) : (i + 1) * size]
    joined += part
    for name, content in ((f"s{i}.csv", part), (f"joined{i}.csv", joined)):
        with open(name, "w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([head, *content])
