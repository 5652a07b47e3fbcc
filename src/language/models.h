/* models.h - which model a name means, for the two kinds of engines. */
#ifndef NR_LANGUAGE_MODELS_H
#define NR_LANGUAGE_MODELS_H

#include "nightreel/language.h"

bool nr_is_url(const char *text); /* http or https */
/* Appends the path of the best known model of that use; false where there is none. */
bool nr_known_model_find(enum nr_model_use use, struct nr_buf *path);
/* A model file that was named must be there, and something must be able to read it. */
enum nr_status nr_model_file_check(const char *path, const char *option, struct nr_error *err) NR_MUST_CHECK;

#endif
