/* sentiment.c - what a short text thinks of a video: words that praise and blame, the
 * lexicon's pleasant and unpleasant ones, and what turns them round. */
#include "nightreel/language_sentiment.h"

#include <stdlib.h>
#include <string.h>

#include "language/lexicon.h"

#include "core/banned.h"

enum { REACH = 2 }; /* words behind a negation that it turns round */

static const double DOUBT = 0.5;

/* Small letters, bytewise order: looked up by halving. Unlike the lexicon's, these are
 * opinions about a video; a film may be about a war and be well made.
 */
/* clang-format off */
static const char *const praising[] = {
    "accurate", "addictive", "adorable", "awesome", "beautifully", "brilliant", "captivating", "clear", "clearly",
    "clever", "cool", "cute", "detailed", "easy", "educational", "enjoyable", "entertaining", "epic", "excellent",
    "exciting", "fantastic", "fascinating", "favorites", "favourites", "finally", "flawless", "gem", "genius", "good",
    "goosebumps", "gorgeous", "gripping", "helpful", "hilarious", "hooked", "impressed", "impressive", "incredible",
    "informative", "insane", "insightful", "inspiring", "interesting", "laughed", "laughs", "legend", "like", "liked",
    "loved", "loving", "magnificent", "marvelous", "masterpiece", "moving", "outstanding", "patient", "phenomenal",
    "pleasant", "polished", "recommend", "recommended", "refreshing", "satisfying", "sense", "smooth", "solid",
    "spectacular", "splendid", "stunning", "superb", "terrific", "thrilling", "touching", "underrated", "useful",
    "valuable", "well", "wholesome", "worth", "worthwhile", "wow", "yummy", "一流", "上头", "不错", "专业", "享受",
    "优秀", "佩服", "佳作", "值得", "入迷", "厉害", "受益匪浅", "可爱", "听懂", "喜爱", "地道", "太好", "太好了",
    "太棒", "太棒了", "好吃", "好听", "好喝", "好用", "好看", "好笑", "好评", "学会了", "实用", "干货", "很好",
    "很棒", "很赞", "必听", "必看", "惊艳", "感人", "感动", "懂了", "成功", "挺不错", "推荐", "支持", "收获", "收藏",
    "明白", "有意思", "有用", "有趣", "标准", "棒", "比较好", "治愈", "津津有味", "流畅", "清", "清晰", "清楚",
    "温柔", "满分", "满意", "点赞", "爆笑", "牛", "用心", "看懂", "真好", "真美", "神作", "简洁", "细致", "经典",
    "绝", "绝了", "耐心", "良心", "赞", "走心", "超棒", "超赞", "过瘾", "震撼", "非常好", "高级",
};

static const char *const blaming[] = {
    "amateur", "amateurish", "annoyed", "annoying", "avoid", "awful", "badly", "bland", "blurry", "bored", "boring",
    "cheap", "cheesy", "cliche", "clickbait", "confused", "confusing", "crap", "cringe", "cringey", "disappointed",
    "disappointing", "disappointment", "disgusting", "disliked", "dreadful", "dull", "dumb", "fake", "faulty",
    "forgettable", "garbage", "hated", "hollow", "horrendous", "inaccurate", "incoherent", "irritating", "junk",
    "laggy", "lame", "lazy", "lousy", "mediocre", "mess", "messy", "misleading", "mistake", "mistakes", "monotone",
    "noise", "noisy", "nonsense", "outdated", "overlong", "overrated", "pathetic", "pointless", "poor", "poorly",
    "predictable", "pretentious", "repetitive", "ridiculous", "rubbish", "rushed", "scam", "shaky", "shallow", "skip",
    "skipped", "skips", "slow", "spam", "stale", "stupid", "sucks", "tedious", "terribly", "tiresome", "trash",
    "unclear", "unfunny", "unwatchable", "useless", "wasted", "weak", "worse", "wrong", "yawn", "不佳", "不值",
    "不喜欢", "不好", "不懂", "不推荐", "不清", "不清晰", "不清楚", "不行", "乏味", "低俗", "假", "催眠", "傻", "党",
    "冗长", "刺耳", "劝退", "劣质", "卡顿", "反感", "受不了", "听不清", "吵", "啰嗦", "噪", "噪声", "噪音", "坑",
    "垃圾", "太吵", "太差", "太慢", "太烂", "太短", "太碎", "太长", "太难", "失望", "头晕", "尬", "尴尬", "差",
    "差劲", "差评", "很差", "恶心", "慢", "抄袭", "拉胯", "拖沓", "敷衍", "无聊", "无语", "无趣", "晃", "标题党",
    "模糊", "毫无意义", "没劲", "没意思", "没用", "没看懂", "漏洞", "烂", "烦", "烦人", "狗血", "生硬", "白看",
    "看不懂", "看不清", "睡着了", "瞎编", "碎", "离谱", "粗糙", "糊弄", "耽误", "肤浅", "虚伪", "虚假", "蠢", "讨厌",
    "误导", "跑调", "过时", "过誉", "退订", "避坑", "避雷", "错误", "难", "难受", "难吃", "难听", "难懂", "难看",
    "雷人", "骗", "骗人", "骗子", "骗钱", "鸡肋",
};

static const char *const turning[] = {
    "ain't", "aren't", "barely", "can't", "cannot", "couldn't", "didn't", "didnt", "doesn't", "doesnt", "don't",
    "dont", "hadn't", "hardly", "hasn't", "haven't", "isn't", "isnt", "lack", "lacks", "neither", "never", "no",
    "none", "nor", "not", "nothing", "shouldn't", "wasn't", "weren't", "without", "won't", "wouldn't", "不", "不会",
    "不值得", "不再", "不够", "不太", "不怎么", "不是", "不算", "不能", "从不", "从来不", "从没", "别", "并不",
    "并没", "并没有", "并非", "无", "未", "毫不", "毫无", "没", "没什么", "没有", "称不上", "算不上", "缺乏",
    "谈不上", "都不", "非",
};
/* Blame under a negation, too: don't waste your time. */
static const char *const standing[] = {
    "waste", "浪费",
};
/* clang-format on */

static int compare(const void *key, const void *member)
{
    return strcmp(key, *(const char *const *)member);
}

static bool has(const char *const *list, size_t count, const char *word)
{
    return bsearch(word, list, count, sizeof *list, compare) != NULL;
}

static int opinion(const char *word)
{
    int own = has(praising, NR_COUNT(praising), word) - has(blaming, NR_COUNT(blaming), word);
    return own ? own : nr_word_feeling(word);
}

double nr_words_sentiment(const struct nr_strings *words)
{
    double good = 0, bad = 0;
    size_t turned = 0; /* words that are still under a negation */
    for (size_t i = 0; i < words->count; i++) {
        int said = opinion(words->items[i]);
        if (!said && has(turning, NR_COUNT(turning), words->items[i])) {
            turned = REACH;
            continue;
        }
        if (has(standing, NR_COUNT(standing), words->items[i]))
            said = -1;
        else if (turned)
            said = -said;
        good += said > 0;
        bad += said < 0;
        turned = said || !turned ? 0 : turned - 1;
    }
    return (good - bad) / (good + bad + DOUBT);
}
