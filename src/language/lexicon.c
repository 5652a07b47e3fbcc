/* lexicon.c - the word lists; each is sorted bytewise, as the tests check. */
#include "language/lexicon.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/core.h"
#include "nightreel/language_reply.h"
#include "nightreel/language_topics.h"

#include "core/banned.h"

/* clang-format off */
static const char *const stop_words[] = {
    "a", "about", "above", "after", "again", "ah", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be",
    "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "could", "did", "do", "does",
    "doing", "don", "down", "during", "each", "even", "every", "few", "first", "for", "from", "further", "get", "go",
    "had", "has", "have", "having", "he", "hello", "her", "here", "hers", "hey", "hi", "him", "his", "hmm", "how", "i",
    "if", "in", "into", "is", "it", "its", "just", "let", "like", "made", "make", "may", "me", "more", "most", "much",
    "must", "my", "no", "nor", "not", "now", "of", "off", "oh", "ok", "okay", "on", "once", "one", "one's", "only",
    "or", "other", "our", "out", "over", "own", "right", "s", "same", "second", "she", "should", "so", "some", "still",
    "such", "t", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "three",
    "through", "to", "too", "two", "uh", "um", "under", "until", "up", "us", "very", "via", "was", "we", "well",
    "were", "what", "when", "where", "which", "while", "who", "whom", "why", "will", "with", "would", "yeah", "yes",
    "yet", "you", "your", "一", "一下", "一个", "一些", "一切", "一定", "一样", "一次", "一点", "一直", "一种", "一起",
    "三个", "上", "上去", "下", "下去", "下来", "不", "不会", "不再", "不同", "不敢", "不是", "不甘", "不用", "不能",
    "不要", "与", "且", "两", "两个", "个", "个人", "中", "为", "为了", "为什么", "之", "之上", "之下", "之间", "也",
    "也是", "也没有", "了", "于", "什么", "今天", "从", "他", "他们", "以", "以及", "们", "任何", "会", "但", "但是",
    "位", "住在", "你", "你们", "你好", "使", "便", "全部", "其中", "其实", "再", "几", "出", "出口", "出来", "别",
    "到", "到底", "前", "却", "去", "又", "及", "变成", "只", "只是", "只有", "只要", "可", "可以", "可能", "吃", "各",
    "同", "后", "吗", "吧", "呃", "呢", "和", "哈", "哈哈", "哈哈哈", "哎", "哦", "唉", "啊", "喂", "嗯", "嘛", "因为",
    "在", "在这里", "地", "多", "多少", "大", "大家", "她", "她们", "好", "好的", "如", "如何", "如果", "它", "它们",
    "完", "对", "对对", "将", "小", "就", "就是", "已", "已经", "年", "并", "应该", "开始", "当", "很", "得", "怎么",
    "怎么回事", "怎样", "您", "想", "成了", "我", "我们", "我把", "或", "或者", "所", "所以", "所有", "才", "把", "收",
    "日", "时", "时候", "是", "是不是", "是的", "最", "最后", "月", "有", "有些", "有人", "本", "条", "来", "来到",
    "来自", "来说", "次", "正在", "此", "每", "每个", "比", "没", "没有", "没有人", "然后", "现在", "用", "由", "的",
    "的话", "看", "看到", "看看", "真的", "着", "知道", "第", "终于", "而", "而且", "能", "自己", "被", "要", "让",
    "说", "谁", "起", "起来", "跟", "过", "还", "还会", "还是", "还有", "这", "这个", "这么", "这些", "这样", "这里",
    "进行", "通过", "那", "那个", "那么", "那些", "那里", "都", "里", "集", "需要", "非常",
};

