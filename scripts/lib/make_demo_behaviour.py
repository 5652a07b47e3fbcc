#!/usr/bin/env python3
"""Write the demo's behaviour log (data/demo/user_behavior.csv) to stdout.

Run by hand; its output is committed:

    python3 scripts/lib/make_demo_behaviour.py data/demo/video_content.csv \
        > data/demo/user_behavior.csv

Eighty invented people watch the demo catalogue for ninety days. Each has a
taste (science fiction, food, learning, ...), watches mostly what suits it and
now and then something else. All arithmetic is on integers and the only source
of chance is one linear congruential generator with a fixed seed, so that any
Python 3 writes the same bytes. The counts of the rows that are dirty on
purpose go to stderr; data/demo/README.md repeats them and tests rely on them.
"""

import csv
import io
import sys

DAY = 86400
START = 1759276800  # 2025-10-01T00:00:00Z
END = START + 90 * DAY

HEADER = ["user_id", "video_id", "action", "value", "timestamp",
          "watch_seconds", "comment"]
VIDEO, ACTION, VALUE, TIME, WATCHED, COMMENT = 1, 2, 3, 4, 5, 6

CHINESE_ACTION = {
    "view": "观看", "like": "点赞", "comment": "评论", "share": "分享",
    "favorite": "收藏", "dislike": "不喜欢", "rating": "评分",
    "search": "搜索", "complete": "学完", "answer": "答题",
}

# taste: number of people, the videos it likes best, those it also enjoys.
TASTES = [
    ("scifi", 14, "1 3 5 6 8 18 2", "9 33 32 30 35"),
    ("food", 12, "14 15 16 17", "10 13 34 35 31 21"),
    ("learner", 12, "27 28 29 18 19", "12 36 30 23 25"),
    ("nature", 12, "10 11 12 13 20 21", "31 36 22 16 6"),
    ("romance", 10, "4 7 9 22 23", "34 35 10 13 14"),
    ("sport", 10, "24 25 26", "5 33 34 30 2 17"),
    ("mixed", 10, "", "1 4 9 11 14 17 20 22 28 32 33 34 36"),
]

# what a person says, by the kind of video: (good, bad); Chinese, then English.
KIND_OF_VIDEO = {
    "film": "1 2 3 4 5 6 7 8 9", "food": "14 15 16 17",
    "travel": "10 11 12 13", "nature": "20 21", "music": "22 23",
    "sport": "24 25 26", "lesson": "18 19 27 28 29 36", "news": "30 31",
    "game": "32 33", "comedy": "34 35",
}
SAID = {
    "film": {
        "zh": (["太震撼了，看完半天没说话", "结尾哭了，演员太好了", "画面和配乐都是一流",
                "二刷依然喜欢"],
               ["节奏太慢，看睡着了", "剧情漏洞太多，失望"]),
        "en": (["Gripping from the first minute", "What a score, I had goosebumps",
                "One of my favourites, will watch again"],
               ["Too slow for me", "The plot makes no sense"]),
    },
    "food": {
        "zh": (["照着做了，一次成功，家里人都说好吃", "糖色讲得最清楚的一个", "看饿了"],
               ["盐放太多了，做出来很咸", "步骤跳得太快，没看懂"]),
        "en": (["Made it tonight, the whole pot is gone", "Clear steps, great result",
                "Finally a recipe that works"],
               ["Way too salty", "Skipped the most important step"]),
    },
    "travel": {
        "zh": (["攻略很实用，下个月就去", "拍得真美，想辞职去旅行", "讲得细，收藏了"],
               ["全是游客，没什么新意", "价格早就过时了"]),
        "en": (["Booked my tickets after this", "Beautiful views, useful tips"],
               ["Just a long advert", "The prices are out of date"]),
    },
    "nature": {
        "zh": (["雪豹妈妈太温柔了", "拍摄的人辛苦了，致敬", "孩子看了三遍"],
               ["镜头太晃，看得头晕"]),
        "en": (["Stunning pictures, so calm", "My kids loved the frogs"],
               ["Too much talking over the pictures"]),
    },
    "music": {
        "zh": (["睡前必听，心都静了", "琴声一起就安静下来"], ["录音底噪有点大"]),
        "en": (["I can play my first song now!", "Very patient teacher"],
               ["Audio is out of tune"]),
    },
    "sport": {
        "zh": (["跟着计划跑完了人生第一个半马", "站位终于懂了", "干货满满"],
               ["讲得太啰嗦", "动作示范不标准"]),
        "en": (["Improved my footwork in a week", "Best breakdown I have seen"],
               ["Nothing new here"]),
    },
    "lesson": {
        "zh": (["终于听懂了，谢谢老师", "讲得比课本清楚", "图画得太好了"],
               ["讲得太快，跟不上", "声音太小听不清"]),
        "en": (["Now it finally makes sense", "Best explanation on the site",
                "Clear and to the point"],
               ["Goes too fast for beginners", "Boring voice"]),
    },
    "news": {
        "zh": (["简短有用", "每天早上都看"], ["标题党"]),
        "en": (["Short and informative", "Good news for once"], ["Nothing but headlines"]),
    },
    "game": {
        "zh": (["手速太快了，佩服", "城堡太好看了，求地图"], ["剪得太碎，看不清操作"]),
        "en": (["That wall jump is insane", "Great run, congrats!"],
               ["Clickbait, skips the hard part"]),
    },
    "comedy": {
        "zh": (["笑到肚子疼", "太真实了，这就是我"], ["不好笑，尴尬"]),
        "en": (["Laughed out loud at the plant", "No words needed, brilliant"],
               ["Not funny at all"]),
    },
}
SAID_SO_SO = {
    "zh": ["还行吧", "一般，看个开头就够了", "中规中矩"],
    "en": ["It was okay", "Not bad, not great"],
}

