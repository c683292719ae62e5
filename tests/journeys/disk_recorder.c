/* Writes down, in order, what a program asks of the disk under one folder: loaded into it before it starts.

   DISK_RECORD names the file to write to, DISK_FOLDER the folder that is watched. What is said on standard output is
   written down too, so that it is known what had been promised at each moment. DISK_LASTS and DISK_ERROR make the disk
   fail, from so many requests on, with that error number: pulled out (EIO), read-only (EROFS: it
   can still be read), or full (ENOSPC: it can be read, and what is there be taken away).

   A way of writing that is not written down here ends the program, so that no record is ever silently wrong. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST 4096
static unsigned char watched[MOST];
static char folder[PATH_MAX];
static size_t folder_length;
static int record = -1;
static long lasts = -1;
static int failing_with = EIO;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

struct __attribute__((packed)) head { char what; int32_t fd; int64_t at; int64_t length; };

__attribute__((constructor)) static void begin(void) {
    const char *to = getenv("DISK_RECORD"), *under = getenv("DISK_FOLDER");
    if (getenv("DISK_LASTS")) lasts = atol(getenv("DISK_LASTS"));
    if (getenv("DISK_ERROR")) failing_with = atoi(getenv("DISK_ERROR"));
    unsetenv("LD_PRELOAD");
    if (!to || !under || !realpath(under, folder)) return;
    folder_length = strlen(folder);
    record = syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void note(char what, int fd, int64_t at, const void *data, size_t length) {
    struct head head = {what, fd, at, (int64_t)length};
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)data, length}};
    if (record < 0) return;
    if (syscall(SYS_writev, record, parts, 2) != (long)(sizeof head + length)) abort();
}

static void unknown(const char *how) {
    fprintf(stderr, "the disk's recorder does not know %s\n", how);
    abort();
}

static int is_watched(int fd) { return record >= 0 && fd >= 0 && fd < MOST && watched[fd]; }

static int is_inside(const char *path) {
    return record >= 0 && strncmp(path, folder, folder_length) == 0 &&
           (path[folder_length] == '/' || path[folder_length] == 0);
}

/* The whole path of a name: its folder as the system knows it, and the name. */
static int whole(int from, const char *name, char *out) {
    char given[PATH_MAX], parent[PATH_MAX], link[64];
    const char *last;
    if (name[0] == '/') snprintf(given, sizeof given, "%s", name);
    else {
        ssize_t n;
        snprintf(link, sizeof link, from == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", from);
        if ((n = readlink(link, given, sizeof given - 1)) < 0) return 0;
        given[n] = 0;
        snprintf(given + n, sizeof given - n, "/%s", name);
    }
    for (size_t n = strlen(given); n > 1 && given[n - 1] == '/'; n--) given[n - 1] = 0;
    last = strrchr(given, '/');
    if (!last || last == given) { strcpy(out, given); return is_inside(out); }
    *(char *)last = 0;
    if (!realpath(given, parent)) return 0;
    if (snprintf(out, PATH_MAX, "%s/%s", parent, last + 1) >= PATH_MAX) unknown("so long a name");
    return is_inside(out);
}

/* Whether the disk gives way now; each request that would change something uses it up a little. */
static int fails(int adds) {
    if (lasts < 0) return 0;
    if (lasts > 0) { lasts--; return 0; }
    if (failing_with == ENOSPC && !adds) return 0;
    errno = failing_with;
    return 1;
}

static int has_failed(void) {
    if (lasts != 0 || failing_with == ENOSPC || failing_with == EROFS) return 0;
    errno = failing_with;
    return 1;
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)
#define LOCK pthread_mutex_lock(&one_at_a_time)
#define UNLOCK pthread_mutex_unlock(&one_at_a_time)

static int opened(int from, const char *name, int flags, mode_t mode) {
    char path[PATH_MAX];
    int fd, inside = record >= 0 && whole(from, name, path);
    if (inside && (flags & O_TMPFILE) == O_TMPFILE) unknown("a file without a name");
    if (inside) {
        int adds = (flags & O_CREAT) && syscall(SYS_faccessat, from, name, F_OK) != 0;
        if (flags & (O_CREAT | O_TRUNC) ? fails(adds) : has_failed()) return -1;
    }
    LOCK;
    fd = (int)syscall(SYS_openat, from, name, flags, mode);
    if (fd >= MOST && inside) unknown("so many open files");
    if (fd >= 0 && fd < MOST) watched[fd] = inside;
    if (fd >= 0 && inside) note('o', fd, flags & O_TRUNC ? 1 : 0, path, strlen(path));
    UNLOCK;
    return fd;
}

#define MODE mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }
int open(const char *name, int flags, ...) { MODE return opened(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE return opened(AT_FDCWD, name, flags | O_LARGEFILE, mode); }
int openat(int from, const char *name, int flags, ...) { MODE return opened(from, name, flags, mode); }
int openat64(int from, const char *name, int flags, ...) { MODE return opened(from, name, flags | O_LARGEFILE, mode); }

int close(int fd) {
    int done;
    LOCK;
    if (is_watched(fd)) { note('c', fd, 0, "", 0); watched[fd] = 0; }
    done = (int)syscall(SYS_close, fd);
    UNLOCK;
    return done;
}

ssize_t write(int fd, const void *data, size_t length) {
    ssize_t done;
    if (fd != 1 && !is_watched(fd)) return syscall(SYS_write, fd, data, length);
    if (fd != 1 && fails(1)) return -1;
    LOCK;
    done = syscall(SYS_write, fd, data, length);
    if (done > 0 && fd == 1) note('>', fd, 0, data, done);
    if (done > 0 && fd != 1) note('w', fd, lseek(fd, 0, SEEK_CUR) - done, data, done);
    UNLOCK;
    return done;
}

static ssize_t pwritten(int fd, const void *data, size_t length, off_t at) {
    ssize_t done;
    if (!is_watched(fd)) return syscall(SYS_pwrite64, fd, data, length, at);
    if (fails(1)) return -1;
    LOCK;
    done = syscall(SYS_pwrite64, fd, data, length, at);
    if (done > 0) note('w', fd, at, data, done);
    UNLOCK;
    return done;
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { return pwritten(fd, data, length, at); }
ssize_t pwrite64(int fd, const void *data, size_t length, off_t at) { return pwritten(fd, data, length, at); }

ssize_t read(int fd, void *data, size_t length) {
    if (is_watched(fd) && has_failed()) return -1;
    return syscall(SYS_read, fd, data, length);
}
ssize_t pread(int fd, void *data, size_t length, off_t at) {
    if (is_watched(fd) && has_failed()) return -1;
    return syscall(SYS_pread64, fd, data, length, at);
}
ssize_t pread64(int fd, void *data, size_t length, off_t at) { return pread(fd, data, length, at); }

static int synced(int fd, long how) {
    int done;
    if (is_watched(fd) && fails(0)) return -1;
    done = (int)syscall(how, fd);
    LOCK;
    if (done == 0 && is_watched(fd)) note('s', fd, 0, "", 0);
    UNLOCK;
    return done;
}
int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

static int cut_to(int fd, off_t size) {
    int done;
    if (is_watched(fd) && fails(1)) return -1;
    LOCK;
    done = (int)syscall(SYS_ftruncate, fd, size);
    if (done == 0 && is_watched(fd)) note('t', fd, size, "", 0);
    UNLOCK;
    return done;
}
int ftruncate(int fd, off_t size) { return cut_to(fd, size); }
int ftruncate64(int fd, off_t size) { return cut_to(fd, size); }

static int named(char what, int from, const char *name, long call, long extra) {
    char path[PATH_MAX];
    int done, inside = record >= 0 && whole(from, name, path);
    if (inside && fails(what == 'm')) return -1;
    LOCK;
    done = (int)syscall(call, from, name, extra);
    if (done == 0 && inside) note(what, -1, 0, path, strlen(path));
    UNLOCK;
    return done;
}
int unlink(const char *name) { return named('u', AT_FDCWD, name, SYS_unlinkat, 0); }
int rmdir(const char *name) { return named('d', AT_FDCWD, name, SYS_unlinkat, AT_REMOVEDIR); }
int unlinkat(int from, const char *name, int flags) {
    return named(flags & AT_REMOVEDIR ? 'd' : 'u', from, name, SYS_unlinkat, flags);
}
int mkdir(const char *name, mode_t mode) { return named('m', AT_FDCWD, name, SYS_mkdirat, mode); }
int mkdirat(int from, const char *name, mode_t mode) { return named('m', from, name, SYS_mkdirat, mode); }

static int renamed(int from, const char *name, int to, const char *fresh) {
    char both[2 * PATH_MAX], new_path[PATH_MAX];
    int done, inside = record >= 0 && whole(from, name, both), lands = record >= 0 && whole(to, fresh, new_path);
    if (inside != lands) unknown("moving into the folder or out of it");
    if (inside && fails(1)) return -1;
    LOCK;
    done = (int)syscall(SYS_renameat2, from, name, to, fresh, 0);
    if (done == 0 && inside) {
        size_t length = strlen(both) + 1;
        strcpy(both + length, new_path);
        note('r', -1, 0, both, length + strlen(new_path));
    }
    UNLOCK;
    return done;
}
int rename(const char *name, const char *fresh) { return renamed(AT_FDCWD, name, AT_FDCWD, fresh); }
int renameat(int from, const char *name, int to, const char *fresh) { return renamed(from, name, to, fresh); }

/* What none of it may do to a file that is watched. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (is_watched(fd)) unknown("writev");
    return syscall(SYS_writev, fd, parts, count);
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t length) {
    if (is_watched(to)) { errno = EINVAL; return -1; } /* the caller falls back on reading and writing */
    return syscall(SYS_sendfile, to, from, at, length);
}
ssize_t copy_file_range(int from, off64_t *at, int to, off64_t *there, size_t length, unsigned flags) {
    if (is_watched(to)) { errno = EXDEV; return -1; }
    return syscall(SYS_copy_file_range, from, at, to, there, length, flags);
}
int posix_fallocate64(int fd, off64_t at, off64_t length) {
    if (is_watched(fd)) unknown("posix_fallocate");
    return syscall(SYS_fallocate, fd, 0, at, length) == 0 ? 0 : errno;
}
int truncate64(const char *name, off64_t size) {
    char path[PATH_MAX];
    if (record >= 0 && whole(AT_FDCWD, name, path)) unknown("truncate");
    return (int)syscall(SYS_truncate, name, size);
}