static const char *const pleasant[] = {
    "amazing", "beautiful", "best", "brave", "bright", "calm", "celebrate", "charming", "comfortable", "delicious",
    "delightful", "easy", "enjoy", "enjoyed", "excited", "exciting", "favorite", "favourite", "fresh", "friendly",
    "friends", "friendship", "fun", "funny", "gentle", "glad", "great", "happiness", "happy", "hope", "hopeful",
    "joy", "joyful", "kind", "laugh", "laughing", "laughter", "love", "lovely", "nice", "peaceful", "perfect",
    "proud", "relax", "relaxing", "safe", "smile", "smiles", "success", "successful", "sweet", "tasty", "thank",
    "thanks", "warm", "win", "winning", "wins", "won", "wonderful", "享受", "勇敢", "友情", "友谊", "善良", "喜剧",
    "喜欢", "好吃", "好看", "安全", "安静", "完美", "希望", "幸福", "庆祝", "开心", "快乐", "感谢", "成功", "推荐",
    "搞笑", "放松", "放鬆", "新鲜", "最香", "有趣", "欢乐", "治愈", "温暖", "温馨", "满意", "漂亮", "激动", "爱",
    "甜", "甜蜜", "祝福", "笑", "精彩", "美", "美丽", "美味", "胜利", "自由", "自豪", "舒服", "舒适", "获胜",
    "谢谢", "轻松", "静静", "香", "高兴", "鲜",
};

static const char *const unpleasant[] = {
    "adrift", "afraid", "alone", "anger", "angry", "attack", "attacked", "bad", "blood", "broken", "crash", "cry",
    "crying", "danger", "dangerous", "dead", "deadly", "death", "destroy", "destroyed", "destroys", "destruction",
    "die", "died", "dies", "disaster", "dying", "enemy", "fail", "failed", "failure", "fear", "hate", "horrible",
    "horror", "hurt", "kill", "killed", "killer", "killing", "kills", "lonely", "lose", "loss", "lost", "monster",
    "monsters", "murder", "pain", "painful", "prison", "sad", "sadness", "scary", "suffer", "suffering", "tears",
    "terrible", "terror", "threat", "tragedy", "tragic", "trapped", "ugly", "victim", "victims", "violence",
    "violent", "war", "worst", "伤害", "伤心", "入侵", "内鬼", "危险", "去世", "受伤", "受害者", "可怕", "哭",
    "坠毁", "失去", "失控", "失败", "威胁", "孤单", "孤独", "害怕", "怪物", "恐怖", "恐惧", "恨", "悲伤", "悲剧",
    "愤怒", "战争", "摧毁", "攻击", "敌人", "暴力", "末日", "杀", "杀害", "杀死", "枯死", "死", "死亡", "死去",
    "毁", "毁灭", "泪", "灾难", "痛", "痛苦", "眼泪", "离别", "糟糕", "绝望", "背叛", "致命", "血", "被困", "被盗",
    "袭击", "谋杀", "追杀", "逝去", "难过",
};

static const char *const for_children[] = {
    "abc", "alphabet", "bedtime", "children", "fairytale", "kid", "kids", "kindergarten", "lullaby", "nursery",
    "preschool", "rhyme", "rhymes", "toddler", "toddlers", "亲子", "儿歌", "儿童", "孩子们", "宝宝", "小朋友", "幼儿",
    "幼儿园", "拼音", "早教", "童话", "童谣", "绘本",
};

static const char *const for_adults[] = {
    "autopsy", "erotic", "gambling", "gore", "horror", "murder", "serial", "slasher", "thriller", "whiskey", "whisky",
    "凶手", "凶杀", "命案", "恐怖", "恐怖片", "惊悚", "成人", "法医", "白酒", "血腥", "赌博", "限制级",
};

static const char *const for_learners[] = {
    "basics", "beginner", "beginners", "course", "diy", "exercise", "guide", "homework", "learn", "learning",
    "lecture", "lesson", "lessons", "practice", "tutorial", "tutorials", "入门", "公开课", "初学", "初学者", "基础",
    "学习", "学会", "微课", "手把手", "技巧", "教你", "教学", "教程", "新手", "练习", "菜谱", "讲座", "课程", "跟练",
    "零基础",
};