QUERIES = {
    "scifi": ["科幻电影", "黑洞", "space movie"],
    "food": ["红烧肉 做法", "bread recipe", "川菜"],
    "learner": ["指针 教程", "python beginner", "eigenvectors"],
    "nature": ["雪豹", "rain forest", "大理 攻略"],
    "romance": ["爱情电影", "古琴", "romantic film"],
    "sport": ["马拉松 训练", "goalkeeper", "羽毛球 双打"],
    "mixed": ["搞笑", "好看的视频", "something new"],
}


class Chance:
    """Knuth's MMIX generator; the high bits are the good ones."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % n

    def percent(self, p):
        return self.below(100) < p

    def pick(self, items):
        return items[self.below(len(items))]

    def sample(self, items, n):
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(min(n, len(left)))]


def read_catalogue(path):
    with open(path, encoding="utf-8", newline="") as file:
        return {row["video_id"]: row for row in csv.DictReader(file)}


def kind_of(video):
    return next(k for k, ids in KIND_OF_VIDEO.items() if video in ids.split())


def remark(chance, video, language, mood):
    """A comment in the video's language, or now and then in the other one."""
    lang = "zh" if language.startswith("zh") else "en"
    if chance.percent(15):
        lang = "en" if lang == "zh" else "zh"
    if mood == "so-so":
        return chance.pick(SAID_SO_SO[lang])
    good, bad = SAID[kind_of(video)][lang]
    return chance.pick(good if mood == "good" else bad)


# chance in percent of each reaction, by how well the video suits the person
REACTIONS = {
    "good": dict(like=55, favorite=28, comment=26, share=14, rating=42, dislike=0,
                 again=30),
    "so-so": dict(like=16, favorite=4, comment=10, share=3, rating=25, dislike=2,
                  again=6),
    "bad": dict(like=0, favorite=0, comment=14, share=0, rating=26, dislike=24,
                again=0),
}
WATCHED_PERCENT = {"good": (75, 101), "so-so": (35, 85), "bad": (5, 35)}
RATED = {"good": (4, 5, 5), "so-so": (3, 3, 4), "bad": (1, 2, 2)}


