/* people.h - who gets a list. Private to match. */
#ifndef NR_MATCH_PEOPLE_H
#define NR_MATCH_PEOPLE_H

#include "nightreel/match.h"

struct nr_people {
    struct nr_user_list list; /* by user_id; borrowed from the users, but for the array */
    bool own;                 /* the array is to be freed */
};

/* `users` sorted. */
enum nr_status nr_people_init(struct nr_people *people, const struct nr_list_params *params,
                              const struct nr_user_list *users, struct nr_error *err) NR_MUST_CHECK;
void nr_people_release(struct nr_people *people);

#endif
