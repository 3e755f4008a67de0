/* Preloaded into minima (LD_PRELOAD): counts its writing calls to the C library, and makes the k-th
 * call fail, kills the program before it, or simulates a power cut there. Build with
 * cc -shared -fPIC -O1 faults.c -o faults.so.
 *
 * FAULT_CALLS    counted functions, separated by commas: write, pwrite, fsync, fdatasync, rename,
 *                unlink, ftruncate, open, mkdir, mmap (of a file), anonymous (memory by mmap), malloc;
 *                all but the last two if unset
 * FAULT_AT       number of the call that fails, from 1; 0: none
 * FAULT_ACTION   "kill", "power", an errno, or "half": write half the bytes, then fail with ENOSPC
 * FAULT_LATER    if set, every later counted call fails as well
 * FAULT_ROOT     calls on files outside this folder do not count
 * FAULT_COUNT    file that receives the number of counted calls when the program exits normally
 * FAULT_SEED     random seed for what a power cut loses
 * FAULT_SCRATCH  folder on the file system of FAULT_ROOT, for files that a power cut restores
 * FAULT_CLOCK    seconds by which the real-time clock jumps at every second reading
 *
 * After a power cut, data written to a file since its last fsync is lost, kept, or lost in some of
 * its 512-byte sectors. Name changes since the last fsync of a folder may be undone, newest first
 * (file systems keep their order). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { kSector = 512 };

extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
extern void* __libc_memalign(size_t, size_t);

static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static long calls = 0;
static long fault_at = 0;
static int fault_later = 0;
static int fault_errno = 0;  /* 0: kill; -1: power; -2: half */
static const char* counted = NULL;
static const char* root = NULL;
static const char* scratch = NULL;
static uint64_t seed = 1;
static long clock_jump = 0;
static volatile int is_started = 0;
static __thread int is_inside = 0;

static int is_program(void) {
  return strcmp(program_invocation_short_name, "minima") == 0;
}

__attribute__((constructor)) static void begin(void) {
  const char* at = getenv("FAULT_AT");
  const char* action = getenv("FAULT_ACTION");
  if (!is_program()) return;
  fault_at = at != NULL ? atol(at) : 0;
  fault_later = getenv("FAULT_LATER") != NULL;
  counted = getenv("FAULT_CALLS");
  root = getenv("FAULT_ROOT");
  scratch = getenv("FAULT_SCRATCH");
  if (getenv("FAULT_SEED") != NULL) seed = strtoull(getenv("FAULT_SEED"), NULL, 10);
  if (getenv("FAULT_CLOCK") != NULL) clock_jump = atol(getenv("FAULT_CLOCK"));
  if (action == NULL || strcmp(action, "kill") == 0) {
    fault_errno = 0;
  } else if (strcmp(action, "power") == 0) {
    fault_errno = -1;
  } else if (strcmp(action, "half") == 0) {
    fault_errno = -2;
  } else {
    fault_errno = atoi(action);
  }
}

__attribute__((destructor)) static void end(void) {
  const char* path = getenv("FAULT_COUNT");
  char text[32];
  if (path == NULL || !is_program()) return;
  int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  int size = snprintf(text, sizeof text, "%ld\n", calls);
  syscall(SYS_write, file, text, size);
  syscall(SYS_close, file);
}

/* ---- counted calls ---------------------------------------------------------------------- */

static int is_named(const char* name) {
  if (counted == NULL) return strcmp(name, "malloc") != 0 && strcmp(name, "anonymous") != 0;
  const size_t size = strlen(name);
  for (const char* at = counted; (at = strstr(at, name)) != NULL; at += size) {
    if ((at == counted || at[-1] == ',') && (at[size] == '\0' || at[size] == ',')) return 1;
  }
  return 0;
}

static int is_below_root(const char* path) {
  char full[PATH_MAX];
  if (root == NULL) return 1;
  if (path[0] == '/') return strncmp(path, root, strlen(root)) == 0;
  if (getcwd(full, sizeof full) == NULL) return 0;
  return strncmp(full, root, strlen(root)) == 0;
}

