/* open_beneath.h - opening below a folder, whatever it is that is opened. */
#ifndef NR_MEDIA_OPEN_BENEATH_H
#define NR_MEDIA_OPEN_BENEATH_H

/* A descriptor for reading, or -1 with errno (EINVAL: not even tried); see
 * nr_file_open_beneath(). */
int nr_open_beneath(int root_fd, const char *path);

#endif
