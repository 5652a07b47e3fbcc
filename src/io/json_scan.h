/* json_scan.h - the strict reading of JSON text that comes before cJSON sees it.
 *
 * cJSON makes a node of 64 bytes for each number and lets several things pass
 * that are no JSON. The scanner checks the whole grammar, takes every array of
 * numbers out as a vector and leaves NR_JSON_PLACEHOLDER in its place: a number
 * that no input can hold, since one that overflows a double is refused.
 */
#ifndef NR_IO_JSON_SCAN_H
#define NR_IO_JSON_SCAN_H

#include "nightreel/io.h"

#define NR_JSON_PLACEHOLDER "1e999" /* cJSON reads infinity */
#define NR_JSON_DEPTH_MAX   64
#define NR_JSON_TEXT_MAX    ((size_t)1 << 30) /* bytes of one document */
#define NR_JSON_NODES_MAX   ((size_t)1 << 22) /* values that cJSON makes nodes of */
#define NR_JSON_NUMBERS_MAX ((size_t)1 << 27) /* numbers in vectors */

/* What the scan leaves: text for cJSON, and the vectors in document order. */
struct nr_json_scan {
    struct nr_buf text;
    double *numbers;
    size_t number_count, number_capacity;
    size_t *starts; /* vector i is numbers[starts[i]..starts[i + 1]) */
    size_t vector_count, start_capacity;
};

enum nr_status nr_json_scan(const char *text, size_t length, struct nr_json_scan *out,
                            struct nr_error *err) NR_MUST_CHECK;
void nr_json_scan_release(struct nr_json_scan *scan);

#endif
