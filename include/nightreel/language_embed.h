/* nightreel/language_embed.h - sentence embeddings: by a GGUF in process, or by an
 * OpenAI-compatible endpoint (POST .../embeddings, key from NIGHTREEL_API_KEY).
 *
 * To add an embedding engine: write src/language/embed_NAME.c with one `const struct
 * nr_embed_engine` (see language/embed_engine.h) and say in src/language/embedder.c
 * which models it takes.
 */
#ifndef NIGHTREEL_LANGUAGE_EMBED_H
#define NIGHTREEL_LANGUAGE_EMBED_H

#include "nightreel/core.h"

struct nr_embed_params {
    const char *model; /* GGUF file, http(s) URL, "none", or NULL: the set-up's default where it is found */
    const char *name;  /* model to ask a URL for; NULL: the first that it lists */
    const char *ini;   /* how the model wants its texts; NULL: the file MODEL.ini where it is there */
    double timeout;    /* seconds for one reply of an endpoint */
};
void nr_embed_params_default(struct nr_embed_params *params);
const char *nr_embed_params_check(const struct nr_embed_params *params);

/* How a model wants its texts. An INI file may set all of it:
 *   prefix = "passage: "   what stands before every document (quotes keep the blank)
 *   pooling = mean         mean, cls or last: of a model in process
 *   window = 480           tokens of a piece of a long text, 16 to 8192 */
struct nr_embed_form {
    const char *prefix;  /* NULL: "passage: " where the model's name says E5, else nothing */
    const char *pooling; /* NULL: as the model's metadata say, else mean */
    unsigned window;
};

/* What the parameters mean. */
struct nr_embed_plan {
    struct nr_arena mem;
    const char *model; /* path or URL; NULL: no embeddings */
    const char *name;  /* of a URL's model; may be NULL */
    bool is_file;
    struct nr_embed_form form;
    double timeout;
};
/* NR_ERR_UNAVAILABLE: a named file is not there, or the engine is not built in;
 * NR_ERR_CONFIG, NR_ERR_NOINPUT: the INI file. Loads no model, calls nobody. */
enum nr_status nr_embed_plan_make(const struct nr_embed_params *params, struct nr_embed_plan *plan,
                                  struct nr_error *err) NR_MUST_CHECK;
void nr_embed_plan_release(struct nr_embed_plan *plan);
/* Appends, as text lines, what a vector depends on besides its text and the digest of
 * a model file. */
void nr_embed_key(const struct nr_embed_plan *plan, struct nr_buf *key);

/* A text: `head` (title, tags, what it is about) and `body` (subtitles; may be NULL). */
struct nr_document {
    const char *head, *body;
};
#define NR_DOCUMENTS_MAX 32 /* at a time */

struct nr_embedder;
/* Loads a GGUF (1 to 2 s, 0.5 GB for the default) or asks a URL for one vector, to
 * know their length. `threads` 0: all processors. NR_ERR_UNAVAILABLE: it cannot. */
enum nr_status nr_embedder_open(const struct nr_embed_plan *plan, unsigned threads, struct nr_embedder **out,
                                struct nr_error *err) NR_MUST_CHECK;
void nr_embedder_close(struct nr_embedder *embedder);
size_t nr_embedder_length(const struct nr_embedder *embedder); /* floats of a vector */
/* Head and body are cut into windows; a part's vector is the mean of its windows' (of a
 * long part 16, spread evenly), the document's the mean of its parts', each
 * L2-normalised: out[i * length ..]. present[i] is false, and the vector all zero, where
 * there are no words. With a model in process the bits depend on the text and the model
 * alone. A text that was seen before in this run is not embedded again.
 * NR_ERR_UNAVAILABLE, NR_ERR_IO: the endpoint does not answer; it may another time. */
enum nr_status nr_embedder_documents(struct nr_embedder *embedder, const struct nr_document *documents, size_t count,
                                     float *out, bool *present, struct nr_error *err) NR_MUST_CHECK;

#endif
