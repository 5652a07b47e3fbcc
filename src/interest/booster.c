/* booster.c - see booster.h. */
#include "interest/booster.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xgboost/c_api.h>

#include "core/banned.h"

struct nr_booster {
    BoosterHandle handle;
    pthread_mutex_t explaining; /* contributions are asked for one after the other */
};

static enum nr_status make(struct nr_booster **out, struct nr_error *err)
{
    struct nr_booster *booster = calloc(1, sizeof *booster);
    *out = booster;
    if (!booster)
        return nr_fail_nomem(err, "trees");
    pthread_mutex_init(&booster->explaining, NULL);
    return NR_OK;
}

static enum nr_status failed(struct nr_error *err)
{
    const char *text = XGBGetLastError();
    return nr_fail(err, NR_ERR_INTERNAL, "XGBoost failed: %.*s", (int)strcspn(text, "\n"), text);
}

static enum nr_status set_params(BoosterHandle handle, const struct nr_booster_params *params, struct nr_error *err)
{
    char depth[32], rate[32], weight[32], share[32];
    snprintf(depth, sizeof depth, "%zu", params->depth);
    snprintf(rate, sizeof rate, "%g", params->rate);
    snprintf(weight, sizeof weight, "%g", params->min_weight);
    snprintf(share, sizeof share, "%g", params->column_share);
    const char *const settings[][2] = {
        {"objective", "binary:logistic"},
        {"tree_method", "hist"},
        {"nthread", "1"},
        {"seed", "1"},
        {"max_depth", depth},
        {"eta", rate},
        {"verbosity", "0"},
        {"min_child_weight", weight},
        {"subsample", "0.8"},
        {"lambda", "2"},
        {"colsample_bytree", share},
    };
    for (size_t i = 0; i < NR_COUNT(settings); i++)
        if (XGBoosterSetParam(handle, settings[i][0], settings[i][1]) != 0)
            return failed(err);
    return NR_OK;
}

static enum nr_status make_matrix(const struct nr_booster_data *data, DMatrixHandle *out, struct nr_error *err)
{
    if (XGDMatrixCreateFromMat(data->rows, data->count, data->width, NAN, out) != 0)
        return failed(err);
    return XGDMatrixSetFloatInfo(*out, "label", data->labels, data->count) == 0 ? NR_OK : failed(err);
}

/* A booster does not take the names of its matrix over. */
static enum nr_status name_features(BoosterHandle handle, const struct nr_booster_data *data, struct nr_error *err)
{
    const char *names[NR_BOOSTER_WIDTH_MAX]; /* XGBoost's array is not const */
    if (data->width > NR_BOOSTER_WIDTH_MAX)
        return nr_fail(err, NR_ERR_INTERNAL, "more than %d features", NR_BOOSTER_WIDTH_MAX);
    memcpy(names, data->names, data->width * sizeof *names);
    return XGBoosterSetStrFeatureInfo(handle, "feature_name", names, data->width) == 0 ? NR_OK : failed(err);
}

enum nr_status nr_booster_fit(const struct nr_booster_params *params, const struct nr_booster_data *data,
                              struct nr_booster **out, struct nr_error *err)
{
    DMatrixHandle matrix = NULL;
    enum nr_status status = make(out, err);
    if (!status)
        status = make_matrix(data, &matrix, err);
    if (!status && XGBoosterCreate((const DMatrixHandle[]){matrix}, 1, &(*out)->handle) != 0)
        status = failed(err);
    if (!status)
        status = set_params((*out)->handle, params, err);
    if (!status)
        status = name_features((*out)->handle, data, err);
    for (size_t round = 0; round < params->rounds && !status; round++) {
        if (XGBoosterUpdateOneIter((*out)->handle, (int)round, matrix) != 0)
            status = failed(err);
        if (!status && nr_interrupted())
            status = nr_fail(err, NR_ERR_INTERRUPTED, "interrupted");
    }
    if (matrix)
        XGDMatrixFree(matrix);
    return status;
}

