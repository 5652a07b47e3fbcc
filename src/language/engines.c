/* engines.c - the table of describe engines; which --llm means which is in plan.c. */
#include <string.h>

#include "language/engine.h"

#include "core/banned.h"

const struct nr_engine nr_engine_extractive = {.name = "extractive"};

static const struct nr_engine *const engines[] = {&nr_engine_llama, &nr_engine_http, &nr_engine_replay,
                                                  &nr_engine_extractive};

const struct nr_engine *nr_engine_find(const char *name)
{
    for (size_t i = 0; i < NR_COUNT(engines); i++)
        if (strcmp(engines[i]->name, name) == 0)
            return engines[i];
    return NULL;
}

void nr_draft_progress(const struct nr_limits *limits, size_t answered)
{
    nr_report_progress(limits->reporter, "describe", limits->before + answered, limits->total);
}
