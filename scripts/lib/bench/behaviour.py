"""A log that is made, for the benchmarks of models: who has what, as two arrays.

A fifth of the videos takes most of the watching (Zipf), a few users watch a hundred
times as much as the median one, and two thirds of what a user watches is of one of
64 tastes: without these a factorisation would have nothing to find."""
import sys

import numpy

TASTES = 64


def make(users, items, count, seed=1):
    """starts (users + 1) and items, rising within a user; exactly `count` distinct pairs."""
    random = numpy.random.Generator(numpy.random.PCG64(seed))
    popularity = 1 / (numpy.arange(items) + 20.0)
    order = random.permutation(items)  # so that an item's number says nothing
    taste_of_item, taste_of_user = random.integers(TASTES, size=items), random.integers(TASTES, size=users)
    activity = numpy.cumsum(random.lognormal(0, 1, users))
    cumulated = numpy.cumsum(popularity)
    by_taste = [numpy.flatnonzero(taste_of_item == t) for t in range(TASTES)]
    pairs = numpy.empty(0, numpy.int64)
    while len(pairs) < count:
        n = count // 2
        user = numpy.searchsorted(activity, random.random(n) * activity[-1])
        item = numpy.searchsorted(cumulated, random.random(n) * cumulated[-1])
        own = random.random(n) < 2 / 3
        for t, members in enumerate(by_taste):
            here = numpy.flatnonzero(own & (taste_of_user[user] == t))
            within = numpy.cumsum(popularity[members])
            item[here] = members[numpy.searchsorted(within, random.random(len(here)) * within[-1])]
        pairs = numpy.unique(numpy.concatenate([pairs, user.astype(numpy.int64) * items + order[item]]))
    pairs = numpy.sort(random.permutation(pairs)[:count])
    starts = numpy.searchsorted(pairs, numpy.arange(users + 1, dtype=numpy.int64) * items)
    return starts.astype(numpy.uint64), (pairs % items).astype(numpy.uint32)


def read(path):
    """users, items, starts, columns of a file that `write` made."""
    with open(path, "rb") as file:
        users, items = map(int, numpy.fromfile(file, "<u8", 2))
        starts = numpy.fromfile(file, "<u8", users + 1)
        return users, items, starts, numpy.fromfile(file, "<u4", int(starts[-1]))


if __name__ == "__main__":  # behaviour.py FILE USERS ITEMS COUNT
    path, (users, items, count) = sys.argv[1], map(int, sys.argv[2:5])
    starts, columns = make(users, items, count)
    with open(path, "wb") as file:
        numpy.array([users, items], "<u8").tofile(file)
        starts.astype("<u8").tofile(file)
        columns.astype("<u4").tofile(file)
