/* piece_trie.c - a trie over bytes, made from the sorted pieces. */
#include "feature/piece_trie.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

void nr_piece_trie_release(struct nr_piece_trie *trie)
{
    free(trie->nodes);
    free(trie->edges);
    *trie = (struct nr_piece_trie){.node_count = 0};
}

static int compare_pieces(const void *a, const void *b)
{
    const struct nr_piece *x = a, *y = b;
    size_t common = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->bytes, y->bytes, common);
    if (order == 0)
        order = (x->length > y->length) - (x->length < y->length);
    return order ? order : (x->id > y->id) - (x->id < y->id);
}

static enum nr_status add_node(struct nr_piece_trie *trie, uint32_t *node, struct nr_error *err)
{
    enum nr_status status = nr_array_reserve((void **)&trie->nodes, &trie->node_capacity, trie->node_count + 1,
                                             sizeof *trie->nodes, UINT32_MAX / 2, err);
    if (status)
        return status;
    *node = (uint32_t)trie->node_count++;
    trie->nodes[*node] = (struct nr_piece_node){.id = -1};
    return NR_OK;
}

/* The pieces [from, to) share their first `depth` bytes, which lead to `node`. */
struct range {
    size_t from, to, depth;
    uint32_t node;
};

/* The node's own piece, and an edge with its range for each byte that follows. */
static enum nr_status open_node(struct nr_piece_trie *trie, const struct nr_piece *pieces, struct range range,
                                struct range **waiting, size_t *count, size_t *capacity, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (; range.from < range.to && pieces[range.from].length == range.depth; range.from++)
        trie->nodes[range.node].id = pieces[range.from].id;
    trie->nodes[range.node].first_edge = (uint32_t)trie->edge_count;
    for (size_t at = range.from, end; !status && at < range.to; at = end) {
        uint8_t byte = (uint8_t)pieces[at].bytes[range.depth];
        uint32_t child = 0;
        for (end = at; end < range.to && (uint8_t)pieces[end].bytes[range.depth] == byte;)
            end++;
        status = add_node(trie, &child, err);
        if (!status)
            status = nr_array_reserve((void **)&trie->edges, &trie->edge_capacity, trie->edge_count + 1,
                                      sizeof *trie->edges, UINT32_MAX / 2, err);
        if (!status)
            status = nr_array_reserve((void **)waiting, capacity, *count + 1, sizeof **waiting, UINT32_MAX / 2, err);
        if (status)
            break;
        trie->edges[trie->edge_count++] = (struct nr_piece_edge){byte, child};
        trie->nodes[range.node].edge_count++;
        (*waiting)[(*count)++] = (struct range){at, end, range.depth + 1, child};
    }
    return status;
}

enum nr_status nr_piece_trie_build(struct nr_piece_trie *trie, struct nr_piece *pieces, size_t count,
                                   struct nr_error *err)
{
    struct range *waiting = NULL;
    size_t waiting_count = 0, capacity = 0;
    uint32_t root = 0;
    if (count > 1)
        qsort(pieces, count, sizeof *pieces, compare_pieces);
    enum nr_status status = add_node(trie, &root, err);
    if (!status)
        status = open_node(trie, pieces, (struct range){.to = count}, &waiting, &waiting_count, &capacity, err);
    while (!status && waiting_count > 0)
        status = open_node(trie, pieces, waiting[--waiting_count], &waiting, &waiting_count, &capacity, err);
    for (size_t i = 0; !status && i < trie->nodes[0].edge_count; i++)
        trie->from_root[trie->edges[i].byte] = trie->edges[i].node;
    free(waiting);
    return status;
}

static uint32_t step(const struct nr_piece_trie *trie, const struct nr_piece_node *node, uint8_t byte)
{
    const struct nr_piece_edge *edges = trie->edges + node->first_edge;
    size_t low = 0, high = node->edge_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (edges[middle].byte < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low < node->edge_count && edges[low].byte == byte ? edges[low].node : 0;
}

int32_t nr_piece_trie_longest(const struct nr_piece_trie *trie, const char *bytes, size_t length, size_t *matched)
{
    int32_t found = -1;
    uint32_t node = length > 0 ? trie->from_root[(uint8_t)bytes[0]] : 0;
    for (size_t i = 1; node != 0; i++) {
        if (trie->nodes[node].id >= 0) {
            found = trie->nodes[node].id;
            *matched = i;
        }
        node = i < length ? step(trie, &trie->nodes[node], (uint8_t)bytes[i]) : 0;
    }
    return found;
}
