// Fails or kills at the n-th open, write, fsync or rename of a file whose path has a given part; "part$" is its end.
// Loaded before the C library (LD_PRELOAD); `arm` is called through ctypes.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN, WRITE, FSYNC, RENAME };
static int armed_kind = -1, fault, sticky;
static long left, seen;
static char wanted[4096];

void arm(int kind, long n, int error, int stays, const char *part) {
    left = n, fault = error, sticky = stays, seen = 0;
    snprintf(wanted, sizeof wanted, "%s", part);
    armed_kind = kind;
}

long count(void) { return seen; }

static int is_wanted(const char *path) {
    size_t n = strlen(wanted), length = strlen(path);
    if (n == 0 || wanted[n - 1] != '$') return strstr(path, wanted) != NULL;
    return length >= n - 1 && strncmp(path + length - (n - 1), wanted, n - 1) == 0;
}

// Returns whether the call has to fail; an error of 0 kills the process instead.
static int fails(int kind, const char *path) {
    if (kind != armed_kind || !path || !is_wanted(path)) return 0;
    long now = __atomic_add_fetch(&seen, 1, __ATOMIC_SEQ_CST);
    if (now != left && !(sticky && now > left)) return 0;
    if (fault == 0) kill(getpid(), SIGKILL);
    errno = fault;
    return 1;
}

static int fails_fd(int kind, int fd) {
    if (kind != armed_kind) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return fails(kind, path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define IS_WRITTEN(flags) ((flags) & (O_WRONLY | O_RDWR | O_CREAT))
#define MODE mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list l; va_start(l, flags); mode = va_arg(l, int); va_end(l); }

int open(const char *path, int flags, ...) { MODE return IS_WRITTEN(flags) && fails(OPEN, path) ? -1 : REAL(open)(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return IS_WRITTEN(flags) && fails(OPEN, path) ? -1 : REAL(open64)(path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE return IS_WRITTEN(flags) && fails(OPEN, path) ? -1 : REAL(openat)(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE return IS_WRITTEN(flags) && fails(OPEN, path) ? -1 : REAL(openat64)(at, path, flags, mode); }
ssize_t write(int fd, const void *b, size_t n) { return fails_fd(WRITE, fd) ? -1 : REAL(write)(fd, b, n); }
ssize_t writev(int fd, const struct iovec *v, int n) { return fails_fd(WRITE, fd) ? -1 : REAL(writev)(fd, v, n); }
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { return fails_fd(WRITE, fd) ? -1 : REAL(pwrite)(fd, b, n, o); }
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) { return fails_fd(WRITE, fd) ? -1 : REAL(pwrite64)(fd, b, n, o); }
int fsync(int fd) { return fails_fd(FSYNC, fd) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fails_fd(FSYNC, fd) ? -1 : REAL(fdatasync)(fd); }
int rename(const char *a, const char *b) { return fails(RENAME, b) ? -1 : REAL(rename)(a, b); }
int renameat(int x, const char *a, int y, const char *b) { return fails(RENAME, b) ? -1 : REAL(renameat)(x, a, y, b); }