enum nr_status nr_booster_score(const struct nr_booster *booster, const float *rows, size_t count, size_t width,
                                double *out, struct nr_error *err)
{
    static const char config[] = "{\"type\":1,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,"
                                 "\"strict_shape\":false,\"missing\":NaN,\"cache_id\":0}";
    char values[160];
    const bst_ulong *shape;
    bst_ulong dimensions;
    const float *result;
    snprintf(values, sizeof values, "{\"data\":[%llu,true],\"shape\":[%zu,%zu],\"typestr\":\"<f4\",\"version\":3}",
             (unsigned long long)(uintptr_t)rows, count, width);
    if (XGBoosterPredictFromDense(booster->handle, values, config, NULL, &shape, &dimensions, &result) != 0)
        return failed(err);
    for (size_t i = 0; i < count; i++)
        out[i] = result[i];
    return NR_OK;
}

static enum nr_status contribute(const struct nr_booster *booster, DMatrixHandle matrix, size_t numbers, double *out,
                                 struct nr_error *err)
{
    static const char config[] = "{\"type\":2,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,"
                                 "\"strict_shape\":false}";
    const bst_ulong *shape;
    bst_ulong dimensions;
    const float *result;
    if (XGBoosterPredictFromDMatrix(booster->handle, matrix, config, &shape, &dimensions, &result) != 0)
        return failed(err);
    for (size_t i = 0; i < numbers; i++)
        out[i] = result[i];
    return NR_OK;
}

enum nr_status nr_booster_contributions(const struct nr_booster *booster, const float *rows, size_t count, size_t width,
                                        double *out, struct nr_error *err)
{
    pthread_mutex_t *mutex = (pthread_mutex_t *)&booster->explaining;
    DMatrixHandle matrix = NULL;
    if (XGDMatrixCreateFromMat(rows, count, width, NAN, &matrix) != 0)
        return failed(err);
    pthread_mutex_lock(mutex);
    enum nr_status status = contribute(booster, matrix, count * (width + 1), out, err);
    pthread_mutex_unlock(mutex);
    XGDMatrixFree(matrix);
    return status;
}

enum nr_status nr_booster_importance(const struct nr_booster *booster, const char *const *names, size_t width,
                                     double *out, struct nr_error *err)
{
    const char **found;
    const bst_ulong *shape;
    const float *scores;
    bst_ulong count, dimensions;
    double sum = 0;
    if (XGBoosterFeatureScore(booster->handle, "{\"importance_type\":\"total_gain\"}", &count, &found, &dimensions,
                              &shape, &scores) != 0)
        return failed(err);
    for (size_t f = 0; f < width; f++)
        out[f] = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < width; f++)
            if (strcmp(found[i], names[f]) == 0) {
                out[f] = scores[i];
                sum += scores[i];
            }
    for (size_t f = 0; f < width && sum > 0; f++)
        out[f] /= sum;
    return NR_OK;
}

enum nr_status nr_booster_save(const struct nr_booster *booster, struct nr_buf *out, struct nr_error *err)
{
    bst_ulong length;
    const char *text;
    if (XGBoosterSaveModelToBuffer(booster->handle, "{\"format\":\"json\"}", &length, &text) != 0)
        return failed(err);
    nr_buf_append(out, text, length);
    return nr_buf_status(out, err);
}

enum nr_status nr_booster_load(const char *text, size_t length, struct nr_booster **out, struct nr_error *err)
{
    enum nr_status status = make(out, err);
    if (!status && XGBoosterCreate(NULL, 0, &(*out)->handle) != 0)
        status = failed(err);
    if (!status && (XGBoosterLoadModelFromBuffer((*out)->handle, text, length) != 0 ||
                    XGBoosterSetParam((*out)->handle, "nthread", "1") != 0))
        status = nr_fail(err, NR_ERR_DATA, "the trees are damaged: %.*s", (int)strcspn(XGBGetLastError(), "\n"),
                         XGBGetLastError());
    return status;
}

void nr_booster_free(struct nr_booster *booster)
{
    if (!booster)
        return;
    pthread_mutex_destroy(&booster->explaining);
    if (booster->handle)
        XGBoosterFree(booster->handle);
    free(booster);
}
