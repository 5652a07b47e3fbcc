/* eval_blocks.c - see eval_blocks.h. */
#include "cli/eval_blocks.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

enum { SLICES_MAX = 64 };

static enum nr_status make_slices(const struct nr_eval_data *data, const char *list, struct nr_eval_blocks *out,
                                  struct nr_error *err)
{
    enum nr_status status = NR_OK;
    out->names = strdup(list);
    out->slices = calloc(SLICES_MAX, sizeof *out->slices);
    if (!out->names || !out->slices)
        return nr_fail_nomem(err, "the slices");
    for (char *name = out->names, *end; name && !status; name = end) {
        end = strchr(name, ',');
        if (end)
            *end++ = '\0';
        if (out->slice_count == SLICES_MAX)
            return nr_fail(err, NR_ERR_USAGE, "more than %d slices", SLICES_MAX);
        status = nr_eval_slice_make(data, name, &out->slices[out->slice_count], err);
        out->slice_count += !status;
    }
    return status;
}

/* Their results and comparisons stay empty for now. */
static enum nr_status name_blocks(struct nr_eval_blocks *out, struct nr_error *err)
{
    size_t count = 1;
    for (size_t s = 0; s < out->slice_count; s++)
        count += out->slices[s].count;
    out->blocks = calloc(count, sizeof *out->blocks);
    if (!out->blocks)
        return nr_fail_nomem(err, "an evaluation");
    out->count = 1;
    for (size_t s = 0; s < out->slice_count; s++)
        for (size_t g = 0; g < out->slices[s].count; g++)
            out->blocks[out->count++] =
                (struct nr_eval_block){.slice = out->slices[s].name, .group = out->slices[s].groups[g].name};
    return NR_OK;
}

static enum nr_status measure_block(struct nr_eval_data *data, struct nr_eval_run *runs, size_t run_count,
                                    const struct nr_eval_request *request, const struct nr_eval_view *view,
                                    struct nr_eval_block *block, struct nr_error *err)
{
    struct nr_eval_params params = request->params;
    params.view = view;
    block->results = calloc(run_count, sizeof *block->results);
    block->comparisons = request->with_significance ? calloc(run_count, sizeof *block->comparisons) : NULL;
    if (!block->results || (request->with_significance && !block->comparisons))
        return nr_fail_nomem(err, "the results");
    enum nr_status status = NR_OK;
    for (size_t r = 0; r < run_count && !status; r++)
        status = nr_eval_measure(data, &runs[r], &params, &block->results[r], err);
    if (!status && block->comparisons)
        status = nr_eval_compare(block->results, run_count, params.undefined, &request->significance,
                                 block->comparisons, err);
    return status;
}

enum nr_status nr_eval_blocks_make(struct nr_eval_data *data, struct nr_eval_run *runs, size_t run_count,
                                   const struct nr_eval_request *request, struct nr_eval_blocks *out,
                                   struct nr_error *err)
{
    size_t block = 0;
    *out = (struct nr_eval_blocks){.run_count = run_count};
    enum nr_status status = request->slices ? make_slices(data, request->slices, out, err) : NR_OK;
    if (!status)
        status = name_blocks(out, err);
    if (!status)
        status = measure_block(data, runs, run_count, request, NULL, &out->blocks[block++], err);
    for (size_t s = 0; s < out->slice_count && !status; s++)
        for (size_t g = 0; g < out->slices[s].count && !status; g++)
            status = measure_block(data, runs, run_count, request, &out->slices[s].groups[g].view,
                                   &out->blocks[block++], err);
    return status;
}

void nr_eval_blocks_release(struct nr_eval_blocks *blocks)
{
    for (size_t b = 0; b < blocks->count; b++) {
        for (size_t r = 0; r < blocks->run_count; r++) {
            if (blocks->blocks[b].results)
                nr_eval_result_release(&blocks->blocks[b].results[r]);
            if (blocks->blocks[b].comparisons)
                nr_eval_comparison_release(&blocks->blocks[b].comparisons[r]);
        }
        free(blocks->blocks[b].results);
        free(blocks->blocks[b].comparisons);
    }
    for (size_t s = 0; s < blocks->slice_count; s++)
        nr_eval_slice_release(&blocks->slices[s]);
    free(blocks->blocks);
    free(blocks->slices);
    free(blocks->names);
}
