/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-secret.h"

#include "base/cel-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* A mapping of its own, because locks and advice concern whole pages. */
char *cel_secret_new(void)
{
    void *page =
        mmap(NULL, CEL_SECRET_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        g_error("no memory for a secret: %s", g_strerror(errno));
    /* Each protects more, none is needed for the work: what the system refuses is missing. */
    (void)mlock(page, CEL_SECRET_MAX);
    (void)madvise(page, CEL_SECRET_MAX, MADV_DONTDUMP);
    (void)madvise(page, CEL_SECRET_MAX, MADV_WIPEONFORK);
    return page;
}

void cel_secret_free(char *secret)
{
    if (secret == NULL)
        return;
    explicit_bzero(secret, CEL_SECRET_MAX);
    munmap(secret, CEL_SECRET_MAX);
}

void cel_secret_cleanup(char **secret)
{
    cel_secret_free(*secret);
}

static gboolean fail(char *secret, GError **error, int code, const char *what)
{
    explicit_bzero(secret, CEL_SECRET_MAX);
    g_set_error_literal(error, CEL_ERROR, code, what);
    return FALSE;
}

/* Returns: 1, or 0 at the end, or -1. */
static ssize_t read_byte(int fd, char *out)
{
    ssize_t n = 0;
    do
        n = read(fd, out, 1);
    while (n < 0 && errno == EINTR);
    return n;
}

gboolean cel_secret_read_line(int fd, char *secret, GError **error)
{
    gsize length = 0;
    memset(secret, 0, CEL_SECRET_MAX);
    for (;;) {
        const ssize_t n = read_byte(fd, secret + length);
        if (n < 0)
            return fail(secret, error, CEL_ERROR_SYSTEM, _("The passphrase cannot be read"));
        if (n == 0 || secret[length] == '\n')
            break;
        if (length == CEL_SECRET_MAX - 1)
            return fail(secret, error, CEL_ERROR_INPUT, _("The passphrase is too long"));
        length++;
    }
    secret[length] = '\0';
    if (length > 0 && secret[length - 1] == '\r')
        secret[--length] = '\0';
    return (strlen(secret) == length && g_utf8_validate(secret, -1, NULL)) ||
           fail(secret, error, CEL_ERROR_INPUT, _("The passphrase is no text in UTF-8"));
}

gboolean cel_secret_read_file(const char *path, char *secret, GError **error)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, "%s: %s", path, g_strerror(errno));
        return FALSE;
    }
    const gboolean read = cel_secret_read_line(fd, secret, error);
    close(fd);
    if (!read)
        g_prefix_error(error, "%s: ", path);
    return read;
}

void cel_secret_no_dumps(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
