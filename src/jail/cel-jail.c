/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jail/cel-jail-private.h"

#include "base/cel-error.h"
#include "base/cel-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { POLL_MS = 50 /* how soon a cancel is seen */ };

typedef int Fd;

static void close_fd(const Fd *fd)
{
    if (*fd >= 0)
        close(*fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fd, close_fd)

/* --- memory that can be handed over --- */

typedef struct {
    guint8 *memory;
    gsize mapped;
} Mapping;

static void unmap(gpointer data)
{
    Mapping *mapping = data;
    munmap(mapping->memory, mapping->mapped);
    g_free(mapping);
}

/* @n zeroed bytes, of which only those that are written cost anything; NULL with errno. A segment
 * of System V, as those of memfd_create() are cut off by a limit on the size of files. It is marked
 * for removal at once: it lives as long as somebody has it mapped. */
static guint8 *new_block(gsize n, int *out_id)
{
    const int id = shmget(IPC_PRIVATE, n, IPC_CREAT | SHM_NORESERVE | 0600);
    void *memory = id >= 0 ? shmat(id, NULL, 0) : MAP_FAILED;
    const int saved = errno;
    if (id >= 0)
        shmctl(id, IPC_RMID, NULL);
    errno = saved;
    *out_id = id;
    return memory != MAP_FAILED ? memory : NULL;
}

static GBytes *wrap_block(guint8 *memory, gsize offset, gsize n, gsize mapped)
{
    Mapping *mapping = g_new(Mapping, 1);
    *mapping = (Mapping){memory, mapped};
    return g_bytes_new_with_free_func(memory + offset, n, unmap, mapping);
}

struct CelJailInput {
    GBytes *bytes;
    int id; /* of the segment */
};

static CelJailInput *new_input(gsize n, guint8 **out_memory)
{
    const gsize mapped = MAX(n, 1);
    int id = -1;
    *out_memory = new_block(mapped, &id);
    if (*out_memory == NULL)
        return NULL;
    CelJailInput *input = g_new0(CelJailInput, 1);
    input->id = id;
    input->bytes = wrap_block(*out_memory, 0, n, mapped);
    return input;
}

static void *refuse_memory(gsize n, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                _("no memory for the %" G_GSIZE_FORMAT " bytes of the file (%s); close other "
                  "programs"),
                n, g_strerror(errno));
    return NULL;
}

CelJailInput *cel_jail_input_new(GBytes *bytes, GError **error)
{
    gsize n = 0;
    guint8 *memory = NULL;
    const void *data = g_bytes_get_data(bytes, &n);
    CelJailInput *input = new_input(n, &memory);
    if (input == NULL)
        return refuse_memory(n, error);
    if (n > 0)
        memcpy(memory, data, n);
    return input;
}

/* Where cel_file_read_into() may put the file. */
static guint8 *take_memory(gsize n, gpointer user_data)
{
    CelJailInput **input = user_data;
    guint8 *memory = NULL;
    *input = new_input(n, &memory);
    return memory;
}

CelJailInput *cel_jail_input_read(const char *path, gsize max_bytes, GError **error)
{
    g_autoptr(CelJailInput) input = NULL;
    if (!cel_file_read_into(path, max_bytes, take_memory, &input, error))
        return NULL;
    return g_steal_pointer(&input);
}

GBytes *cel_jail_input_bytes(const CelJailInput *input)
{
    return g_bytes_ref(input->bytes);
}

void cel_jail_input_free(CelJailInput *input)
{
    if (input == NULL)
        return;
    g_bytes_unref(input->bytes);
    g_free(input);
}

/* --- the warden --- */

/* What cannot be loaded inside a jail, as it lies in files, must be there before: the catalogue and
 * the tables of the encodings that readers know, which stay loaded while a descriptor is open. */
static void load_tables(void)
{
    static const char *const encodings[] = {"GB18030", "UTF-16LE", "UTF-16BE", "ISO-8859-1"};
    for (gsize i = 0; i < G_N_ELEMENTS(encodings); i++)
        g_iconv_open("UTF-8", encodings[i]);
    g_quark_from_string(_("stopped"));
}

/* Returns: the end of the program, -1 when no process can be made. */
static Fd start_warden(void)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    const pid_t pid = fork();
    if (pid == 0) {
        load_tables();
        cel_jail_warden(ends[1]);
    }
    close(ends[1]);
    if (pid > 0)
        return ends[0];
    close(ends[0]);
    return -1;
}

/* The one warden of this process. */
static Fd warden(void)
{
    static gsize started = 0;
    static Fd control = -1;
    if (g_once_init_enter(&started)) {
        control = start_warden();
        g_once_init_leave(&started, 1);
    }
    return control;
}

void cel_jail_start(void)
{
    warden();
}

