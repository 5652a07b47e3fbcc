/* cmd_doctor.c - what is installed, what is found, what is missing and how to get it. */
#include <stdio.h>

#include "cli/cli.h"
#include "nightreel/linalg.h"
#include "nightreel/store.h"

#include "core/banned.h"

static void put_line(struct nr_buf *out, const char *what, const char *found)
{
    nr_buf_printf(out, "%-10s %s\n", what, found);
}

static void put_engine(struct nr_buf *out)
{
    const char *engine = nr_language_engine_version();
    put_line(out, "engine",
             engine ? engine : "missing: language models in process (run 'scripts/setup', then build again)");
}

/* One line a known model: where it is, or the command that gets it. */
static void put_models(struct nr_buf *out)
{
    for (size_t i = 0; i < nr_known_model_count; i++) {
        const struct nr_known_model *model = &nr_known_models[i];
        struct nr_buf path = {.max = 4096};
        bool found = nr_known_model_path(model, &path);
        const char *use = model->use == NR_MODEL_EMBED ? "embedding" : "describe";
        if (found)
            nr_buf_printf(out, "%-10s %s: %s (%s)\n", use, model->title, path.data, model->licence);
        else
            nr_buf_printf(out, "%-10s %s: not there; 'scripts/setup %s' gets it (%s)\n", use, model->title,
                          model->setup, model->licence);
        nr_buf_release(&path);
    }
}

static bool any_model(enum nr_model_use use)
{
    bool found = false;
    for (size_t i = 0; i < nr_known_model_count && !found; i++) {
        struct nr_buf path = {.max = 4096};
        found = nr_known_models[i].use == use && nr_known_model_path(&nr_known_models[i], &path);
        nr_buf_release(&path);
    }
    return found;
}

/* What a run without further options would do. */
static void put_consequences(struct nr_buf *out)
{
    bool engine = nr_language_engine_version() != NULL;
    nr_buf_printf(out, "\ndescriptions are written by %s\n",
                  engine && any_model(NR_MODEL_DESCRIBE) ? "a language model in process"
                                                         : "no model: extractive (name an endpoint with --llm URL, or "
                                                           "get a model)");
    nr_buf_printf(out, "text blocks are %s\n",
                  engine && any_model(NR_MODEL_EMBED) ? "sentence embeddings" : "hashed TF-IDF of the words");
}

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    struct nr_buf out = {0};
    (void)cli;
    (void)argc;
    (void)argv;
    (void)failed_items;
    nr_buf_printf(&out, "nightreel  %s, %u processors, BLAS kernel %s\n", NR_VERSION, nr_cpu_count(),
                  nr_linalg_kernel());
    put_line(&out, "media", nr_media_versions());
    put_line(&out, "features", nr_feature_versions());
    put_line(&out, "store", nr_store_version());
    put_engine(&out);
    put_models(&out);
    put_consequences(&out);
    enum nr_status status = nr_cli_write(&out, err);
    nr_buf_release(&out);
    return status;
}

const struct nr_command nr_command_doctor = {
    .name = "doctor",
    .summary = "say what is installed, which engines and models are found, and what is missing",
    .usage = "",
    .details = "Prints versions, the models that are found, the command that gets each missing one, and what a\n"
               "run without further options would do. Nothing that is missing here is needed: without a model\n"
               "descriptions are extractive and text blocks are hashed.",
    .example = "nightreel doctor",
    .groups = {&nr_options_general},
    .run = run,
};
