/* characters.h - kinds of characters that several files of this room tell apart. */
#ifndef NR_LANGUAGE_CHARACTERS_H
#define NR_LANGUAGE_CHARACTERS_H

#include <stdbool.h>
#include <stdint.h>

static inline bool nr_is_han(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x323AF);
}

static inline bool nr_is_ascii_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

#endif
