/* test_hash_terms.c - document frequencies, tags as terms, hashed TF-IDF. */
#include <math.h>

#include "support/support.h"

#include "nightreel/feature.h"

static struct nr_term first_items[] = {{"film", 2}, {"moon", 1}}, second_items[] = {{"film", 1}},
                      third_items[] = {{"cake", 5}};
static const struct nr_terms first = {first_items, 2}, second = {second_items, 1}, third = {third_items, 1};
static const struct nr_terms *const documents[] = {&first, NULL, &second, &third};

static void counts_are_of_documents_not_of_words(void **state)
{
    struct nr_arena mem = {0};
    struct nr_document_counts counts;
    (void)state;
    assert_int_equal(nr_document_counts_fit(documents, 4, &mem, &counts, NULL), NR_OK);
    assert_int_equal(counts.documents, 3); /* NULL is none */
    assert_int_equal(counts.terms.count, 3);
    assert_string_equal(counts.terms.items[0].name, "cake");
    assert_true(nr_document_count(&counts, "film") == 2);
    assert_true(nr_document_count(&counts, "cake") == 1);
    assert_true(nr_document_count(&counts, "fil") == 0);
    nr_assert_near(nr_idf(&counts, "film"), log(4.0 / 3) + 1, 1e-15);
    nr_assert_near(nr_idf(&counts, "moon"), log(4.0 / 2) + 1, 1e-15);
    nr_assert_near(nr_idf(&counts, "unheard"), log(4.0) + 1, 1e-15);
    nr_arena_release(&mem);
}

static void a_word_of_every_document_still_counts(void **state)
{
    const struct nr_terms *const same[] = {&second, &second, &second};
    struct nr_arena mem = {0};
    struct nr_document_counts counts;
    (void)state;
    assert_int_equal(nr_document_counts_fit(same, 3, &mem, &counts, NULL), NR_OK);
    assert_true(nr_idf(&counts, "film") == 1);
    assert_int_equal(nr_document_counts_fit(NULL, 0, &mem, &counts, NULL), NR_OK);
    assert_true(nr_idf(&counts, "film") == 1); /* ln(1/1) + 1 */
    nr_arena_release(&mem);
}

static void tags_become_terms_by_kind(void **state)
{
    const char *tags[] = {"科幻", "action", "科幻"}, *actors[] = {"action"}, *directors[] = {"Nolan"};
    struct nr_item item = {.tags = {tags, 3}, .actors = {actors, 1}, .directors = {directors, 1}};
    static const char *const wanted[] = {"actor:action", "director:Nolan", "genre:action", "genre:科幻"};
    struct nr_arena mem = {0};
    struct nr_terms terms;
    (void)state;
    assert_int_equal(nr_tag_terms(&item, &mem, &terms, NULL), NR_OK);
    assert_int_equal(terms.count, NR_COUNT(wanted));
    for (size_t i = 0; i < NR_COUNT(wanted); i++) {
        assert_string_equal(terms.items[i].name, wanted[i]);
        assert_true(terms.items[i].weight == 1);
    }
    struct nr_item bare = {.title = "no tags"};
    assert_int_equal(nr_tag_terms(&bare, &mem, &terms, NULL), NR_OK);
    assert_int_equal(terms.count, 0);
    nr_arena_release(&mem);
}

/* What a word adds: place and sign by its hash, (1 + ln tf) idf by size. */
static void add_word(double *row, const struct nr_document_counts *counts, const char *word, double times)
{
    uint64_t hash = nr_splitmix64(nr_fnv1a(NR_FNV1A_SEED, word, strlen(word)));
    row[hash & 255] += (hash >> 8 & 1 ? -1 : 1) * (1 + log(times)) * nr_idf(counts, word);
}

static void words_go_where_their_hash_says(void **state)
{
    struct nr_arena mem = {0};
    struct nr_document_counts counts;
    float row[NR_HASH_DIMENSIONS];
    double wanted[NR_HASH_DIMENSIONS] = {0};
    (void)state;
    assert_int_equal(nr_document_counts_fit(documents, 4, &mem, &counts, NULL), NR_OK);
    nr_hash_terms(&first, &counts, row);
    add_word(wanted, &counts, "film", 2);
    add_word(wanted, &counts, "moon", 1);
    for (int j = 0; j < NR_HASH_DIMENSIONS; j++)
        nr_assert_near(row[j], wanted[j], 1e-6);
    nr_arena_release(&mem);
}

/* Over many words signs balance and places are used evenly. */
static void hashing_spreads(void **state)
{
    enum { WORDS = 4096 };
    int uses[NR_HASH_DIMENSIONS] = {0}, negative = 0;
    (void)state;
    for (int i = 0; i < WORDS; i++) {
        char word[32];
        struct nr_term item = {word, 1};
        struct nr_terms terms = {&item, 1};
        struct nr_document_counts none = {.documents = 0};
        float row[NR_HASH_DIMENSIONS];
        snprintf(word, sizeof word, "词%d", i);
        nr_hash_terms(&terms, &none, row);
        for (int j = 0; j < NR_HASH_DIMENSIONS; j++) {
            uses[j] += row[j] != 0;
            negative += row[j] < 0;
        }
    }
    for (int j = 0; j < NR_HASH_DIMENSIONS; j++)
        assert_true(uses[j] > 0 && uses[j] < 48); /* 16 on average */
    assert_true(negative > WORDS * 45 / 100 && negative < WORDS * 55 / 100);
}

static void all_at_once_is_one_by_one(void **state)
{
    struct nr_arena mem = {0};
    struct nr_document_counts counts;
    float rows[4 * NR_HASH_DIMENSIONS], row[NR_HASH_DIMENSIONS];
    static const float zero[NR_HASH_DIMENSIONS];
    (void)state;
    assert_int_equal(nr_hash_tfidf(documents, 4, rows, NULL), NR_OK);
    assert_int_equal(nr_document_counts_fit(documents, 4, &mem, &counts, NULL), NR_OK);
    for (int i = 0; i < 4; i++) {
        if (documents[i])
            nr_hash_terms(documents[i], &counts, row);
        assert_memory_equal(rows + i * NR_HASH_DIMENSIONS, documents[i] ? row : zero, sizeof row);
    }
    nr_arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_of_documents_not_of_words),
        cmocka_unit_test(a_word_of_every_document_still_counts),
        cmocka_unit_test(tags_become_terms_by_kind),
        cmocka_unit_test(words_go_where_their_hash_says),
        cmocka_unit_test(hashing_spreads),
        cmocka_unit_test(all_at_once_is_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
