/*
 * Lets two copies of SQLite in one process share a file.
 *
 * POSIX record locks belong to the process: whoever closes any descriptor of a file drops all locks of the process on
 * it. When another copy of SQLite (node:sqlite, better-sqlite3) closes the file, our locks are gone, and when we close
 * it, theirs are. The copy that closes next believes that it is the last user and deletes the WAL that is in use.
 * These are replacements for the fcntl, open and close that our SQLite calls, and they end both:
 *
 * - Our locks are those of an open file description (F_OFD_*), which no other descriptor's end touches.
 * - We do not close a descriptor while one that is not ours is open on the same file. It is parked, without locks, and
 *   used again for the next open; it is closed with the last of ours.
 *
 * SQLite relies on one property of the old locks: several descriptors of ours on one file share them, so that one may
 * release what another took. We keep it for the locks of the database file by taking them all through one descriptor
 * a file, a duplicate of the first that asked. (The locks of the -shm file go through one descriptor already.)
 *
 * It is C because a function that takes "..." cannot be defined in stable Rust.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if !defined(F_OFD_SETLK) && defined(__APPLE__)
#define F_OFD_SETLK 90
#define F_OFD_SETLKW 91
#define F_OFD_GETLK 92
#endif

#ifndef F_OFD_SETLK

int runstore_has_ofd_locks(void) { return 0; }
int runstore_turnstile(int descriptor, int action) { return -1; }
int runstore_beside(const char *database) { return 0; }
int runstore_open(const char *path, int flags, int mode) { return open(path, flags, mode); }
int runstore_close(int descriptor) { return close(descriptor); }
int runstore_fcntl(int descriptor, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  long argument = va_arg(arguments, long);
  va_end(arguments);
  return fcntl(descriptor, command, argument);
}

#else

/* SQLite's PENDING_BYTE: the locks of a database file lie at and behind it, those of a -shm file far before. */
#define FIRST_DATABASE_LOCK 0x40000000

/* Descriptors that we opened: in use by SQLite, parked, or one through which the locks of a database file go. */
enum use { IN_USE, PARKED, LOCKING };

struct own {
  dev_t device;
  ino_t inode;
  int descriptor;
  int flags; /* as given to open, for PARKED ones to be used again */
  enum use use;
  int held; /* of a LOCKING one: which areas are locked */
  char *path; /* of a -wal or -shm that is IN_USE, else NULL */
  struct own *next;
};

static struct own *owns = NULL;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int is_of(const struct own *own, const struct stat *file) {
  return own->inode == file->st_ino && own->device == file->st_dev;
}

static struct own *add_own(const struct stat *file, int descriptor, int flags, enum use use) {
  struct own *own = malloc(sizeof *own);
  if (own) {
    *own = (struct own){file->st_dev, file->st_ino, descriptor, flags, use, 0, NULL, owns};
    owns = own;
  }
  return own;
}

static void close_own(struct own **place) {
  struct own *own = *place;
  *place = own->next;
  close(own->descriptor);
  free(own->path);
  free(own);
}

static struct own *find_use(const struct stat *file, enum use use) {
  for (struct own *own = owns; own; own = own->next)
    if (own->use == use && is_of(own, file)) return own;
  return NULL;
}

static int is_own(int descriptor) {
  for (struct own *own = owns; own; own = own->next)
    if (own->descriptor == descriptor) return 1;
  return 0;
}

/* Whether a descriptor of this process that is not ours is open on the file. Where that cannot be told, there is. */
static int is_used_by_others(const struct stat *file) {
  DIR *directory = opendir("/dev/fd");
  if (!directory) return 1;
  int found = 0;
  struct dirent *entry;
  while (!found && (entry = readdir(directory))) {
    char *end;
    int descriptor = (int)strtol(entry->d_name, &end, 10);
    struct stat status;
    if (*end || end == entry->d_name || descriptor == dirfd(directory) || is_own(descriptor)) continue;
    found = fstat(descriptor, &status) == 0 && status.st_ino == file->st_ino && status.st_dev == file->st_dev;
  }
  closedir(directory);
  return found;
}

