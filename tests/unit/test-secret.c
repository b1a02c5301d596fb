/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-secret.h"

#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The sanitizers turn mlock() off. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MLOCK_DOES_NOTHING TRUE
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MLOCK_DOES_NOTHING TRUE
#endif
#endif
#ifndef MLOCK_DOES_NOTHING
#define MLOCK_DOES_NOTHING FALSE
#endif

static int pipe_with(const char *text, gsize n)
{
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    g_assert_cmpint(write(ends[1], text, n), ==, (gssize)n);
    close(ends[1]);
    return ends[0];
}

static gboolean read_text(const char *text, gsize n, char *secret, GError **error)
{
    const int fd = pipe_with(text, n);
    const gboolean read = cel_secret_read_line(fd, secret, error);
    close(fd);
    return read;
}

static void the_first_line_is_taken_and_nothing_behind_it(void)
{
    static const struct {
        const char *text, *secret;
    } cases[] = {{"correct horse\nrest", "correct horse"},
                 {"海关\r\n", "海关"},
                 {"no end", "no end"},
                 {"\n", ""},
                 {"", ""}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CEL_AUTO_SECRET secret = cel_secret_new();
        g_autoptr(GError) error = NULL;
        g_assert_true(read_text(cases[i].text, strlen(cases[i].text), secret, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(secret, ==, cases[i].secret);
    }
    CEL_AUTO_SECRET secret = cel_secret_new();
    char rest[8] = "";
    const int fd = pipe_with("a\nb", 3);
    g_assert_true(cel_secret_read_line(fd, secret, NULL));
    g_assert_cmpint(read(fd, rest, sizeof rest), ==, 1);
    g_assert_cmpstr(rest, ==, "b");
    close(fd);
}

static void what_is_no_passphrase_leaves_nothing_behind(void)
{
    g_autofree char *long_text = g_strnfill(CEL_SECRET_MAX, 'x');
    const struct {
        const char *text;
        gsize n;
    } cases[] = {{long_text, CEL_SECRET_MAX}, {"\xff\xfe", 2}, {"a\0b", 3}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CEL_AUTO_SECRET secret = cel_secret_new();
        g_autoptr(GError) error = NULL;
        g_assert_false(read_text(cases[i].text, cases[i].n, secret, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        for (gsize k = 0; k < CEL_SECRET_MAX; k++)
            g_assert_cmpint(secret[k], ==, 0);
    }
    g_autofree char *longest = g_strnfill(CEL_SECRET_MAX - 1, 'x');
    CEL_AUTO_SECRET secret = cel_secret_new();
    g_assert_true(read_text(longest, strlen(longest), secret, NULL));
    g_assert_cmpstr(secret, ==, longest);
}

static void a_missing_file_is_named(void)
{
    CEL_AUTO_SECRET secret = cel_secret_new();
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_secret_read_file("/nowhere/pass", secret, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "/nowhere/pass"));
}

/* The line VmFlags of the mapping that holds @address, as the kernel tells it. */
static char *flags_of(const void *address)
{
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents("/proc/self/smaps", &text, NULL, NULL));
    g_autofree char *start = g_strdup_printf("%lx-", (gulong)address);
    const char *entry = strstr(text, start);
    const char *flags = entry != NULL ? strstr(entry, "VmFlags:") : NULL;
    return flags != NULL ? g_strndup(flags, strcspn(flags, "\n")) : NULL;
}

static void a_secret_is_neither_swapped_nor_dumped(void)
{
    CEL_AUTO_SECRET secret = cel_secret_new();
    struct rlimit limit;
    g_autofree char *flags = flags_of(secret);
    if (flags == NULL) {
        g_test_skip("the kernel tells no flags of mappings");
        return;
    }
    g_assert_nonnull(strstr(flags, " dd"));
    g_assert_cmpint(getrlimit(RLIMIT_MEMLOCK, &limit), ==, 0);
    if (limit.rlim_cur >= 65536 && !MLOCK_DOES_NOTHING)
        g_assert_nonnull(strstr(flags, " lo"));
}

static void a_child_inherits_no_secret(void)
{
    CEL_AUTO_SECRET secret = cel_secret_new();
    int status = -1;
    g_strlcpy(secret, "correct horse", CEL_SECRET_MAX);
    const pid_t child = fork();
    if (child == 0)
        _exit(secret[0] == '\0' ? 0 : 1);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
    g_assert_cmpstr(secret, ==, "correct horse");
}

/* In a child, because it cannot be taken back. */
static void without_dumps_there_is_none(void)
{
    int status = -1;
    const pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = {1, 1};
        cel_secret_no_dumps();
        const gboolean none = getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 &&
                              limit.rlim_max == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
        _exit(none ? 0 : 1);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/secret/read/line", the_first_line_is_taken_and_nothing_behind_it);
    g_test_add_func("/secret/read/refused", what_is_no_passphrase_leaves_nothing_behind);
    g_test_add_func("/secret/read/missing", a_missing_file_is_named);
    g_test_add_func("/secret/memory/locked", a_secret_is_neither_swapped_nor_dumped);
    g_test_add_func("/secret/memory/child", a_child_inherits_no_secret);
    g_test_add_func("/secret/process/dumps", without_dumps_there_is_none);
    return g_test_run();
}
