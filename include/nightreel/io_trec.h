/* nightreel/io_trec.h - lines of TREC files: runs and relevance judgements (qrels).
 * Fields stand between blanks or tabs; the words are borrowed from the line. */
#ifndef NIGHTREEL_IO_TREC_H
#define NIGHTREEL_IO_TREC_H

#include "nightreel/core.h"

struct nr_trec_entry {
    const char *user, *video; /* not NUL-terminated */
    size_t user_length, video_length;
    double value; /* the score of a run, the relevance of a judgement */
};

/* "USER Q0 VIDEO RANK SCORE TAG"; false: not such a line. */
bool nr_trec_run_line(const char *line, size_t length, struct nr_trec_entry *out);
/* "USER 0 VIDEO RELEVANCE"; false: not such a line. */
bool nr_trec_qrels_line(const char *line, size_t length, struct nr_trec_entry *out);

#endif