def watch_row(chance, user, video, length, mood, when):
    low, high = WATCHED_PERCENT[mood]
    percent = low + chance.below(high - low)
    seconds = str(max(1, length * percent // 100)) if length else ""
    return [user, video, "view", "1", when, seconds, ""]


def visit(chance, user, taste, video, row, mood, when):
    """All that one person does with one video."""
    odds = REACTIONS[mood]
    length = int(row["duration"] or 0)
    rows = []
    if chance.percent(7):
        rows.append([user, video, "search", "1", when - 20, "",
                     chance.pick(QUERIES[taste])])
    rows.append(watch_row(chance, user, video, length, mood, when))
    after = when + length
    for action in ("like", "favorite", "share", "dislike"):
        if chance.percent(odds[action]):
            rows.append([user, video, action, "1", after + chance.below(90), "", ""])
    if chance.percent(odds["comment"]):
        rows.append([user, video, "comment", "1", after + 30 + chance.below(300), "",
                     remark(chance, video, row["language"], mood)])
    if chance.percent(odds["rating"]):
        rows.append([user, video, "rating", str(chance.pick(RATED[mood])),
                     after + chance.below(600), "", ""])
    if kind_of(video) == "lesson" and mood == "good":
        if chance.percent(60):
            rows.append([user, video, "complete", "1", after + 1, "", ""])
        if chance.percent(40):
            rows.append([user, video, "answer", "1", after + 120 + chance.below(200),
                         "", ""])
    if chance.percent(odds["again"]):
        later = when + DAY * (1 + chance.below(9)) + chance.below(7200)
        if later < END:
            rows.append(watch_row(chance, user, video, length, mood, later))
    return rows


def plan(chance, best, also, everything):
    """Which videos a person watches and how each suits them. Nobody sees all
    that they would love: something must be left to recommend."""
    if best:
        loved = chance.sample(best, max(2, len(best) - 2))
    else:
        loved = chance.sample(also, 5)
    chosen = [(v, "good") for v in loved]
    liked = chance.sample([v for v in also if v not in loved], 5 + chance.below(3))
    chosen += [(v, "good" if chance.percent(45) else "so-so") for v in liked]
    others = [v for v in everything if v not in best and v not in also]
    strange = chance.sample(others, 3 + chance.below(4))
    chosen += [(v, "bad" if chance.percent(65) else "so-so") for v in strange]
    return chosen


def live(chance, user, taste, best, also, catalogue):
    rows = []
    for video, mood in plan(chance, best, also, list(catalogue)):
        # people watch in the lunch break and in the evening, Beijing time
        hour = chance.pick((4, 5, 11, 12, 13, 14, 15))
        when = START + DAY * chance.below(89) + 3600 * hour + chance.below(3600)
        rows += visit(chance, user, taste, video, catalogue[video], mood, when)
    return rows


def people():
    number = 0
    for taste, count, best, also in TASTES:
        for _ in range(count):
            number += 1
            yield "u%03d" % number, taste, best.split(), also.split()


def iso(seconds, offset_hours):
    """ISO 8601 by integer arithmetic (civil-from-days), no library clock."""
    local = seconds + offset_hours * 3600
    days, rest = divmod(local, DAY)
    z = days + 719468
    era, doe = divmod(z, 146097)
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    day, month = doy - (153 * mp + 2) // 5 + 1, mp + 3 if mp < 10 else mp - 9
    year = yoe + era * 400 + (1 if month <= 2 else 0)
    zone = "Z" if offset_hours == 0 else "%+03d:00" % offset_hours
    return "%04d-%02d-%02dT%02d:%02d:%02d%s" % (
        year, month, day, rest // 3600, rest // 60 % 60, rest % 60, zone)


def vary_spelling(chance, rows):
    """Other spellings that are right: Chinese action names, milliseconds, ISO."""
    counts = {"chinese action": 0, "milliseconds": 0, "iso": 0}
    for row in rows:
        if chance.percent(18):
            row[ACTION] = CHINESE_ACTION[row[ACTION]]
            counts["chinese action"] += 1
        form = chance.below(100)
        if form < 6:
            row[TIME] = str(row[TIME] * 1000 + chance.below(1000))
            counts["milliseconds"] += 1
        elif form < 12:
            row[TIME] = iso(row[TIME], 8 if form < 9 else 0)
            counts["iso"] += 1
        else:
            row[TIME] = str(row[TIME])
    return counts


def spoil_field(column, values):
    def spoil(chance, row):
        row[column] = chance.pick(values)
    return spoil


def pad_with_spaces(chance, row):
    row[0] += " " * (1 + chance.below(2))
    row[ACTION] = " " + row[ACTION] + "  "


def add_field(chance, row):
    row += ["", "extra"]


def drop_fields(chance, row):
    del row[TIME:]


# kind, how many rows, which actions it strikes (None: any), what is done
SPOILERS = [
    ("missing user", 6, None, spoil_field(0, ["", "  "])),
    ("missing video", 6, None, spoil_field(VIDEO, [""])),
    ("missing action", 2, None, spoil_field(ACTION, [""])),
    ("missing timestamp", 4, None, spoil_field(TIME, [""])),
    ("unknown action", 6, None, spoil_field(ACTION, ["hover", "弹幕", "scroll"])),
    ("unreadable timestamp", 3, None,
     spoil_field(TIME, ["yesterday", "2025-13-45T99:00:00Z", "12/1o/2025"])),
    ("year 1970", 4, None, spoil_field(TIME, ["0", "86400", "1970-01-01T00:00:00Z"])),
    ("year 2099", 4, None,
     spoil_field(TIME, ["4070908800", "4078771200000", "2099-06-01T00:00:00Z"])),
    ("negative watch_seconds", 5, "view", spoil_field(WATCHED, ["-1", "-12", "-300"])),
    ("watch_seconds far above the duration", 5, "view",
     spoil_field(WATCHED, ["86400", "999999", "36000"])),
    ("rating 11", 3, "rating", spoil_field(VALUE, ["11"])),
    ("video that the catalogue lacks", 5, None, spoil_field(VIDEO, ["404", "v-gone"])),
    ("too few fields", 3, None, drop_fields),
    ("too many fields", 2, None, add_field),
    ("spaces around fields", 6, None, pad_with_spaces),
    ("comment with a line break and a comma", 5, "comment",
     spoil_field(COMMENT, ["第一段很好，\n第二段有点长, 总体推荐",
                           "Loved it,\nwould \"watch\" again, really",
                           "Good start,\r\nweak ending, 3 stars"])),
]


def is_action(row, action):
    return action is None or row[ACTION] in (action, CHINESE_ACTION[action])


def spoil(chance, rows):
    """Spoil rows in place, each at most once; returns the rows left whole."""
    whole = list(range(len(rows)))
    for _, count, action, change in SPOILERS:
        fit = [i for i in whole if is_action(rows[i], action)]
        for i in chance.sample(fit, count):
            change(chance, rows[i])
            whole.remove(i)
    return whole


def repeat_exactly(chance, rows, whole, count):
    """Insert exact copies, next to the row or a little after it."""
    for i in sorted(chance.sample(whole, count), reverse=True):
        rows.insert(min(len(rows), i + 1 + chance.below(6)), list(rows[i]))


def main():
    catalogue = read_catalogue(sys.argv[1])
    chance = Chance(20251001)
    rows = []
    for user, taste, best, also in people():
        rows += live(chance, user, taste, best, also, catalogue)
    rows.sort(key=lambda r: (r[TIME], r[0], r[VIDEO], r[ACTION]))
    spellings = vary_spelling(chance, rows)
    assert len(set(map(tuple, rows))) == len(rows), "an accidental duplicate"
    whole = spoil(chance, rows)
    repeat_exactly(chance, rows, whole, 12)

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    sys.stdout.buffer.write(out.getvalue().encode("utf-8"))

    counts = [(kind, n) for kind, n, _, _ in SPOILERS] + [("exact duplicate", 12)]
    for kind, n in [("rows", len(rows))] + list(spellings.items()) + counts:
        print("%5d  %s" % (n, kind), file=sys.stderr)


if __name__ == "__main__":
    main()
