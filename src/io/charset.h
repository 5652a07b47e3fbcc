/* charset.h - finding the encoding of text, and converting it piece by piece. */
#ifndef NR_IO_CHARSET_H
#define NR_IO_CHARSET_H

#include "nightreel/core.h"

/* How many bytes detection looks at. */
#define NR_CHARSET_SAMPLE ((size_t)64 << 10)

/* The encoding of a text that starts with `sample`; *bom is the length of the byte
 * order mark in front. `cut`: the text goes on behind the sample. "UTF-8" for
 * ASCII and for what is valid UTF-8. */
const char *nr_charset_detect(const char *sample, size_t length, bool cut, size_t *bom);

/* A converter to UTF-8 that remembers characters cut between pieces; NULL for
 * memory. What cannot be converted becomes U+FFFD. */
struct nr_charset_decoder;
struct nr_charset_decoder *nr_charset_decoder_new(const char *encoding);
/* Appends the piece, converted; `last` flushes. */
void nr_charset_decode(struct nr_charset_decoder *decoder, const char *data, size_t length, bool last,
                       struct nr_buf *out);
void nr_charset_decoder_free(struct nr_charset_decoder *decoder);

#endif