/* Ends all that we keep of a file that SQLite does not use any more. */
static void close_kept(const struct stat *file) {
  int used = find_use(file, IN_USE) != NULL;
  for (struct own **place = &owns; *place;) {
    if (is_of(*place, file) && ((*place)->use == PARKED || ((*place)->use == LOCKING && !used))) close_own(place);
    else place = &(*place)->next;
  }
}

static int ends_with(const char *path, const char *end) {
  size_t length = strlen(path), least = strlen(end);
  return length > least && strcmp(path + length - least, end) == 0;
}

/* Without memory for the path, nobody notices what becomes of the file; nothing else depends on it. */
static void remember_path(struct own *own, const char *path) {
  free(own->path);
  own->path = ends_with(path, "-wal") || ends_with(path, "-shm") ? strdup(path) : NULL;
}

/* A parked descriptor that was opened in the same way is as good as a new one. */
static int unpark(const char *path, int flags) {
  struct stat file;
  if ((flags & O_EXCL) || stat(path, &file) != 0) return -1;
  for (struct own *own = owns; own; own = own->next) {
    if (own->use != PARKED || own->flags != flags || !is_of(own, &file)) continue;
    own->use = IN_USE;
    remember_path(own, path);
    return own->descriptor;
  }
  return -1;
}

static int open_new(const char *path, int flags, int mode) {
  struct stat file;
  int descriptor = open(path, flags, mode);
  if (descriptor < 0 || fstat(descriptor, &file) != 0) return descriptor;
  struct own *own = add_own(&file, descriptor, flags, IN_USE);
  if (own) {
    remember_path(own, path);
    return descriptor;
  }
  close(descriptor);
  errno = ENOMEM;
  return -1;
}

int runstore_open(const char *path, int flags, int mode) {
  pthread_mutex_lock(&mutex);
  int descriptor = owns ? unpark(path, flags) : -1;
  if (descriptor < 0) descriptor = open_new(path, flags, mode);
  int error = errno;
  pthread_mutex_unlock(&mutex);
  errno = error;
  return descriptor;
}

/* What closing would have released: a -shm file's locks, which go through the descriptor itself. */
static void park(struct own *own) {
  struct flock unlock = {.l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = FIRST_DATABASE_LOCK};
  fcntl(own->descriptor, F_OFD_SETLK, &unlock);
  own->use = PARKED;
}

static int close_or_park(struct own **place) {
  struct own *own = *place;
  struct stat file = {.st_dev = own->device, .st_ino = own->inode};
  if (is_used_by_others(&file)) {
    park(own);
    return 0;
  }
  close_own(place);
  close_kept(&file);
  return 0;
}

int runstore_close(int descriptor) {
  pthread_mutex_lock(&mutex);
  struct own **place = &owns;
  while (*place && (*place)->descriptor != descriptor) place = &(*place)->next;
  int result = *place ? close_or_park(place) : close(descriptor);
  int error = errno;
  pthread_mutex_unlock(&mutex);
  errno = error;
  return result;
}

static int is_writable(int descriptor) { return (fcntl(descriptor, F_GETFL) & O_ACCMODE) != O_RDONLY; }

/* The descriptor through which the locks of a database file go; made when there is none and `create` says so. */
static struct own *locking(const struct stat *file, int descriptor, int create) {
  struct own *own = find_use(file, LOCKING);
  if (!create) return own;
  /* To lock for writing it has to be open for writing. One that is not, and holds nothing, is replaced. */
  if (own && (own->held != 0 || is_writable(own->descriptor) || !is_writable(descriptor))) return own;
  int duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  struct own *made = duplicate < 0 ? NULL : add_own(file, duplicate, -1, LOCKING);
  if (made && own) own->use = PARKED;
  if (!made && duplicate >= 0) close(duplicate);
  return made ? made : own;
}

/* The areas that SQLite locks in a database file: 1 pending, 2 reserved, 4 shared. */
static int areas(const struct flock *lock) {
  off_t first = lock->l_start - FIRST_DATABASE_LOCK;
  off_t end = lock->l_len == 0 ? 3 : first + lock->l_len;
  return (first <= 0 && end > 0 ? 1 : 0) | (first <= 1 && end > 1 ? 2 : 0) | (end > 2 ? 4 : 0);
}

