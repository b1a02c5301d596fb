/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jail/cel-jail-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * The warden: a process of one thread that forks a child for each request, tells the program how it
 * ended, and ends it when the program no longer waits. It looks at nothing that the child wrote.
 */

enum { MAX_CHILDREN = 128, FULL = -2 };

typedef struct {
    pid_t pid;
    int end;   /* a descriptor that becomes readable when it is gone */
    int reply; /* the program waits at the other end */
} Inmate;

typedef struct {
    int control;
    pid_t self;
    gsize mapped_bytes;
    Inmate inmates[MAX_CHILDREN];
    nfds_t n;
} Warden;

/* Handlers of the program must not run here or in a child. */
static void forget_handlers(void)
{
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Standard streams lead nowhere, so that nothing can be printed into another descriptor. The kernel
 * itself is asked: what is preloaded around open() (a simulated bus) opens more than it is told. */
static gboolean forget_files(int *control)
{
    enum { KEPT = 3 };
    if (*control != KEPT && dup3(*control, KEPT, O_CLOEXEC) < 0)
        return FALSE;
    *control = KEPT;
    if (close_range(0, KEPT - 1, 0) != 0 || close_range(KEPT + 1, ~0U, 0) != 0)
        return FALSE;
    for (int fd = 0; fd < KEPT; fd++) {
        if (syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC) != fd)
            return FALSE;
    }
    return TRUE;
}

/* Bytes that this process has mapped, which its children inherit. */
static gsize mapped_now(void)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
        return 0;
    return (gsize)g_ascii_strtoull(text, NULL, 10) * (gsize)sysconf(_SC_PAGESIZE);
}

static void answer(int reply, int status)
{
    send(reply, &status, sizeof status, MSG_NOSIGNAL | MSG_DONTWAIT);
    close(reply);
}

static void release(Warden *warden, nfds_t index, gboolean wanted)
{
    Inmate *inmate = &warden->inmates[index];
    int status = -1;
    if (!wanted)
        kill(inmate->pid, SIGKILL);
    while (waitpid(inmate->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    close(inmate->end);
    answer(inmate->reply, status);
    *inmate = warden->inmates[--warden->n];
}

static void admit(Warden *warden, const CelJailRequest *request, int reply)
{
    if (warden->n == MAX_CHILDREN) {
        answer(reply, FULL);
        return;
    }
    const pid_t pid = fork();
    if (pid == 0)
        cel_jail_enter_and_work(request, warden->mapped_bytes, warden->self);
    const int end = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
    if (end >= 0) {
        warden->inmates[warden->n++] = (Inmate){pid, end, reply};
        return;
    }
    if (pid > 0) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    answer(reply, FULL);
}

/* FALSE: the program is gone. */
static gboolean receive(Warden *warden)
{
    CelJailRequest request;
    int reply = -1;
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof reply)];
    } control;
    struct iovec part = {&request, sizeof request};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    const ssize_t n = recvmsg(warden->control, &message, MSG_CMSG_CLOEXEC);
    if (n < 0 && errno == EINTR)
        return TRUE;
    const struct cmsghdr *header = n == (ssize_t)sizeof request ? CMSG_FIRSTHDR(&message) : NULL;
    if (header == NULL || header->cmsg_type != SCM_RIGHTS ||
        header->cmsg_len != CMSG_LEN(sizeof reply))
        return FALSE;
    memcpy(&reply, CMSG_DATA(header), sizeof reply);
    admit(warden, &request, reply);
    return TRUE;
}

static gboolean serve_once(Warden *warden)
{
    struct pollfd polls[1 + 2 * MAX_CHILDREN];
    const nfds_t n = warden->n;
    polls[0] = (struct pollfd){.fd = warden->control, .events = POLLIN};
    for (nfds_t i = 0; i < n; i++) {
        polls[1 + 2 * i] = (struct pollfd){.fd = warden->inmates[i].end, .events = POLLIN};
        polls[2 + 2 * i] = (struct pollfd){.fd = warden->inmates[i].reply, .events = 0};
    }
    if (poll(polls, 1 + 2 * n, -1) < 0)
        return errno == EINTR;
    for (nfds_t i = n; i-- > 0;) { /* backwards: the last one moves into the place of a freed one */
        const gboolean gone = polls[1 + 2 * i].revents != 0;
        if (gone || polls[2 + 2 * i].revents != 0)
            release(warden, i, gone);
    }
    return polls[0].revents == 0 || receive(warden);
}

void cel_jail_warden(int control)
{
    static Warden warden; /* of this process alone */
    warden.control = control;
    setpgid(0, 0); /* keys of the terminal are the program's business, which ends us when it ends */
    forget_handlers();
    prctl(PR_SET_NAME, "celadon-warden");
    prctl(PR_SET_DUMPABLE, 0);
    if (!forget_files(&warden.control))
        _exit(1);
    warden.self = getpid();
    warden.mapped_bytes = mapped_now();
    while (warden.mapped_bytes > 0 && serve_once(&warden))
        continue;
    _exit(0); /* the children die with us */
}
