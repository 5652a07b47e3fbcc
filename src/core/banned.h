/* banned.h - functions that have a safer twin; included last in every .c file. */
#ifndef NR_CORE_BANNED_H
#define NR_CORE_BANNED_H

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok atoi atol atoll atof scanf tmpnam mktemp

#endif
