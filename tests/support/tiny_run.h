/* tiny_run.h - tiny models at work: records described by one of them, and every reply
 * that it gave, read back from the recorded ones.
 */
#ifndef NR_TESTS_TINY_RUN_H
#define NR_TESTS_TINY_RUN_H

#include "support/support.h"

#include "nightreel/io.h"
#include "nightreel/language.h"

/* Skips the running test, with a notice, where the build has no engine in process. */
void nr_tiny_need_engine(void);

/* "1" in English, "2" in Chinese, "3" with nothing but its id. */
enum { NR_TINY_RECORDS = 3, NR_TINY_RECORDS_MAX = 4, NR_TINY_REPLIES_MAX = 2 * NR_TINY_RECORDS_MAX };
extern const struct nr_item nr_tiny_records[NR_TINY_RECORDS];

struct nr_tiny_run {
    struct nr_describe_params params;
    enum nr_status status;
    struct nr_error err;
    struct nr_describe_tally tally;
    char *text; /* the recorded replies, one a line */
    struct nr_json_doc *replies[NR_TINY_REPLIES_MAX];
    size_t count;
};
/* Parameters for a model and an adapter (or NULL) of those names in the scratch folder:
 * a short prompt, two records at a time, one thread, long replies. */
void nr_tiny_begin(struct nr_tiny_run *run, const char *model, const char *lora);
/* Describes the records and reads what was said; the descriptions are not kept. */
void nr_tiny_work(struct nr_tiny_run *run, const struct nr_item *records, size_t count);
/* Both; the test fails where that fails. */
void nr_tiny_describe(struct nr_tiny_run *run, const char *model, const char *lora, const struct nr_item *records,
                      size_t count);
void nr_tiny_end(struct nr_tiny_run *run);

/* A member of a recorded reply; borrowed. */
const struct nr_json *nr_tiny_member(const struct nr_tiny_run *run, size_t reply, const char *key);
const char *nr_tiny_text(const struct nr_tiny_run *run, size_t reply, const char *key);
/* A finished reply is what the grammar lets through, then the two labels, weighed. */
void nr_tiny_check_reply(const struct nr_tiny_run *run, size_t reply, const struct nr_item *item);
void nr_tiny_check_replies(const struct nr_tiny_run *run); /* all, about nr_tiny_records */

#endif