static int lock_through(struct own *own, int descriptor, int command, struct flock *lock) {
  int result = fcntl(own ? own->descriptor : descriptor, command, lock);
  if (own && command != F_OFD_GETLK && result == 0) {
    own->held = lock->l_type == F_UNLCK ? own->held & ~areas(lock) : own->held | areas(lock);
  }
  return result;
}

static int lock_database(int descriptor, int command, struct flock *lock) {
  struct stat file;
  if (fstat(descriptor, &file) != 0) return -1;
  pthread_mutex_lock(&mutex);
  int create = lock->l_type != F_UNLCK && command != F_OFD_GETLK;
  struct own *own = locking(&file, descriptor, create);
  int result = create && !own ? -1 : lock_through(own, descriptor, command, lock);
  int error = create && !own ? ENOLCK : errno;
  pthread_mutex_unlock(&mutex);
  errno = error;
  return result;
}

static int ofd_command(int command) {
  switch (command) {
    case F_SETLK: return F_OFD_SETLK;
    case F_SETLKW: return F_OFD_SETLKW;
    case F_GETLK: return F_OFD_GETLK;
    default: return -1;
  }
}

static int is_of_database(const struct flock *lock) {
  int whole_file = lock->l_type == F_UNLCK && lock->l_start == 0 && lock->l_len == 0;
  return whole_file || lock->l_start >= FIRST_DATABASE_LOCK;
}

int runstore_fcntl(int descriptor, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  int ofd = ofd_command(command);
  if (ofd == -1) {
    /* SQLite's other commands take an int, a pointer, or nothing; a long holds each of them. */
    long argument = va_arg(arguments, long);
    va_end(arguments);
    return fcntl(descriptor, command, argument);
  }
  struct flock *lock = va_arg(arguments, struct flock *);
  va_end(arguments);
  lock->l_pid = 0; /* the kernel insists */
  return is_of_database(lock) ? lock_database(descriptor, ofd, lock) : fcntl(descriptor, ofd, lock);
}

/*
 * The turnstile of a database file, through which those who wait for the write lock go one by one: a lock on a byte
 * behind all that SQLite locks. 0 looks whether it is taken, 1 takes it, 2 leaves it. Returns 1 for yes or done, 0 for no,
 * -1 where it cannot be told. The descriptor is from runstore_open and nobody else's.
 */
#define TURNSTILE (FIRST_DATABASE_LOCK + 0x1000)

int runstore_turnstile(int descriptor, int action) {
  static const int commands[] = {F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLK};
  struct flock lock = {.l_type = action == 2 ? F_UNLCK : F_WRLCK, .l_whence = SEEK_SET, .l_start = TURNSTILE, .l_len = 1};
  if (fcntl(descriptor, commands[action], &lock) == 0) return action != 0 || lock.l_type != F_UNLCK;
  return errno == EAGAIN || errno == EACCES ? 0 : -1;
}

/*
 * What became of the files that SQLite keeps beside a database while we have them open; it never looks again by itself.
 * 1: the -wal was deleted, 2: another one is in its place, 4 and 8: the same of the -shm. An empty -wal is none: nobody has
 * written to it.
 */
static int fate(const struct own *own) {
  struct stat mine, other;
  int shift = ends_with(own->path, "-shm") ? 2 : 0;
  if (fstat(own->descriptor, &mine) != 0 || mine.st_nlink > 0) return 0;
  int is_replaced = stat(own->path, &other) == 0 && (shift == 2 || other.st_size > 0);
  return (is_replaced ? 2 : 1) << shift;
}

int runstore_beside(const char *database) {
  size_t length = strlen(database);
  int found = 0;
  pthread_mutex_lock(&mutex);
  for (struct own *own = owns; own; own = own->next) {
    if (own->use != IN_USE || !own->path || strncmp(own->path, database, length) != 0) continue;
    if (strlen(own->path) == length + 4) found |= fate(own);
  }
  pthread_mutex_unlock(&mutex);
  return found;
}

int runstore_has_ofd_locks(void) { return 1; }

#endif
