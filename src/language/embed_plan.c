/* embed_plan.c - which embedding model the parameters mean, and how it wants its texts. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "language/models.h"
#include "nightreel/io.h"
#include "nightreel/language.h"

#include "core/banned.h"

enum { WINDOW = 480, WINDOW_MOST = 8192 };

void nr_embed_params_default(struct nr_embed_params *params)
{
    *params = (struct nr_embed_params){.timeout = 60};
}

const char *nr_embed_params_check(const struct nr_embed_params *params)
{
    if (params->model && !*params->model)
        return "--embed must name a GGUF file or a URL, or be 'none'";
    if (!isfinite(params->timeout) || params->timeout <= 0 || params->timeout > 3600)
        return "--embed-timeout must be more than 0 and at most 3600 seconds";
    return NULL;
}

/* Without the quotation marks that keep its blanks. */
static const char *unquoted(const char *value, struct nr_arena *mem)
{
    size_t length = strlen(value);
    bool quoted = length >= 2 && value[0] == '"' && value[length - 1] == '"';
    return nr_arena_strndup(mem, value + quoted, length - 2 * (size_t)quoted);
}

static enum nr_status set_form(void *ctx, const char *section, const char *key, const char *value, struct nr_error *err)
{
    struct nr_embed_plan *plan = ctx;
    int64_t number = 0;
    (void)section;
    if (strcmp(key, "prefix") == 0) {
        plan->form.prefix = unquoted(value, &plan->mem);
    } else if (strcmp(key, "pooling") == 0) {
        if (strcmp(value, "mean") != 0 && strcmp(value, "cls") != 0 && strcmp(value, "last") != 0)
            return nr_fail(err, NR_ERR_CONFIG, "pooling must be mean, cls or last");
        plan->form.pooling = nr_arena_strdup(&plan->mem, value);
    } else if (strcmp(key, "window") == 0) {
        if (!nr_parse_int64(value, strlen(value), &number) || number < 16 || number > WINDOW_MOST)
            return nr_fail(err, NR_ERR_CONFIG, "window must be from 16 to %d", WINDOW_MOST);
        plan->form.window = (unsigned)number;
    } else {
        return nr_fail(err, NR_ERR_CONFIG, "'%s' is none of prefix, pooling, window", key);
    }
    return plan->mem.failed ? nr_fail_nomem(err, "the settings of an embedding model") : NR_OK;
}

static enum nr_status read_form(const struct nr_embed_params *params, struct nr_embed_plan *plan, struct nr_error *err)
{
    const char *ini = params->ini;
    if (!ini && plan->is_file) {
        ini = nr_arena_printf(&plan->mem, "%s.ini", plan->model);
        if (ini && access(ini, F_OK) != 0)
            return NR_OK;
    }
    return ini ? nr_config_read(ini, set_form, plan, err) : NR_OK;
}

enum nr_status nr_embed_plan_make(const struct nr_embed_params *params, struct nr_embed_plan *plan,
                                  struct nr_error *err)
{
    struct nr_buf path = {0};
    enum nr_status status = NR_OK;
    *plan = (struct nr_embed_plan){.form = {.window = WINDOW}, .timeout = params->timeout};
    bool none = params->model && strcmp(params->model, "none") == 0;
    bool url = params->model && nr_is_url(params->model);
    if (params->model && !none)
        nr_buf_puts(&path, params->model);
    bool found = params->model ? !none : nr_known_model_find(NR_MODEL_EMBED, &path);
    if (params->model && !none && !url)
        status = nr_model_file_check(params->model, "--embed", err);
    if (!status)
        status = nr_buf_status(&path, err);
    if (!status && found) {
        plan->model = nr_arena_strdup(&plan->mem, path.data);
        plan->name = params->name ? nr_arena_strdup(&plan->mem, params->name) : NULL;
        plan->is_file = !url;
        status = plan->mem.failed ? nr_fail_nomem(err, "a path") : read_form(params, plan, err);
    }
    nr_buf_release(&path);
    if (status)
        nr_embed_plan_release(plan);
    return status;
}

void nr_embed_plan_release(struct nr_embed_plan *plan)
{
    nr_arena_release(&plan->mem);
    *plan = (struct nr_embed_plan){.model = NULL};
}

void nr_embed_key(const struct nr_embed_plan *plan, struct nr_buf *key)
{
    if (plan->is_file)
        nr_buf_printf(key, "engine %s\n", nr_language_engine_version());
    else
        nr_buf_printf(key, "url %s name %s\n", plan->model, plan->name ? plan->name : "");
    nr_buf_printf(key, "prefix %zu %s\npooling %s\nwindow %u\n", plan->form.prefix ? strlen(plan->form.prefix) : 0,
                  plan->form.prefix ? plan->form.prefix : "default",
                  plan->form.pooling ? plan->form.pooling : "default", plan->form.window);
    nr_buf_puts(key, "recipe at most 16 windows a part, parts weigh the same: 2\n");
}