static const char *const for_experts[] = {
    "advanced", "clinical", "compiler", "conference", "dissertation", "engineers", "kernel", "keynote", "professional",
    "professionals", "seminar", "theorem", "专业", "临床", "内核", "定理", "开发者", "架构", "源码", "研讨会",
    "编译器", "论文", "进阶", "高级",
};
/* Tags that say what a video is like and not what it is about. */
static const char *const formats[] = {
    "1080p", "4k", "720p", "8k", "clip", "clips", "collection", "compilation", "daily", "explained", "finale", "full",
    "full episode", "full movie", "full show", "hd", "hdr", "highlights", "live", "mv", "new", "official",
    "official trailer", "official video", "preview", "remastered", "replay", "series", "shorts", "special", "teaser",
    "trailer", "trailers", "uhd", "uncut", "vlog", "vlogs", "全集", "公开课", "分享", "原创", "合集", "完整版",
    "干货", "必看", "推荐", "日常", "最新", "片段", "直播", "直播回放", "短视频", "精选", "花絮", "视频", "超清",
    "连载", "预告", "预告片", "高清",
};

/* Words before a number that counts videos. */
static const char *const counted[] = {
    "chapter", "day", "ep", "episode", "issue", "lecture", "lesson", "no", "part", "patch", "season", "series",
    "unit", "vol", "volume", "week",
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

bool nr_word_is_stop(const char *word)
{
    return has(stop_words, NR_COUNT(stop_words), word);
}

int nr_word_feeling(const char *word)
{
    return has(pleasant, NR_COUNT(pleasant), word) - has(unpleasant, NR_COUNT(unpleasant), word);
}

/* 第3季, 第十二讲: at most five characters between. */
static bool is_ordinal(const char *tag)
{
    static const char *const units[] = {"季", "集", "期", "讲", "课", "回", "话", "部", "章", "节", "天", "周"};
    size_t length = strlen(tag);
    bool ends = false;
    for (size_t i = 0; i < NR_COUNT(units); i++)
        ends |= length > strlen(units[i]) && strcmp(tag + length - strlen(units[i]), units[i]) == 0;
    return ends && strncmp(tag, "第", strlen("第")) == 0 && length <= 7 * strlen("第");
}

/* 2024, 12; episode 3, part 2.1; S4E2. `tag` in small letters. */
static bool is_number(const char *tag)
{
    static const char digits[] = "0123456789.-:/";
    size_t number = strcspn(tag, digits), season = 1 + strspn(tag + (*tag == 's'), digits);
    if (*tag == 's' && season > 1 && tag[season] == 'e')
        return !tag[season + 1 + strspn(tag + season + 1, digits)];
    if (tag[number + strspn(tag + number, digits)] || !tag[number])
        return false;
    char word[16];
    size_t length = number && tag[number - 1] == ' ' ? number - 1 : number;
    if (length >= sizeof word)
        return false;
    memcpy(word, tag, length);
    word[length] = '\0';
    return !length || has(counted, NR_COUNT(counted), word);
}

bool nr_tag_is_format(const char *tag)
{
    char small[40];
    size_t length = strlen(tag);
    if (length >= sizeof small)
        return false;
    for (size_t i = 0; i <= length; i++)
        small[i] = tag[i] >= 'A' && tag[i] <= 'Z' ? (char)(tag[i] - 'A' + 'a') : tag[i];
    return has(formats, NR_COUNT(formats), small) || is_ordinal(small) || is_number(small);
}

int nr_word_audience(const char *word)
{
    static const struct {
        const char *const *list;
        size_t count;
        enum nr_audience audience;
    } lists[] = {{for_children, NR_COUNT(for_children), NR_AUDIENCE_CHILDREN},
                 {for_adults, NR_COUNT(for_adults), NR_AUDIENCE_ADULTS},
                 {for_learners, NR_COUNT(for_learners), NR_AUDIENCE_LEARNERS},
                 {for_experts, NR_COUNT(for_experts), NR_AUDIENCE_EXPERTS}};
    for (size_t i = 0; i < NR_COUNT(lists); i++)
        if (has(lists[i].list, lists[i].count, word))
            return (int)lists[i].audience;
    return NR_AUDIENCE_GENERAL;
}