static int path_of(int file, char* path, size_t size) {
  char name[64];
  snprintf(name, sizeof name, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(name, path, size - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return 1;
}

static int counts_file(int file) {
  char path[PATH_MAX];
  if (!path_of(file, path, sizeof path) || path[0] != '/') return 0;
  return root == NULL || strncmp(path, root, strlen(root)) == 0;
}

static void cut_power(void);

/* Returns 1 if the call must fail (errno is set), 2 if a write must write half its bytes. */
static int comes_due(const char* name) {
  if (!is_started || !is_program() || !is_named(name)) return 0;
  const long number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
  if (fault_at == 0 || number < fault_at || (number > fault_at && !fault_later)) return 0;
  if (fault_errno == -1) cut_power();
  if (fault_errno == 0 || fault_errno == -1) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
  if (fault_errno == -2) {
    errno = ENOSPC;
    return number == fault_at ? 2 : 1;
  }
  errno = fault_errno;
  return 1;
}

/* ---- effects of a power cut -------------------------------------------------------------- */

typedef struct Write {
  struct Write* before;
  dev_t device;
  ino_t inode;
  char* path;       /* path of the file, which may be closed by now */
  off64_t offset;   /* -1: only the size changed */
  size_t size;
  off64_t old_size; /* size of the file before */
  char* old;        /* old bytes; zeros beyond the end */
} Write;

typedef struct Name {
  struct Name* before;
  int kind;      /* 'c' created, 'r' renamed, 'u' unlinked */
  ino_t inode;
  char* from;
  char* to;
  char* backup;  /* link to the replaced or removed file; NULL: none */
} Name;

static Write* writes = NULL; /* newest first */
static Name* names = NULL;
static long backups = 0;

static char* copy_of(const char* text) {
  char* copy = __libc_malloc(strlen(text) + 1);
  strcpy(copy, text);
  return copy;
}

static char* absolute(const char* path) {
  char full[2 * PATH_MAX];
  char folder[PATH_MAX];
  if (path[0] == '/' || getcwd(folder, sizeof folder) == NULL) return copy_of(path);
  snprintf(full, sizeof full, "%s/%s", folder, path);
  return copy_of(full);
}

static int is_power_cut(void) { return fault_errno == -1 && is_started && is_program(); }

static void note_write(int file, off64_t offset, size_t size) {
  struct stat status;
  char path[PATH_MAX];
  if (!is_power_cut() || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return;
  if (!counts_file(file) || !path_of(file, path, sizeof path)) return;
  Write* write = __libc_calloc(1, sizeof *write);
  *write = (Write){.before = writes, .device = status.st_dev, .inode = status.st_ino,
                   .path = copy_of(path), .offset = offset, .size = size,
                   .old_size = status.st_size};
  if (offset >= 0) {
    write->old = __libc_calloc(1, size + 1);
    int readable = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY, 0);
    if (readable >= 0) {
      if (pread(readable, write->old, size, offset) < 0) memset(write->old, 0, size);
      syscall(SYS_close, readable);
    }
  }
  writes = write;
}

/* From now on the content, size and existence of the file are on disk. */
static void note_sync(int file) {
  struct stat status;
  if (!is_power_cut() || fstat(file, &status) != 0) return;
  if (S_ISDIR(status.st_mode)) {
    names = NULL; /* all: the folders of a store share one journal */
    return;
  }
  for (Write** at = &writes; *at != NULL;) {
    if ((*at)->inode == status.st_ino) {
      *at = (*at)->before;
    } else {
      at = &(*at)->before;
    }
  }
  for (Name** at = &names; *at != NULL;) {
    if ((*at)->kind == 'c' && (*at)->inode == status.st_ino) {
      *at = (*at)->before;
    } else {
      at = &(*at)->before;
    }
  }
}

static char* backup_of(const char* path) {
  char name[PATH_MAX];
  struct stat status;
  if (scratch == NULL || stat(path, &status) != 0) return NULL;
  snprintf(name, sizeof name, "%s/%d-%ld", scratch, getpid(), ++backups);
  return link(path, name) == 0 ? copy_of(name) : NULL;
}

static void note_name(int kind, const char* from, const char* to, char* backup, ino_t inode) {
  if (!is_power_cut()) return;
  Name* name = __libc_calloc(1, sizeof *name);
  *name = (Name){.before = names, .kind = kind, .inode = inode, .from = absolute(from),
                 .to = to != NULL ? absolute(to) : NULL, .backup = backup};
  names = name;
}

static uint64_t mixed(uint64_t a, uint64_t b) {
  uint64_t x = seed * 0x9e3779b97f4a7c15u + a * 0xbf58476d1ce4e5b9u + b;
  x ^= x >> 31;
  x *= 0x94d049bb133111ebu;
  x ^= x >> 29;
  x *= 0x9e3779b97f4a7c15u;
  return x ^ x >> 32;
}

static long writes_of(ino_t inode) {
  long count = 0;
  for (const Write* at = writes; at != NULL; at = at->before) count += at->inode == inode;
  return count;
}

/* Undoes lost writes, newest first. A sector keeps the effect of the first `kept` writes to the
 * file. */
static void undo_writes(void) {
  for (const Write* at = writes; at != NULL; at = at->before) {
    const long all = writes_of(at->inode);
    long number = 0; /* number of this write, oldest first */
    for (const Write* other = at; other != NULL; other = other->before) {
      number += other->inode == at->inode;
    }
    const uint64_t way = mixed(at->inode, 1) % 4; /* 0: all lost, 1: all kept, else: by sectors */
    const long size_kept = way == 0 ? 0 : way == 1 ? all
                                            : (long)(mixed(at->inode, 2) % (uint64_t)(all + 1));
    int file = (int)syscall(SYS_openat, AT_FDCWD, at->path, O_RDWR, 0);
    if (file < 0) continue;
    for (size_t done = 0; at->offset >= 0 && done < at->size;) {
      const uint64_t place = (uint64_t)at->offset + done;
      size_t piece = kSector - place % kSector;
      if (piece > at->size - done) piece = at->size - done;
      const long kept = way == 0   ? 0
                        : way == 1 ? all
                                   : (long)(mixed(at->inode, 16 + place / kSector) %
                                            (uint64_t)(all + 1));
      if (number > kept) syscall(SYS_pwrite64, file, at->old + done, piece, place);
      done += piece;
    }
    if (number > size_kept) syscall(SYS_ftruncate, file, at->old_size);
    syscall(SYS_close, file);
  }
}

static void undo_names(void) {
  long all = 0;
  for (const Name* at = names; at != NULL; at = at->before) ++all;
  long lost = (long)(mixed(3, 4) % (uint64_t)(all + 1));
  for (const Name* at = names; at != NULL && lost > 0; at = at->before, --lost) {
    if (at->kind == 'c') syscall(SYS_unlink, at->from);
    if (at->kind == 'r') syscall(SYS_rename, at->to, at->from);
    if (at->backup != NULL) syscall(SYS_link, at->backup, at->kind == 'u' ? at->from : at->to);
  }
}

static void cut_power(void) {
  pthread_mutex_lock(&mutex); /* never unlocked */
  undo_writes();
  undo_names();
}

/* ---- the calls --------------------------------------------------------------------------- */

#define ENTER pthread_mutex_lock(&mutex)
#define LEAVE                      \
  do {                             \
    const int reason = errno;      \
    pthread_mutex_unlock(&mutex);  \
    errno = reason;                \
  } while (0)

ssize_t write(int file, const void* bytes, size_t size) {
  if (!is_started || !counts_file(file)) return syscall(SYS_write, file, bytes, size);
  ENTER;
  ssize_t result = -1;
  const int due = comes_due("write");
  if (due != 1) {
    note_write(file, lseek64(file, 0, SEEK_CUR), size);
    result = syscall(SYS_write, file, bytes, due == 2 ? size / 2 : size);
  }
  LEAVE;
  return result;
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  if (!is_started || !counts_file(file)) return syscall(SYS_pwrite64, file, bytes, size, offset);
  ENTER;
  ssize_t result = -1;
  const int due = comes_due("pwrite");
  if (due != 1) {
    note_write(file, offset, size);
    result = syscall(SYS_pwrite64, file, bytes, due == 2 ? size / 2 : size, offset);
  }
  LEAVE;
  return result;
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  return pwrite64(file, bytes, size, offset);
}

static int synced(int file, long number, const char* name) {
  if (!is_started || !counts_file(file)) return (int)syscall(number, file);
  ENTER;
  const int result = comes_due(name) ? -1 : (int)syscall(number, file);
  if (result == 0) note_sync(file);
  LEAVE;
  return result;
}
int fsync(int file) { return synced(file, SYS_fsync, "fsync"); }
int fdatasync(int file) { return synced(file, SYS_fdatasync, "fdatasync"); }

int rename(const char* from, const char* to) {
  if (!is_started || !is_below_root(to)) return (int)syscall(SYS_rename, from, to);
  ENTER;
  int result = -1;
  if (!comes_due("rename")) {
    char* backup = is_power_cut() ? backup_of(to) : NULL;
    result = (int)syscall(SYS_rename, from, to);
    if (result == 0) note_name('r', from, to, backup, 0);
  }
  LEAVE;
  return result;
}

int unlink(const char* path) {
  if (!is_started || !is_below_root(path)) return (int)syscall(SYS_unlink, path);
  ENTER;
  int result = -1;
  if (!comes_due("unlink")) {
    char* backup = is_power_cut() ? backup_of(path) : NULL;
    result = (int)syscall(SYS_unlink, path);
    if (result == 0) note_name('u', path, NULL, backup, 0);
  }
  LEAVE;
  return result;
}

int ftruncate64(int file, off64_t size) {
  if (!is_started || !counts_file(file)) return (int)syscall(SYS_ftruncate, file, size);
  ENTER;
  int result = -1;
  if (!comes_due("ftruncate")) {
    struct stat status;
    /* A lost truncation restores the removed bytes. */
    if (fstat(file, &status) == 0 && status.st_size > size) {
      note_write(file, size, (size_t)(status.st_size - size));
    } else {
      note_write(file, -1, 0);
    }
    result = (int)syscall(SYS_ftruncate, file, size);
  }
  LEAVE;
  return result;
}
int ftruncate(int file, off_t size) { return ftruncate64(file, size); }

int mkdir(const char* path, mode_t mode) {
  if (!is_started || !is_below_root(path)) return (int)syscall(SYS_mkdir, path, mode);
  return comes_due("mkdir") ? -1 : (int)syscall(SYS_mkdir, path, mode);
}

static int opened(int folder, const char* path, int flags, mode_t mode) {
  if (!is_started || is_inside || !is_below_root(path)) {
    return (int)syscall(SYS_openat, folder, path, flags, mode);
  }
  ENTER;
  is_inside = 1;
  int result = -1;
  if (!comes_due("open")) {
    struct stat status;
    const int is_new = (flags & O_CREAT) != 0 && fstatat(folder, path, &status, 0) != 0;
    if ((flags & O_TRUNC) != 0 && is_power_cut() && !is_new) {
      int file = (int)syscall(SYS_openat, folder, path, O_RDWR, 0);
      if (file >= 0) {
        if (fstat(file, &status) == 0) note_write(file, 0, (size_t)status.st_size);
        syscall(SYS_close, file);
      }
    }
    result = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (result >= 0 && is_new && fstat(result, &status) == 0) {
      note_name('c', path, NULL, NULL, status.st_ino);
    }
  }
  is_inside = 0;
  LEAVE;
  return result;
}

#define MODE                                             \
  mode_t mode = 0;                                       \
  if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) { \
    va_list rest;                                        \
    va_start(rest, flags);                               \
    mode = va_arg(rest, mode_t);                         \
    va_end(rest);                                        \
  }

int open64(const char* path, int flags, ...) {
  MODE return opened(AT_FDCWD, path, flags, mode);
}
int open(const char* path, int flags, ...) {
  MODE return opened(AT_FDCWD, path, flags, mode);
}
int openat64(int folder, const char* path, int flags, ...) {
  MODE return opened(folder, path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  MODE return opened(folder, path, flags, mode);
}

void* mmap64(void* at, size_t size, int protection, int flags, int file, off64_t offset) {
  if (is_started && comes_due(file >= 0 ? "mmap" : "anonymous")) return MAP_FAILED;
  return (void*)syscall(SYS_mmap, at, size, protection, flags, file, offset);
}
void* mmap(void* at, size_t size, int protection, int flags, int file, off_t offset) {
  return mmap64(at, size, protection, flags, file, offset);
}

void* malloc(size_t size) { return comes_due("malloc") ? NULL : __libc_malloc(size); }
void* calloc(size_t count, size_t size) {
  return comes_due("malloc") ? NULL : __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) {
  return comes_due("malloc") ? NULL : __libc_realloc(old, size);
}
void* aligned_alloc(size_t alignment, size_t size) {
  return comes_due("malloc") ? NULL : __libc_memalign(alignment, size);
}
int posix_memalign(void** result, size_t alignment, size_t size) {
  if (comes_due("malloc")) return ENOMEM;
  *result = __libc_memalign(alignment, size);
  return *result == NULL ? ENOMEM : 0;
}

/* signal() is the first call of the program itself, so counting starts here. */
void (*signal(int number, void (*handler)(int)))(int) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  struct sigaction before;
  if (is_program()) is_started = 1;
  return sigaction(number, &action, &before) == 0 ? before.sa_handler : SIG_ERR;
}

int clock_gettime(clockid_t clock, struct timespec* now) {
  static long looks = 0;
  const int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (clock_jump != 0 && clock == CLOCK_REALTIME && result == 0) {
    if (__atomic_add_fetch(&looks, 1, __ATOMIC_SEQ_CST) % 2 == 0) now->tv_sec += clock_jump;
  }
  return result;
}

time_t time(time_t* result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result != NULL) *result = now.tv_sec;
  return now.tv_sec;
}
