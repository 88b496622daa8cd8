/*
 * Lets two copies of SQLite in one process share a file.
 *
 * POSIX record locks belong to the process: when another copy of SQLite (node:sqlite, better-sqlite3) closes its
 * descriptor of a file, the kernel drops our locks on that file too; the other copy then believes that it was the
 * last user and deletes the WAL that we are writing. Locks of an open file description (F_OFD_*) belong to the
 * descriptor and end that. This is a replacement for the fcntl that SQLite calls.
 *
 * SQLite relies on one property of the old locks: several descriptors of ours on one file share them, so that one
 * may release what another took. We keep it for the locks of the database file by taking them all through
 * one descriptor a file, a duplicate of the first that asked. (The locks of the -shm file go through one
 * descriptor already, and end when it is closed, as they must.)
 *
 * It is C because a function that takes "..." cannot be defined in stable Rust.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#if !defined(F_OFD_SETLK) && defined(__APPLE__)
#define F_OFD_SETLK 90
#define F_OFD_SETLKW 91
#define F_OFD_GETLK 92
#endif

#ifdef F_OFD_SETLK

/* SQLite's PENDING_BYTE: the locks of a database file lie at and behind it, those of a -shm file far before. */
#define FIRST_DATABASE_LOCK 0x40000000

struct locked_file {
  dev_t device;
  ino_t inode;
  int descriptor;
  int held; /* which of the areas below are locked */
  struct locked_file *next;
};

static struct locked_file *locked_files = NULL;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int ofd_command(int command) {
  switch (command) {
    case F_SETLK: return F_OFD_SETLK;
    case F_SETLKW: return F_OFD_SETLKW;
    case F_GETLK: return F_OFD_GETLK;
    default: return -1;
  }
}

static int unlocks_whole_file(const struct flock *lock) {
  return lock->l_type == F_UNLCK && lock->l_start == 0 && lock->l_len == 0;
}

/* The areas that SQLite locks in a database file: 1 pending, 2 reserved, 4 shared. */
static int areas(const struct flock *lock) {
  off_t first = lock->l_start - FIRST_DATABASE_LOCK;
  off_t end = lock->l_len == 0 ? 3 : first + lock->l_len;
  return (first <= 0 && end > 0 ? 1 : 0) | (first <= 1 && end > 1 ? 2 : 0) | (end > 2 ? 4 : 0);
}

/* The file's entry, made when it is missing and `create` says so; NULL with errno where that fails. */
static struct locked_file **find_entry(int descriptor, int create) {
  struct stat status;
  if (fstat(descriptor, &status) != 0) return NULL;
  struct locked_file **place = &locked_files;
  while (*place && ((*place)->inode != status.st_ino || (*place)->device != status.st_dev)) place = &(*place)->next;
  if (*place || !create) return place;
  struct locked_file *entry = malloc(sizeof *entry);
  if (!entry) {
    errno = ENOLCK;
    return NULL;
  }
  int duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  if (duplicate < 0) {
    free(entry);
    return NULL;
  }
  *entry = (struct locked_file){status.st_dev, status.st_ino, duplicate, 0, *place};
  *place = entry;
  return place;
}

/* An entry lives exactly as long as SQLite holds a lock of its file. */
static void drop_entry(struct locked_file **place) {
  struct locked_file *entry = *place;
  *place = entry->next;
  close(entry->descriptor);
  free(entry);
}

static int lock_database(int descriptor, int command, struct flock *lock) {
  int changed = areas(lock);
  int locking = lock->l_type != F_UNLCK;
  int asking = command == F_OFD_GETLK;
  pthread_mutex_lock(&mutex);
  struct locked_file **place = find_entry(descriptor, locking && !asking);
  int result = -1;
  if (place) {
    struct locked_file *entry = *place;
    result = fcntl(entry ? entry->descriptor : descriptor, command, lock);
    if (entry && !asking && result == 0) entry->held = locking ? entry->held | changed : entry->held & ~changed;
    if (entry && entry->held == 0) drop_entry(place);
  }
  int error = errno;
  pthread_mutex_unlock(&mutex);
  errno = error;
  return result;
}

#endif /* F_OFD_SETLK */

int runstore_fcntl(int descriptor, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
#ifdef F_OFD_SETLK
  int ofd = ofd_command(command);
  if (ofd != -1) {
    struct flock *lock = va_arg(arguments, struct flock *);
    va_end(arguments);
    lock->l_pid = 0; /* the kernel insists */
    if (lock->l_start >= FIRST_DATABASE_LOCK || unlocks_whole_file(lock)) {
      return lock_database(descriptor, ofd, lock);
    }
    return fcntl(descriptor, ofd, lock);
  }
#endif
  /* SQLite's other commands take an int, a pointer, or nothing; a long holds each of them. */
  long argument = va_arg(arguments, long);
  va_end(arguments);
  return fcntl(descriptor, command, argument);
}

/* Returns 1 where the replacement locks by open file description. */
int runstore_has_ofd_locks(void) {
#ifdef F_OFD_SETLK
  return 1;
#else
  return 0;
#endif
}
