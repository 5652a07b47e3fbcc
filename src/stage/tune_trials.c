/* tune_trials.c - see tune_trials.h. */
#include "stage/tune_trials.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nightreel/io.h"

#include "core/banned.h"

#define HEAD       "{\"file\":\"nightreel trials\",\"version\":1}"
#define TRIALS_MAX ((size_t)1 << 24)

struct trial {
    char key[NR_TRIAL_KEY];
    const double *values;
    size_t count;
};

struct nr_trials {
    struct nr_arena mem;
    struct trial *all; /* by key, then by place in the file */
    size_t count, capacity;
    FILE *file; /* to add to; NULL: nothing is kept */
    char *path;
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct trial *)a)->key, ((const struct trial *)b)->key);
}

/* ---- reading ------------------------------------------------------------------------------- */

/* A line that is no trial is passed over: it was cut short, or is another version's. */
static enum nr_status take_line(struct nr_trials *trials, const char *line, size_t length, struct nr_error *err)
{
    struct nr_json_doc *doc = NULL;
    size_t count = 0;
    if (nr_json_parse(line, length, &doc, NULL) != NR_OK)
        return NR_OK;
    const struct nr_json *root = nr_json_root(doc);
    const char *key = nr_json_string(nr_json_get(root, "key"));
    const double *values = nr_json_vector(doc, nr_json_get(root, "values"), &count);
    enum nr_status status = NR_OK;
    if (key && strlen(key) == NR_TRIAL_KEY - 1 && values && count) {
        status = nr_array_reserve((void **)&trials->all, &trials->capacity, trials->count + 1, sizeof *trials->all,
                                  TRIALS_MAX, err);
        double *kept = status ? NULL : nr_arena_alloc(&trials->mem, count, sizeof *kept);
        if (!status && !kept)
            status = nr_fail_nomem(err, "trials");
        if (!status) {
            memcpy(kept, values, count * sizeof *kept);
            struct trial *trial = &trials->all[trials->count++];
            *trial = (struct trial){.values = kept, .count = count};
            memcpy(trial->key, key, NR_TRIAL_KEY);
        }
    }
    nr_json_free(doc);
    return status;
}

static enum nr_status read_all(struct nr_trials *trials, const char *path, struct nr_error *err)
{
    struct nr_input *in;
    const char *line;
    size_t length;
    enum nr_status status = nr_input_open(path, &in, err);
    if (status)
        return status;
    status = nr_input_line(in, &line, &length, err);
    if (!status && (length != strlen(HEAD) || memcmp(line, HEAD, length) != 0))
        status = nr_fail(err, NR_ERR_DATA, "'%s' is there, but holds no trials of this version", path);
    while (!status) {
        status = nr_input_line(in, &line, &length, err);
        if (!status)
            status = take_line(trials, line, length, err);
    }
    nr_input_close(in);
    if (trials->count > 1)
        qsort(trials->all, trials->count, sizeof *trials->all, by_key);
    return status == NR_END ? NR_OK : status;
}

/* ---- writing ------------------------------------------------------------------------------- */

/* Whatever a run that was killed left of its last line ends here. */
static bool ends_in_newline(const char *path)
{
    FILE *file = fopen(path, "rb");
    bool ends = !file || fseek(file, -1, SEEK_END) != 0 || fgetc(file) == '\n';
    if (file)
        fclose(file);
    return ends;
}

static enum nr_status put_line(struct nr_trials *trials, struct nr_buf *line, struct nr_error *err)
{
    enum nr_status status = nr_buf_status(line, err);
    if (!status && (fwrite(line->data, 1, line->length, trials->file) != line->length || fflush(trials->file) != 0))
        status = nr_fail(err, NR_ERR_IO, "cannot write '%s': %s", trials->path, strerror(errno));
    return status;
}

enum nr_status nr_trials_open(const char *path, struct nr_trials **out, struct nr_error *err)
{
    struct nr_trials *trials = calloc(1, sizeof *trials);
    struct nr_buf head = {0};
    *out = NULL;
    if (!trials || (path && !(trials->path = strdup(path)))) {
        nr_trials_close(trials);
        return nr_fail_nomem(err, "trials");
    }
    bool there = path && access(path, F_OK) == 0;
    enum nr_status status = there ? read_all(trials, path, err) : NR_OK;
    bool whole = !there || ends_in_newline(path);
    if (!status && path && !(trials->file = fopen(path, "ab")))
        status = nr_fail(err, NR_ERR_CANTCREATE, "cannot write '%s': %s", path, strerror(errno));
    if (!there)
        nr_buf_puts(&head, HEAD);
    if (!there || !whole)
        nr_buf_putc(&head, '\n');
    if (!status && trials->file && head.length)
        status = put_line(trials, &head, err);
    nr_buf_release(&head);
    if (status)
        nr_trials_close(trials);
    else
        *out = trials;
    return status;
}

const double *nr_trials_find(const struct nr_trials *trials, const char key[NR_TRIAL_KEY], size_t count)
{
    struct trial wanted = {.count = 0};
    memcpy(wanted.key, key, NR_TRIAL_KEY);
    const struct trial *found =
        trials->count ? bsearch(&wanted, trials->all, trials->count, sizeof wanted, by_key) : NULL;
    return found && found->count == count ? found->values : NULL;
}

enum nr_status nr_trials_add(struct nr_trials *trials, const char key[NR_TRIAL_KEY], const char *side, size_t from,
                             const double *values, size_t count, struct nr_error *err)
{
    struct nr_buf line = {0};
    if (!trials->file)
        return NR_OK;
    nr_json_open(&line, '{');
    nr_json_put_key(&line, "key");
    nr_json_put_string(&line, key);
    nr_json_put_key(&line, "side");
    nr_json_put_string(&line, side);
    nr_json_put_key(&line, "from");
    nr_json_put_int(&line, (int64_t)from);
    nr_json_put_key(&line, "to");
    nr_json_put_int(&line, (int64_t)(from + count));
    nr_json_put_key(&line, "values");
    nr_json_open(&line, '[');
    for (size_t i = 0; i < count; i++)
        nr_json_put_double(&line, values[i]);
    nr_json_close(&line, ']');
    nr_json_close(&line, '}');
    nr_buf_putc(&line, '\n');
    enum nr_status status = put_line(trials, &line, err);
    nr_buf_release(&line);
    return status;
}

void nr_trials_close(struct nr_trials *trials)
{
    if (!trials)
        return;
    if (trials->file)
        fclose(trials->file);
    nr_arena_release(&trials->mem);
    free(trials->all);
    free(trials->path);
    free(trials);
}
