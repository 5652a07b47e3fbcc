/* endpoint.h - an OpenAI-compatible service: where it is, how it is called, the key. */
#ifndef NR_LANGUAGE_ENDPOINT_H
#define NR_LANGUAGE_ENDPOINT_H

#include "nightreel/core.h"

struct nr_endpoint {
    char *base; /* http://host/v1 */
    char model[128];
};
/* `url`: a host, a base that ends in /v1, or the whole of .../chat/completions or
 * .../embeddings. Asks for the list of models: is anybody there, may we in, what is it
 * called (where `model` is NULL)? Not every server has that list, so that another
 * refusal than of the key is none. NR_ERR_UNAVAILABLE, NR_ERR_INTERRUPTED. Release
 * whatever comes back. */
enum nr_status nr_endpoint_open(struct nr_endpoint *endpoint, const char *url, const char *model, double seconds,
                                struct nr_error *err) NR_MUST_CHECK;
void nr_endpoint_release(struct nr_endpoint *endpoint);
/* base + path; the caller frees. */
enum nr_status nr_endpoint_url(const struct nr_endpoint *endpoint, const char *path, char **out,
                               struct nr_error *err) NR_MUST_CHECK;
/* NIGHTREEL_API_KEY, or NULL. */
const char *nr_endpoint_key(void);

#endif
