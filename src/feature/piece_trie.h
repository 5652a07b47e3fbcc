/* piece_trie.h - the pieces of a vocabulary by their bytes. */
#ifndef NR_FEATURE_PIECE_TRIE_H
#define NR_FEATURE_PIECE_TRIE_H

#include "nightreel/core.h"

struct nr_piece {
    const char *bytes;
    size_t length;
    int32_t id;
};

struct nr_piece_node {
    uint32_t first_edge;
    uint16_t edge_count;
    int32_t id; /* of the piece that ends here, or -1 */
};
struct nr_piece_edge {
    uint8_t byte;
    uint32_t node;
};
/* Node 0 is the root; a node's edges lie together, by byte. Zeroed is empty. */
struct nr_piece_trie {
    struct nr_piece_node *nodes;
    struct nr_piece_edge *edges;
    size_t node_count, node_capacity, edge_count, edge_capacity;
    uint32_t from_root[256]; /* node behind the first byte, 0: none */
};

/* Sorts the pieces. Of equal ones the last number counts. */
enum nr_status nr_piece_trie_build(struct nr_piece_trie *trie, struct nr_piece *pieces, size_t count,
                                   struct nr_error *err) NR_MUST_CHECK;
void nr_piece_trie_release(struct nr_piece_trie *trie);
/* The longest piece that begins the bytes: its number, and *matched its length; -1: none. */
int32_t nr_piece_trie_longest(const struct nr_piece_trie *trie, const char *bytes, size_t length, size_t *matched);

#endif
