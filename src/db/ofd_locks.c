/*
 * Lets two copies of SQLite in one process share a file.
 *
 * POSIX record locks belong to the process: closing any descriptor of a file drops all locks of the process on that file. When another copy of SQLite (node:sqlite, better-sqlite3) closes the file, our locks are gone, and when we close
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
 * A replacement for pwrite beside them halves the system calls of a commit: SQLite writes each page of the WAL in two
 * pieces, its header of 24 bytes and the page itself, which go to the file in one call here. A region of the WAL's index, for
 * which SQLite takes eight calls, is written in one as well.
 *
 * It is C because a function that takes "..." cannot be defined in stable Rust.
 */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
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
ssize_t runstore_pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
  return pwrite(descriptor, bytes, length, offset);
}
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

/* What they are open on. */
enum kind { DATABASE, WAL, SHM };

/* What SQLite writes before each page of a WAL. */
#define FRAME_HEADER 24

struct own {
  dev_t device;
  ino_t inode;
  int descriptor;
  int flags; /* as given to open, for PARKED ones to be used again */
  enum use use;
  enum kind kind;
  int held; /* of a LOCKING one: which areas are locked */
  char *path; /* as it was opened; NULL of a LOCKING one */
  off_t end; /* of a -wal: where the last write to it ended; of a -shm: where the zeros that were written for SQLite end */
  int has_header; /* of a -wal: whether `header`, which belongs at `end`, waits for its page */
  char header[FRAME_HEADER];
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
    *own = (struct own){
        .device = file->st_dev, .inode = file->st_ino, .descriptor = descriptor, .flags = flags, .use = use, .next = owns};
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

static struct own *find_own(int descriptor) {
  struct own *own = owns;
  while (own && own->descriptor != descriptor) own = own->next;
  return own;
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
    if (*end || end == entry->d_name || descriptor == dirfd(directory) || find_own(descriptor)) continue;
    found = fstat(descriptor, &status) == 0 && status.st_ino == file->st_ino && status.st_dev == file->st_dev;
  }
  closedir(directory);
  return found;
}

/*
 * Whether closing a descriptor of the file would drop locks of this process that are not ours. The kernel tells of them when
 * it is asked through the descriptor that holds our own, in one call; it tells of the first lock that is in the way, so where
 * there is one, of another process for instance, the descriptors of this process have to be looked at.
 */
static int would_drop_locks(const struct own *own, const struct stat *file) {
#ifdef __linux__
  const struct own *locking = find_use(file, LOCKING);
  struct flock any = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0};
  int asked = fcntl((locking ? locking : own)->descriptor, F_OFD_GETLK, &any);
  if (asked == 0 && any.l_type == F_UNLCK) return 0;
#endif
  return is_used_by_others(file);
}

/* Whether a path is that of the database followed by `end`. */
static int is_beside(const char *path, const char *database, const char *end) {
  size_t length = strlen(database);
  return strncmp(path, database, length) == 0 && strcmp(path + length, end) == 0;
}

/* Whether the database that a path lies beside is open, through a descriptor of ours. */
static int has_open_database(const char *path, const char *end) {
  for (struct own *own = owns; own; own = own->next)
    if (own->use == IN_USE && own->path && is_beside(path, own->path, end)) return 1;
  return 0;
}

/* Ends all that we keep of a file that SQLite does not use any more. */
static void close_kept(const struct stat *file) {
  int used = find_use(file, IN_USE) != NULL;
  for (struct own **place = &owns; *place;) {
    if (is_of(*place, file) && ((*place)->use == PARKED || ((*place)->use == LOCKING && !used))) close_own(place);
    else place = &(*place)->next;
  }
}

/* Ends each -shm of a database that was parked while that was open. */
static void close_parked_shm(const char *database) {
  for (struct own **place = &owns; *place;) {
    if ((*place)->use == PARKED && (*place)->kind == SHM && is_beside((*place)->path, database, "-shm")) close_own(place);
    else place = &(*place)->next;
  }
}

/* A database may be called anything-wal; SQLite opens the files beside one when that is open. */
static enum kind kind_of(const char *path) {
  if (has_open_database(path, "-wal")) return WAL;
  return has_open_database(path, "-shm") ? SHM : DATABASE;
}

/* If there is no memory for the path, a deletion of the file is not noticed; nothing else depends on it. */
static void remember_path(struct own *own, const char *path) {
  free(own->path);
  own->path = strdup(path);
  own->kind = own->path ? kind_of(path) : DATABASE;
  own->end = -1;
}

static int has_parked(int flags) {
  for (struct own *own = owns; own; own = own->next)
    if (own->use == PARKED && own->flags == flags) return 1;
  return 0;
}

