/* replies.h - a file of prompts and replies, one JSON object a line: written by
 * --record-replies, read by the replay engine.
 *
 * {"video_id":"1","again":false,"model":"m.gguf","prompt":"...","state":"made",
 *  "why":"","reply":"{...}","chances":[0.1,0.8,0.1],"tokens":321} */
#ifndef NR_LANGUAGE_REPLIES_H
#define NR_LANGUAGE_REPLIES_H

#include "language/engine.h"
#include "nightreel/io.h"

enum nr_status nr_replies_write(struct nr_output *out, const struct nr_engine_info *info,
                                const struct nr_prompt *prompt, bool again, const struct nr_draft *draft,
                                struct nr_error *err) NR_MUST_CHECK;

#endif
