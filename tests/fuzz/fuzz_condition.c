/* fuzz_condition.c - whatever somebody may write as a condition: it is refused with a
 * message, or it can be asked of a record. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/core_condition.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool find_choice(const char *name, int *out)
{
    *out = 1;
    return *name == 'v';
}

static const struct nr_column columns[] = {
    {"action", NR_COLUMN_CHOICE, find_choice, false},
    {"value", NR_COLUMN_NUMBER, NULL, false},
    {"time", NR_COLUMN_TIME, NULL, false},
    {"title", NR_COLUMN_TEXT, NULL, false},
    {"tags", NR_COLUMN_LIST, NULL, false},
    {"author", NR_COLUMN_ANY, NULL, true},
};

static struct nr_column_value get(const void *ctx, const void *record, size_t column)
{
    static const char *names[] = {"sf", "food"};
    static const struct nr_strings list = {names, 2};
    (void)ctx;
    (void)record;
    if (column >= NR_COUNT(columns))
        abort();
    return (struct nr_column_value){column < 3 ? 1 : NAN, "a, b", &list};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct nr_condition_syntax syntax = {"fuzz", columns, NR_COUNT(columns), false};
    struct nr_condition *condition = NULL;
    struct nr_error err = {.text = ""};
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    enum nr_status status = nr_condition_parse(&syntax, text, &condition, &err);
    if (status ? status != NR_ERR_USAGE || !err.text[0] || condition != NULL : !condition)
        abort();
    if (!status)
        nr_condition_holds(condition, 1000, get, NULL, NULL);
    nr_condition_free(condition);
    free(text);
    return 0;
}
