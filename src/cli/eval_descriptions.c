/* eval_descriptions.c - see eval_descriptions.h. */
#include "cli/eval_descriptions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/language_quality.h"
#include "nightreel/stage_labels.h"

#include "core/banned.h"

enum { SLICES = 4 };
/* All records, and those of a language. */
static const char *const slices[SLICES] = {"all", "zh", "en", "other"};

struct result {
    const char *file;
    struct nr_quality slices[SLICES];
};

static size_t slice_of(const struct nr_item *item)
{
    const char *language = nr_item_language(item);
    return strcmp(language, "zh") == 0 ? 1 : strcmp(language, "en") == 0 ? 2 : 3;
}

static enum nr_status measure(const char *file, const struct nr_label_list *labels, struct result *result,
                              struct nr_error *err)
{
    struct nr_item_list items = {0};
    struct nr_topics vocabulary;
    struct nr_arena mem = {0};
    *result = (struct result){.file = file};
    enum nr_status status = nr_cli_read_items(file, &items, err);
    if (!status)
        status = nr_topics_make(&items, &mem, &vocabulary, err);
    for (size_t i = 0; i < items.count && !status; i++) {
        const struct nr_label *label = nr_label_find(labels, items.items[i].video_id);
        nr_quality_add(&items.items[i], label, &vocabulary, &result->slices[0]);
        nr_quality_add(&items.items[i], label, &vocabulary, &result->slices[slice_of(&items.items[i])]);
    }
    nr_arena_release(&mem);
    nr_item_list_release(&items);
    return status;
}

static void put_cell(double value, struct nr_buf *out)
{
    if (isnan(value))
        nr_buf_printf(out, "%10s", "-");
    else
        nr_buf_printf(out, "%10.4f", value);
}

static void write_table(const struct result *results, size_t count, struct nr_buf *out)
{
    for (size_t r = 0; r < count; r++) {
        nr_buf_printf(out, "%s%s\n%-20s", r ? "\n" : "", results[r].file, "");
        for (size_t s = 0; s < SLICES; s++)
            if (results[r].slices[s].records)
                nr_buf_printf(out, "%10s", slices[s]);
        nr_buf_printf(out, "\n%-20s", "records");
        for (size_t s = 0; s < SLICES; s++)
            if (results[r].slices[s].records)
                nr_buf_printf(out, "%10zu", results[r].slices[s].records);
        for (size_t m = 0; m < nr_quality_measure_count; m++) {
            nr_buf_printf(out, "\n%-20s", nr_quality_measures[m].name);
            for (size_t s = 0; s < SLICES; s++) {
                double value = nr_quality_measures[m].value(&results[r].slices[s]);
                if (results[r].slices[s].records)
                    put_cell(value, out);
            }
        }
        nr_buf_putc(out, '\n');
    }
}

static void put_slice(const struct nr_quality *quality, struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "records");
    nr_json_put_int(out, (int64_t)quality->records);
    for (size_t m = 0; m < nr_quality_measure_count; m++) {
        nr_json_put_key(out, nr_quality_measures[m].name);
        nr_json_put_double(out, nr_quality_measures[m].value(quality));
    }
    nr_json_close(out, '}');
}

static void write_json(const struct result *results, size_t count, struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "descriptions");
    nr_json_open(out, '[');
    for (size_t r = 0; r < count; r++) {
        nr_json_open(out, '{');
        nr_json_put_key(out, "file");
        nr_json_put_string(out, results[r].file);
        for (size_t s = 0; s < SLICES; s++) {
            if (s && !results[r].slices[s].records)
                continue;
            nr_json_put_key(out, slices[s]);
            put_slice(&results[r].slices[s], out);
        }
        nr_json_close(out, '}');
    }
    nr_json_close(out, ']');
    nr_json_close(out, '}');
    nr_buf_putc(out, '\n');
}

static void write_csv(const struct result *results, size_t count, struct nr_buf *out)
{
    nr_buf_puts(out, "file,language,measure,value,records\n");
    for (size_t r = 0; r < count; r++)
        for (size_t s = 0; s < SLICES; s++)
            for (size_t m = 0; m < nr_quality_measure_count && results[r].slices[s].records; m++) {
                double value = nr_quality_measures[m].value(&results[r].slices[s]);
                nr_csv_put(out, results[r].file);
                nr_buf_printf(out, ",%s,%s,", slices[s], nr_quality_measures[m].name);
                if (!isnan(value))
                    nr_buf_double(out, value);
                nr_buf_printf(out, ",%zu\n", results[r].slices[s].records);
            }
}

static void (*const writers[NR_EVAL_FORMAT_COUNT])(const struct result *results, size_t count, struct nr_buf *out) = {
    [NR_EVAL_TABLE] = write_table, [NR_EVAL_JSON] = write_json, [NR_EVAL_CSV] = write_csv};

enum nr_status nr_evaluate_descriptions(const char *const *files, size_t count, const char *labels,
                                        enum nr_eval_format format, struct nr_error *err)
{
    struct nr_label_list list = {NULL, 0};
    struct nr_arena mem = {0};
    struct nr_buf text = {0};
    struct result *results = calloc(count, sizeof *results);
    enum nr_status status = results ? NR_OK : nr_fail_nomem(err, "results");
    if (!status && labels)
        status = nr_labels_read(labels, &mem, &list, err);
    for (size_t r = 0; r < count && !status; r++)
        status = measure(files[r], &list, &results[r], err);
    if (!status) {
        writers[format](results, count, &text);
        status = nr_cli_write(&text, err);
    }
    nr_buf_release(&text);
    nr_arena_release(&mem);
    free(results);
    return status;
}

void nr_quality_write_measures(struct nr_buf *out)
{
    for (size_t m = 0; m < nr_quality_measure_count; m++)
        nr_buf_printf(out, "%-20s %s\n", nr_quality_measures[m].name, nr_quality_measures[m].definition);
}
