/* expected.c - see expected.h. In the comments a group has m videos, r of them relevant. */
#include "eval/expected.h"

#include "core/banned.h"

/* How many of the group's places are among the first k. */
static size_t within(const struct nr_tie_group *group, size_t k)
{
    size_t left = k > group->first ? k - group->first : 0;
    return left < group->count ? left : group->count;
}

/* Of `part` videos of the group, as many as are expected among the first k. A whole group
 * gives a whole number. */
static double share(const struct nr_tie_group *group, size_t k, size_t part)
{
    return (double)within(group, k) * (double)part / (double)group->count;
}

double nr_expected_hits(const struct nr_eval_case *user, size_t k)
{
    double sum = 0;
    for (size_t g = 0; g < user->group_count && user->groups[g].first < k; g++)
        sum += share(&user->groups[g], k, user->groups[g].relevant);
    return sum;
}

double nr_expected_in_vain(const struct nr_eval_case *user, size_t k)
{
    double sum = 0;
    for (size_t g = 0; g < user->group_count && user->groups[g].first < k; g++) {
        const struct nr_tie_group *group = &user->groups[g];
        sum += share(group, k, group->irrelevant_candidate) - share(group, k, group->relevant_candidate);
    }
    return sum;
}

/* At the i-th place of a group: r/m (R + 1 + (i - 1) (r - 1)/(m - 1)) / (first + i), R
 * being the relevant videos before the group. */
static double group_precisions(const struct nr_tie_group *group, size_t places, size_t before)
{
    double sum = 0, relevant = (double)group->relevant, count = (double)group->count;
    double also = group->count > 1 ? (relevant - 1) / (count - 1) : 0; /* relevant, given that another one is */
    for (size_t i = 0; i < places; i++)
        sum += ((double)before + 1 + (double)i * also) / (double)(group->first + i + 1);
    return sum * relevant / count;
}

double nr_expected_precisions(const struct nr_eval_case *user, size_t k)
{
    double sum = 0;
    size_t before = 0;
    for (size_t g = 0; g < user->group_count && user->groups[g].first < k; g++) {
        const struct nr_tie_group *group = &user->groups[g];
        if (group->relevant)
            sum += group_precisions(group, within(group, k), before);
        before += group->relevant;
    }
    return sum;
}

/* NULL: no relevant video is listed. */
static const struct nr_tie_group *first_relevant(const struct nr_eval_case *user)
{
    for (size_t g = 0; g < user->group_count; g++)
        if (user->groups[g].relevant)
            return &user->groups[g];
    return NULL;
}

/* P(the first hit is the group's j-th place) = C(m - j, r - 1) / C(m, r), from that of the
 * place before: P(1) = r/m, P(j + 1) = P(j) (m - j - r + 1) / (m - j). 0 where none is left. */
static double next_chance(const struct nr_tie_group *group, size_t j, double chance)
{
    size_t left = group->count - j;
    return left < group->relevant ? 0 : chance * (double)(left + 1 - group->relevant) / (double)left;
}

double nr_expected_reciprocal(const struct nr_eval_case *user, size_t k)
{
    const struct nr_tie_group *group = first_relevant(user);
    double sum = 0;
    if (!group)
        return 0;
    double chance = (double)group->relevant / (double)group->count;
    for (size_t j = 1; j <= within(group, k) && chance > 0; j++) {
        sum += chance / (double)(group->first + j);
        chance = next_chance(group, j, chance);
    }
    return sum;
}

double nr_expected_hit(const struct nr_eval_case *user, size_t k)
{
    const struct nr_tie_group *group = first_relevant(user);
    size_t places = group ? within(group, k) : 0;
    double sum = 0;
    if (!places)
        return 0;
    if (places > group->count - group->relevant) /* the others have no room for all of them */
        return 1;
    double chance = (double)group->relevant / (double)group->count;
    for (size_t j = 1; j <= places; j++) {
        sum += chance;
        chance = next_chance(group, j, chance);
    }
    return sum;
}

/* Of the group's n rejected videos, 0 to n stand before a relevant one, each as likely. */
double nr_expected_preferences(const struct nr_eval_case *user,
                               double (*preference)(const struct nr_eval_case *user, size_t before))
{
    double sum = 0;
    size_t before = 0;
    for (size_t g = 0; g < user->group_count; g++) {
        const struct nr_tie_group *group = &user->groups[g];
        double all = 0;
        for (size_t j = 0; j <= group->rejected && group->relevant; j++)
            all += preference(user, before + j);
        sum += all * (double)group->relevant / (double)(group->rejected + 1);
        before += group->rejected;
    }
    return sum;
}
