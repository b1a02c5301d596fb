/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * celadon-laserguard: turns a laser off when the application that lit it dies or hangs. It is
 * started by the application, with a socket to it as standard input and output; README.md tells the
 * rest.
 */
#include "guard-rules.h"
#include "guard-run.h"
#include "transport-libusb.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A terminal that closes, a Ctrl-C or a session that ends must not take the guard away. */
static void stand_alone(void)
{
    static const int ignored[] = {SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGPIPE, SIGTSTP};
    setsid();
    for (gsize i = 0; i < G_N_ELEMENTS(ignored); i++)
        signal(ignored[i], SIG_IGN);
}

int main(void)
{
    stand_alone();
    const int parent = getppid();
    const int parent_fd = (int)syscall(SYS_pidfd_open, parent, 0); /* -1: the socket tells too */
    g_autoptr(CelBus) bus = cel_bus_libusb_new(NULL);
    if (bus == NULL)
        return 2;
    return guard_run(&(GuardPlace){.bus = bus,
                                   .fd = STDIN_FILENO,
                                   .parent_fd = parent_fd,
                                   .parent = parent,
                                   .seek_ms = GUARD_SEEK_MS});
}
