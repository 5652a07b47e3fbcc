/* stop_words.c - function words of English and Chinese (simplified), in one sorted
 * table. Word counts are for telling videos apart; these are in all of them. */
#include "feature/stop_words.h"

#include <stdlib.h>
#include <string.h>

#include "nightreel/core.h"

#include "core/banned.h"

/* clang-format off */
static const char *const words[] = { /* bytewise order: looked up by halving */
    "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "are", "aren't", "as", "at", "be",
    "because", "been", "before", "being", "but", "by", "can", "can't", "could", "d", "did", "didn't", "do",
    "does", "doesn't", "doing", "don't", "down", "for", "from", "further", "had", "has", "have", "having", "he",
    "he's", "her", "here", "hers", "him", "his", "how", "i", "i'll", "i'm", "i've", "if", "in", "into", "is",
    "isn't", "it", "it's", "its", "itself", "just", "let's", "ll", "m", "me", "more", "most", "my", "no", "nor",
    "not", "now", "of", "off", "on", "once", "only", "or", "other", "our", "out", "over", "own", "re", "s",
    "same", "she", "she's", "should", "so", "some", "such", "t", "than", "that", "that's", "the", "their",
    "them", "then", "there", "there's", "these", "they", "they're", "this", "those", "through", "to", "too",
    "under", "until", "up", "us", "ve", "very", "was", "wasn't", "we", "we're", "we've", "were", "what",
    "what's", "when", "where", "which", "while", "who", "whom", "why", "will", "with", "won't", "would", "you",
    "you'll", "you're", "you've", "your", "yours", "一", "一下", "一个", "一些", "一样", "一种",
    "上", "下", "不", "与", "个", "中", "为", "为了", "之", "也", "了", "于", "于是", "些",
    "什么", "从", "他", "他们", "以", "以及", "们", "会", "但", "但是", "你", "你们", "像",
    "关于", "其", "其中", "其他", "再", "出", "则", "到", "即", "却", "去", "又", "及", "只",
    "只是", "可以", "可能", "各", "同", "向", "吗", "吧", "呀", "呢", "和", "哦", "哪",
    "哪里", "啊", "嗯", "嘛", "因为", "在", "地", "太", "她", "她们", "如果", "它", "它们",
    "对", "对于", "将", "就", "已", "已经", "并", "并且", "应该", "当", "很", "得", "怎么",
    "怎样", "我", "我们", "或", "或者", "所", "所以", "才", "把", "时", "是", "更", "最",
    "有", "来", "正在", "此", "每", "比", "没", "没有", "然后", "用", "由", "的", "着", "等",
    "等等", "给", "而", "而且", "能", "能够", "自己", "虽然", "被", "要", "让", "该", "谁",
    "起", "跟", "过", "还", "还是", "这", "这个", "这些", "这样", "那", "那个", "那些",
    "那样", "都", "里", "非常",
};
/* clang-format on */

static int compare(const void *key, const void *element)
{
    return strcmp(key, *(const char *const *)element);
}

bool nr_stop_word(const char *word)
{
    return bsearch(word, words, NR_COUNT(words), sizeof *words, compare) != NULL;
}
