/* opts_language.c - options of the language room. */
#include "cli/options.h"

#include "core/banned.h"

static const struct nr_option embed[] = {
    {"embed", 0, NR_OPTION_STRING, "MODEL",
     "sentence-embedding model: a GGUF file, the URL of an OpenAI-compatible endpoint, or none (default: the one that "
     "scripts/setup gets, where it is found)",
     NR_SETTING(embed.model), NULL, NULL},
    {"embed-model", 0, NR_OPTION_STRING, "NAME", "model to ask the endpoint for (default: the first that it lists)",
     NR_SETTING(embed.name), NULL, NULL},
    {"embed-ini", 0, NR_OPTION_STRING, "FILE",
     "prefix, pooling and window of the model, in place of its metadata (default: MODEL.ini where it is there)",
     NR_SETTING(embed.ini), NULL, NULL},
    {"embed-timeout", 0, NR_OPTION_DOUBLE, "S", "seconds to wait for the endpoint's reply (default 60)",
     NR_SETTING(embed.timeout), NULL, NULL},
};
const struct nr_option_group nr_options_embed = {"Embeddings", NR_BASE_SETTINGS, embed, NR_COUNT(embed)};

static const struct nr_option describe[] = {
    {"llm", 0, NR_OPTION_STRING, "MODEL",
     "language model: a GGUF file, none, the URL of an OpenAI-compatible endpoint, whose key is taken from "
     "NIGHTREEL_API_KEY, or replay:FILE for what --record-replies wrote (default: the one that scripts/setup gets, "
     "where it is found, else none)",
     NR_SETTING(describe.llm), NULL, NULL},
    {"llm-model", 0, NR_OPTION_STRING, "NAME", "model to ask the endpoint for (default: the first that it lists)",
     NR_SETTING(describe.llm_model), NULL, NULL},
    {"lora", 0, NR_OPTION_STRING, "FILE", "adapter (GGUF) for a model in process; FILE:0.5 applies half of it",
     NR_SETTING(describe.lora), NULL, NULL},
    {"llm-batch", 0, NR_OPTION_UINT, "N", "videos described together by a model in process (default 8)",
     NR_SETTING(describe.batch_width), NULL, NULL},
    {"llm-threads", 0, NR_OPTION_UINT, "N", "threads of a model in process (default: those of --threads)",
     NR_SETTING(describe.threads), NULL, NULL},
    {"llm-max-tokens", 0, NR_OPTION_UINT, "N", "longest reply (default 200)", NR_SETTING(describe.max_tokens), NULL,
     NULL},
    {"llm-budget-seconds", 0, NR_OPTION_DOUBLE, "S",
     "time that a run gives to the model; videos left get extractive descriptions, and the model's in another run",
     NR_SETTING(describe.budget_seconds), NULL, NULL},
    {"llm-budget-tokens", 0, NR_OPTION_DOUBLE, "N", "likewise, tokens that the model reads and writes",
     NR_SETTING(describe.budget_tokens), NULL, NULL},
    {"max-tokens", 0, NR_OPTION_UINT, "N", "longest summary, cut at a sentence (default 50)",
     NR_SETTING(describe.summary_tokens), NULL, NULL},
    {"subtitle-tokens", 0, NR_OPTION_UINT, "N",
     "subtitles that a model is given: the sentences that cover most of them (default 250)",
     NR_SETTING(describe.subtitle_tokens), NULL, NULL},
    {"record-replies", 0, NR_OPTION_STRING, "FILE", "keep every prompt and reply (JSON Lines)",
     NR_SETTING(describe.record), NULL, NULL},
    {"train-labels", 0, NR_OPTION_STRING, "FILE",
     "learn topics and sentiment from an editor's labels (CSV: video_id, topics, sentiment), say how well that "
     "works, and use it in place of the model's",
     NR_SETTING(label.train), NULL, NULL},
    {"heads", 0, NR_OPTION_STRING, "FILE", "what was learned: written with --train-labels, else read and used (JSON)",
     NR_SETTING(label.heads), NULL, NULL},
    {"export-training", 0, NR_OPTION_STRING, "FILE",
     "write pairs of evidence and accepted description in chat format, to train a model with (JSON Lines)",
     NR_SETTING(training), NULL, NULL},
    {"llm-timeout", 0, NR_OPTION_DOUBLE, "S", "seconds to wait for an endpoint's reply (default 120)",
     NR_SETTING(describe.timeout), NULL, NULL},
    {"llm-requests", 0, NR_OPTION_UINT, "N", "requests to an endpoint at a time (default 4)",
     NR_SETTING(describe.requests), NULL, NULL},
    {"llm-retries", 0, NR_OPTION_UINT, "N",
     "times that a request is sent again where the endpoint is busy or fails, later each time or when it says so "
     "(default 4)",
     NR_SETTING(describe.retries), NULL, NULL},
    {"vision", 0, NR_OPTION_FLAG, NULL,
     "show the endpoint's model pictures of the video (those of --thumbnails); what it says it sees is not held "
     "against the record's words",
     NR_SETTING(describe.vision), NULL, NULL},
    {"vision-pictures", 0, NR_OPTION_UINT, "N", "pictures of a video, at most (default 4)",
     NR_SETTING(describe.vision_pictures), NULL, NULL},
    {"prompt", 0, NR_OPTION_STRING, "FILE", "one prompt template for all languages", NR_SETTING(describe.prompt), NULL,
     NULL},
    {"prompt-dir", 0, NR_OPTION_STRING, "DIR",
     "prompts: describe.zh.txt and describe.en.txt (default: those in the program)", NR_SETTING(describe.prompt_dir),
     NULL, NULL},
};
const struct nr_option_group nr_options_describe = {"Descriptions", NR_BASE_SETTINGS, describe, NR_COUNT(describe)};
