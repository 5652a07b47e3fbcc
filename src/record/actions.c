/* actions.c - the names of what people do. */
#include "nightreel/record.h"

#include <string.h>
#include <strings.h>

#include "core/banned.h"

const struct nr_action_name nr_action_names[NR_ACTION_COUNT] = {
    [NR_ACTION_VIEW] = {"view", "观看"},         [NR_ACTION_LIKE] = {"like", "点赞"},
    [NR_ACTION_COMMENT] = {"comment", "评论"},   [NR_ACTION_SHARE] = {"share", "分享"},
    [NR_ACTION_FAVORITE] = {"favorite", "收藏"}, [NR_ACTION_DISLIKE] = {"dislike", "不喜欢"},
    [NR_ACTION_RATING] = {"rating", "评分"},     [NR_ACTION_SEARCH] = {"search", "搜索"},
    [NR_ACTION_COMPLETE] = {"complete", "学完"}, [NR_ACTION_ANSWER] = {"answer", "答题"},
};

bool nr_action_find(const char *text, enum nr_action *out)
{
    if (!text)
        return false;
    for (size_t i = 0; i < NR_ACTION_COUNT; i++) {
        const char *name = nr_action_names[i].name, *name_zh = nr_action_names[i].name_zh;
        bool english = (*text | 0x20) == *name && strcasecmp(text, name) == 0;
        if (english || (*text == *name_zh && strcmp(text, name_zh) == 0)) {
            *out = (enum nr_action)i;
            return true;
        }
    }
    return false;
}
