/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guard whose unit is in memory: the guard's own loop over the fake bus, for tests of the
 * application's end. The name it is started under says how it fails: fake-guard-mortal dies 200 ms
 * after its start, fake-guard-rude speaks nonsense. Its process number and what happens to its
 * laser are appended to the file beside it with ".log".
 */
#include "fake-bus.h"

#include "guard-run.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { OFF_REQUEST = 0xBE, READ_REQUEST = 0xE2, MORTAL_US = 200000 };

static void note(const char *path, const char *what, gint64 number)
{
    g_autofree char *log = g_strconcat(path, ".log", NULL);
    g_autofree char *line = g_strdup_printf("%s %" G_GINT64_FORMAT "\n", what, number);
    const int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, line, strlen(line)) < 0)
        g_error("%s cannot be written", log);
    close(fd);
}

static FakeAnswer answer(const FakeRequest *request, gpointer user_data)
{
    const char *path = user_data;
    if (!request->is_bulk && request->setup.request == OFF_REQUEST)
        note(path, "off", g_get_monotonic_time());
    if (!request->is_bulk && request->setup.request == READ_REQUEST) {
        request->in[0] = 0;
        return (FakeAnswer){.code = FAKE_OK, .n = 1};
    }
    return (FakeAnswer){.code = FAKE_OK, .n = request->n};
}

static gpointer die_soon(gpointer data)
{
    (void)data;
    g_usleep(MORTAL_US);
    _exit(9);
}

int main(int argc, char **argv)
{
    (void)argc;
    if (g_str_has_suffix(argv[0], "-rude"))
        return write(STDOUT_FILENO, "hello\n", 6) == 6 ? 0 : 1;
    if (g_str_has_suffix(argv[0], "-mortal"))
        g_thread_unref(g_thread_new("mortal", die_soon, NULL));
    note(argv[0], "pid", getpid());
    g_autoptr(CelBus) bus = fake_bus_new();
    fake_bus_plug(
        bus,
        &(FakeDevice){.vendor = 0x24AA, .product = 0x1000, .answer = answer, .user_data = argv[0]});
    const int status =
        guard_run(&(GuardPlace){.bus = bus, .fd = STDIN_FILENO, .parent_fd = -1, .seek_ms = 100});
    note(argv[0], "left", status);
    return status;
}