/* A parked descriptor that was opened in the same way is as good as a new one. */
static int unpark(const char *path, int flags) {
  struct stat file;
  if (!has_parked(flags) || (flags & O_EXCL) || stat(path, &file) != 0) return -1;
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

/* Writes the header that waits and the bytes behind it; returns how many of the bytes it was. */
static ssize_t write_behind_header(struct own *own, const void *bytes, size_t length) {
  struct iovec parts[] = {{own->header, FRAME_HEADER}, {(void *)bytes, length}};
  ssize_t written = pwritev(own->descriptor, parts, 2, own->end);
  if (written >= FRAME_HEADER) return written - FRAME_HEADER;
  /* SQLite tries again what was interrupted, and gives up where there is no room. */
  if (written >= 0) errno = ENOSPC;
  return -1;
}

/*
 * A header that begins where the last write ended is one of a new page, which comes next: it waits for that. Where SQLite
 * writes headers anew, without their pages, it goes back to the first of them, and so none of these waits.
 */
static ssize_t write_wal(struct own *own, const void *bytes, size_t length, off_t offset) {
  if (length == FRAME_HEADER && offset == own->end && !own->has_header) {
    memcpy(own->header, bytes, FRAME_HEADER);
    own->has_header = 1;
    return FRAME_HEADER;
  }
  int follows = own->has_header && offset == own->end + FRAME_HEADER;
  ssize_t written = follows ? write_behind_header(own, bytes, length) : pwrite(own->descriptor, bytes, length, offset);
  if (written < 0 && errno == EINTR) return written;
  own->has_header = 0;
  own->end = written < 0 ? -1 : offset + written;
  return written;
}

/* The index of a WAL grows by regions of this size. */
#define SHM_REGION 32768
/* SQLite writes one zero at the end of each of these pieces of a new region, so that none lacks room later. */
#define SHM_PIECE 4096

/*
 * Writes a new region of an index at once instead of a byte in each of its pieces. Only who holds the lock for writing makes
 * one, so that nobody has written to it yet.
 */
static ssize_t write_shm(struct own *own, const void *bytes, size_t length, off_t offset) {
  static const char zeros[SHM_REGION];
  int is_piece = length == 1 && *(const char *)bytes == 0 && offset % SHM_PIECE == SHM_PIECE - 1;
  if (is_piece && offset < own->end && offset >= own->end - SHM_REGION) return 1;
  own->end = -1;
  if (!is_piece || offset % SHM_REGION != SHM_PIECE - 1) return pwrite(own->descriptor, bytes, length, offset);
  off_t start = offset - (SHM_PIECE - 1);
  ssize_t written = pwrite(own->descriptor, zeros, SHM_REGION, start);
  if (written < SHM_PIECE) return written < 0 ? written : pwrite(own->descriptor, bytes, length, offset);
  own->end = start + written / SHM_PIECE * SHM_PIECE;
  return 1;
}

/* The descriptor of a WAL or of its index is used by one thread at a time: only the search needs the lock. */
ssize_t runstore_pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
  pthread_mutex_lock(&mutex);
  struct own *own = find_own(descriptor);
  /* The oldest macOS that we run on has no pwritev. */
#ifdef __linux__
  int wal = own && own->kind == WAL;
#else
  int wal = 0;
#endif
  int shm = own && own->kind == SHM;
  pthread_mutex_unlock(&mutex);
  if (wal) return write_wal(own, bytes, length, offset);
  return shm ? write_shm(own, bytes, length, offset) : pwrite(descriptor, bytes, length, offset);
}

/*
 * A -shm whose database is open is parked without looking who else uses it: that is looked at once, when the database is
 * closed. Another copy of SQLite that has the -shm open has the database open as well.
 */
static int close_or_park(struct own **place) {
  struct own *own = *place;
  struct stat file = {.st_dev = own->device, .st_ino = own->inode};
  /* A WAL is never locked, so no lock can be dropped. */
  if (own->kind == WAL) {
    close_own(place);
  } else if ((own->kind == SHM && has_open_database(own->path, "-shm")) || would_drop_locks(own, &file)) {
    park(own);
  } else {
    char *database = own->path;
    own->path = NULL;
    close_own(place);
    close_kept(&file);
    if (database) close_parked_shm(database);
    free(database);
  }
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
  pthread_mutex_lock(&mutex);
  const struct own *opened = find_own(descriptor);
  struct stat file = {.st_dev = opened ? opened->device : 0, .st_ino = opened ? opened->inode : 0};
  int create = opened && lock->l_type != F_UNLCK && command != F_OFD_GETLK;
  struct own *own = opened ? locking(&file, descriptor, create) : NULL;
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
 * -1 when it is unknown. The descriptor is from runstore_open and not shared.
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
 * 1: the -wal was deleted, 2: another one is in its place, 4 and 8: the same of the -shm. An empty -wal counts as none:
 * it has no content.
 */
static int fate(const struct own *own) {
  struct stat mine, other;
  int shift = own->kind == SHM ? 2 : 0;
  if (fstat(own->descriptor, &mine) != 0 || mine.st_nlink > 0) return 0;
  int is_replaced = stat(own->path, &other) == 0 && (shift == 2 || other.st_size > 0);
  return (is_replaced ? 2 : 1) << shift;
}

int runstore_beside(const char *database) {
  size_t length = strlen(database);
  int found = 0;
  pthread_mutex_lock(&mutex);
  for (struct own *own = owns; own; own = own->next)
    if (own->use == IN_USE && own->kind != DATABASE && strncmp(own->path, database, length) == 0 &&
        strlen(own->path) == length + 4)
      found |= fate(own);
  pthread_mutex_unlock(&mutex);
  return found;
}

int runstore_has_ofd_locks(void) { return 1; }

#endif
