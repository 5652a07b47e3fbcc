/* Holds the link together until the room lands: whoever lands it deletes this file. */
#include "nightreel/stage.h"

#include "core/banned.h"

void nr_decode_params_default(struct nr_decode_params *params)
{
    *params = (struct nr_decode_params){0};
}
const char *nr_decode_params_check(const struct nr_decode_params *params)
{
    (void)params;
    return NULL;
}
void nr_text_params_default(struct nr_text_params *params)
{
    *params = (struct nr_text_params){0};
}
const char *nr_text_params_check(const struct nr_text_params *params)
{
    (void)params;
    return NULL;
}
const struct nr_stage nr_stage_extract = {.name = "extract"};
enum nr_status nr_spawner_start(nr_worker_job job, struct nr_spawner **out, struct nr_error *err)
{
    (void)job;
    (void)err;
    *out = NULL;
    return NR_OK;
}
void nr_spawner_stop(struct nr_spawner *spawner)
{
    (void)spawner;
}
enum nr_status nr_extract_job(const char *request, size_t length, const int *fds, size_t fd_count, struct nr_buf *reply,
                              struct nr_error *err)
{
    (void)request;
    (void)length;
    (void)fds;
    (void)fd_count;
    (void)reply;
    return nr_fail(err, NR_ERR_INTERNAL, "media has not landed");
}