/* Sends @request with the end of a socket that tells how it ended. */
static gboolean ask(const CelJailRequest *request, int reply)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof reply)];
    } control = {0};
    struct iovec part = {(void *)(guintptr)request, sizeof *request};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof reply);
    memcpy(CMSG_DATA(header), &reply, sizeof reply);
    ssize_t sent = -1;
    do
        sent = sendmsg(warden(), &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)sizeof *request;
}

/* --- one call --- */

static gboolean refuse_time(guint wall_seconds, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("reading took more than %u s and was stopped"),
                wall_seconds);
    return FALSE;
}

static gboolean refuse_warden(GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                _("the process that reads files from outside is gone; start the program again"));
    return FALSE;
}

/* Closing @reply ends the child, so leaving early is enough. */
static gboolean wait_for(Fd reply, const CelJailCall *call, const CelJailHeader *header,
                         int *out_status, CelJob *job, GError **error)
{
    const gint64 deadline_us =
        g_get_monotonic_time() + (gint64)call->limits.wall_seconds * G_USEC_PER_SEC;
    struct pollfd end = {.fd = reply, .events = POLLIN};
    while (poll(&end, 1, POLL_MS) <= 0) {
        if (!cel_job_step(job, N_("Reading the file"), header->progress[0], header->progress[1],
                          error))
            return FALSE;
        if (g_get_monotonic_time() > deadline_us)
            return refuse_time(call->limits.wall_seconds, error);
    }
    const gboolean told = recv(reply, out_status, sizeof *out_status, 0) == sizeof *out_status;
    return told ? cel_job_step(job, N_("Reading the file"), 0, 0, error) : refuse_warden(error);
}

static gboolean check_end(const CelJailHeader *header, int status, GError **error)
{
    const guint32 state = header->state;
    if (state == CEL_JAIL_DONE && status == 0)
        return TRUE;
    if (state < CEL_JAIL_ENTERED) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                    _("this system offers no jail (seccomp) for reading files from outside; the "
                      "file was not opened"));
        return FALSE;
    }
    g_set_error(
        error, CEL_ERROR, CEL_ERROR_INPUT,
        _("the file made its reader fail (%s) and is refused; it is damaged or was made to do "
          "harm. Ask for another copy"),
        status >= 0 && WIFSIGNALED(status) ? g_strsignal(WTERMSIG(status)) : _("stopped"));
    return FALSE;
}

/* Sends @call with @block; its child writes there until this returns. */
static gboolean run(const CelJailCall *call, int block_id, gsize block_bytes, guint8 *block,
                    CelJob *job, GError **error)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return refuse_warden(error);
    g_auto(Fd) reply = ends[0];
    const CelJailRequest request = {
        .limits = call->limits,
        .work = call->work,
        .block_id = block_id,
        .input_id = call->input != NULL ? call->input->id : -1,
        .input_bytes = call->input != NULL ? g_bytes_get_size(call->input->bytes) : 0,
        .params_bytes = call->params_size,
        .block_bytes = block_bytes};
    const gboolean asked = ask(&request, ends[1]);
    close(ends[1]);
    if (!asked)
        return refuse_warden(error);
    int status = -1;
    const CelJailHeader *header = (const CelJailHeader *)(const void *)block;
    return wait_for(reply, call, header, &status, job, error) && check_end(header, status, error);
}

/* Nobody else maps these pages any more: from here on they do not change. What lies behind the
 * result is given back. */
static GBytes *keep_result(guint8 *block, gsize block_bytes, gsize offset)
{
    const CelJailHeader *header = (const CelJailHeader *)(const void *)block;
    const gsize page = CEL_JAIL_HEADER_BYTES;
    const gsize used = MIN((gsize)header->used, block_bytes - offset);
    const gsize kept = (offset + used + page - 1) / page * page;
    gsize mapped = block_bytes;
    if (kept < mapped && munmap(block + kept, mapped - kept) == 0)
        mapped = kept;
    mprotect(block, mapped, PROT_READ);
    return wrap_block(block, offset, used, mapped);
}

GBytes *cel_jail_run(const CelJailCall *call, CelJob *job, GError **error)
{
    g_return_val_if_fail(call->params_size <= CEL_JAIL_MAX_PARAMS, NULL);
    const gsize page = CEL_JAIL_HEADER_BYTES;
    const gsize offset = cel_jail_result_offset(call->params_size);
    const gsize block_bytes =
        offset + (MIN(call->limits.result_bytes, G_MAXSSIZE / 4) + page - 1) / page * page;
    int id = -1;
    guint8 *block = new_block(block_bytes, &id);
    if (block == NULL)
        return refuse_memory(block_bytes, error);
    if (call->params_size > 0)
        memcpy(block + page, call->params, call->params_size);
    if (run(call, id, block_bytes, block, job, error))
        return keep_result(block, block_bytes, offset);
    munmap(block, block_bytes);
    g_prefix_error(error, "%s: ", call->what);
    return NULL;
}
