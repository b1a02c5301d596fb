/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "h5/cel-h5-parse.h"
#include "jail/cel-jail.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define ASAN 1
#else
#define ASAN 0
#endif

static const CelJailLimits small = {
    .result_bytes = 65536, .memory_bytes = 64 << 20, .cpu_seconds = 1, .wall_seconds = 20};

/* Does @work with a copy of the @n bytes @params. */
static GBytes *run(CelJailWork work, const void *params, gsize n, const char *what, GError **error)
{
    const CelJailCall call = {
        .limits = small, .work = work, .params = params, .params_size = n, .what = what};
    return cel_jail_run(&call, NULL, error);
}

enum { OPEN_READ, OPEN_WRITE, SOCKET, FORK, EXEC_MEMORY, KILL_PARENT, TRACE, EXECUTE, N_ATTEMPTS };

/* Each attempt leaves its errno. */
static gsize try_to_get_out(const CelJailTask *task)
{
    int outcome[N_ATTEMPTS + 1] = {0};
    char *const argv[] = {(char *)"/bin/true", NULL};
    errno = 0;
    outcome[OPEN_READ] = open("/etc/passwd", O_RDONLY) < 0 ? errno : 0;
    outcome[OPEN_WRITE] = open("/tmp/celadon-jail-leak", O_WRONLY | O_CREAT, 0600) < 0 ? errno : 0;
    outcome[SOCKET] = socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
    outcome[FORK] = fork() < 0 ? errno : 0;
    outcome[EXEC_MEMORY] =
        mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
            ? errno
            : 0;
    outcome[KILL_PARENT] =
        kill(*(const pid_t *)(const void *)task->params, SIGKILL) < 0 ? errno : 0;
    outcome[TRACE] = prctl(PR_SET_DUMPABLE, 1) < 0 ? errno : 0;
    outcome[EXECUTE] = execv(argv[0], argv) < 0 ? errno : 0;
    g_assert(task->capacity >= sizeof outcome);
    memcpy(task->result, outcome, sizeof outcome);
    return sizeof outcome;
}

static void the_child_cannot_get_out(void)
{
    pid_t parent = getpid();
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) result = run(try_to_get_out, &parent, sizeof parent, "test", &error);
    g_assert_no_error(error);
    const int *outcome = g_bytes_get_data(result, NULL);
    for (int i = 0; i < N_ATTEMPTS; i++)
        g_assert_cmpint(outcome[i], ==, EPERM);
    g_assert_false(g_file_test("/tmp/celadon-jail-leak", G_FILE_TEST_EXISTS));
}

static gsize look_for_files(const CelJailTask *task)
{
    const int *fd = (const int *)(const void *)task->params;
    task->result[0] = write(*fd, "x", 1) == 1;
    task->result[1] = write(STDERR_FILENO, "x", 1) == 1;
    return 2;
}

static void the_child_inherits_no_open_file(void)
{
    int ends[2];
    char byte = 0;
    g_assert_cmpint(pipe2(ends, O_NONBLOCK), ==,
                    0); /* not close-on-exec, as careless code has it */
    g_autoptr(GBytes) result = run(look_for_files, &ends[1], sizeof ends[1], "test", NULL);
    const guint8 *written = g_bytes_get_data(result, NULL);
    g_assert_cmpuint(written[0], ==, 0);
    g_assert_cmpuint(written[1], ==, 0);
    g_assert_cmpint(read(ends[0], &byte, 1), <, 0);
    close(ends[0]);
    close(ends[1]);
}

static gsize die(const CelJailTask *task)
{
    (void)task;
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
    return 0;
}

static void the_parent_outlives_a_crash(void)
{
    g_autoptr(GError) error = NULL;
#if ASAN
    g_test_skip("the sanitizer takes the crash for its own");
    return;
#endif
    g_assert_null(run(die, NULL, 0, "evil.h5", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_true(g_str_has_prefix(error->message, "evil.h5: "));
}

static gsize run_for_ever(const CelJailTask *task)
{
    volatile guint8 *byte = task->result;
    for (gsize i = 0;; i++)
        byte[i % task->capacity]++;
    return 0;
}

static void the_processor_time_is_limited(void)
{
    g_autoptr(GError) error = NULL;
    const gint64 begin_us = g_get_monotonic_time();
    g_assert_null(run(run_for_ever, NULL, 0, "slow", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_cmpint(g_get_monotonic_time() - begin_us, <, 15 * G_USEC_PER_SEC);
}

static void the_clock_on_the_wall_is_limited(void)
{
    CelJailCall call = {.limits = small, .work = run_for_ever, .what = "slow"};
    call.limits.wall_seconds = 0;
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_jail_run(&call, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "stopped"));
}

static void a_cancel_ends_the_child(void)
{
    const CelJailCall call = {.limits = small, .work = run_for_ever, .what = "slow"};
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_cancellable_cancel(cancel);
    g_assert_null(cel_jail_run(&call, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
}

static gsize take_memory(const CelJailTask *task)
{
    void *volatile much = malloc((gsize)1 << 30), *volatile little = malloc((gsize)1 << 20);
    task->result[0] = much == NULL;
    task->result[1] = little != NULL;
    return 2;
}

static void the_memory_is_limited(void)
{
#if ASAN
    g_test_skip("address space limits do not go with the sanitizer");
    return;
#endif
    g_autoptr(GBytes) result = run(take_memory, NULL, 0, "test", NULL);
    const guint8 *held = g_bytes_get_data(result, NULL);
    g_assert_cmpuint(held[0], ==, 1);
    g_assert_cmpuint(held[1], ==, 1);
}

static gsize claim_too_much(const CelJailTask *task)
{
    return task->capacity * 1000;
}

static void a_false_length_does_not_reach_beyond_the_memory(void)
{
    g_autoptr(GBytes) result = run(claim_too_much, NULL, 0, "test", NULL);
    g_assert_cmpuint(g_bytes_get_size(result), ==, small.result_bytes);
}

static gsize leave_a_mark(const CelJailTask *task)
{
    memset(task->result, *(const int *)(const void *)task->params, task->capacity);
    return task->capacity;
}

static gpointer run_one(gpointer data)
{
    return run(leave_a_mark, data, sizeof(int), "test", NULL);
}

static void jails_beside_one_another_do_not_mix(void)
{
    enum { N = 8 };
    GThread *threads[N];
    int marks[N];
    for (int i = 0; i < N; i++) {
        marks[i] = i + 1;
        threads[i] = g_thread_new("jail", run_one, &marks[i]);
    }
    for (int i = 0; i < N; i++) {
        g_autoptr(GBytes) result = g_thread_join(threads[i]);
        gsize n = 0;
        g_assert_nonnull(result);
        const guint8 *bytes = g_bytes_get_data(result, &n);
        g_assert_cmpuint(n, ==, small.result_bytes);
        for (gsize k = 0; k < n; k++)
            g_assert_cmpuint(bytes[k], ==, (guint)marks[i]);
    }
}

static volatile int secret; /* set after the warden was started */

static gsize look_for_secret(const CelJailTask *task)
{
    task->result[0] = (guint8)secret;
    return 1;
}

static void the_child_knows_nothing_that_came_after_the_start(void)
{
    secret = 42;
    g_autoptr(GBytes) result = run(look_for_secret, NULL, 0, "test", NULL);
    g_assert_cmpuint(*(const guint8 *)g_bytes_get_data(result, NULL), ==, 0);
}

/* Tables of encodings lie in files; the warden has loaded them. */
static gsize convert(const CelJailTask *task)
{
    gsize n = 0;
    g_autofree char *text = g_convert((const char *)task->input, (gssize)task->input_size, "UTF-8",
                                      "GB18030", NULL, &n, NULL);
    if (text == NULL)
        return 0;
    memcpy(task->result, text, n);
    return n;
}

static void chinese_text_is_converted_inside(void)
{
    g_autoptr(GBytes) text = g_bytes_new_static("\xc0\xad\xc2\xfc", 4);
    g_autoptr(CelJailInput) input = cel_jail_input_new(text, NULL);
    const CelJailCall call = {.limits = small, .work = convert, .input = input, .what = "test"};
    g_autoptr(GBytes) result = cel_jail_run(&call, NULL, NULL);
    gsize n = 0;
    const char *utf8 = g_bytes_get_data(result, &n);
    g_autofree char *copy = g_strndup(utf8, n);
    g_assert_cmpstr(copy, ==, "拉曼");
}

static gsize report_progress(const CelJailTask *task)
{
    task->progress[1] = 4;
    task->progress[0] = 3;
    const gint64 until_us = g_get_monotonic_time() + G_USEC_PER_SEC / 2;
    while (g_get_monotonic_time() < until_us)
        continue;
    return 0;
}

static void note_progress(const char *stage, guint64 done, guint64 total, gpointer seen)
{
    g_assert_nonnull(stage);
    *(gboolean *)seen |= done == 3 && total == 4;
}

static void progress_is_seen_outside(void)
{
    gboolean seen = FALSE;
    const CelJailCall call = {.limits = small, .work = report_progress, .what = "test"};
    g_autoptr(CelJob) job = cel_job_new(NULL, note_progress, &seen);
    g_autoptr(GBytes) result = cel_jail_run(&call, job, NULL);
    g_assert_nonnull(result);
    g_assert_true(seen);
}

static gsize write_into_the_input(const CelJailTask *task)
{
    ((guint8 *)(guintptr)task->input)[0] = 1;
    return 0;
}

static void the_child_cannot_change_its_input(void)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static("abc", 3);
    g_autoptr(CelJailInput) input = cel_jail_input_new(bytes, NULL);
    const CelJailCall call = {
        .limits = small, .work = write_into_the_input, .input = input, .what = "test"};
    g_autoptr(GError) error = NULL;
#if ASAN
    g_test_skip("the sanitizer takes the crash for its own");
    return;
#endif
    g_assert_null(cel_jail_run(&call, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_autoptr(GBytes) after = cel_jail_input_bytes(input);
    g_assert_true(memcmp(g_bytes_get_data(after, NULL), "abc", 3) == 0);
}

static void no_segment_is_left_behind(void)
{
    g_autofree char *after = NULL;
    for (int i = 0; i < 20; i++)
        g_bytes_unref(run(claim_too_much, NULL, 0, "test", NULL));
    g_assert_true(g_file_get_contents("/proc/sysvipc/shm", &after, NULL, NULL));
    g_autofree char *own = g_strdup_printf(" %d ", (int)getpid());
    g_assert_null(strstr(after, own));
}

/* What a child gives back for a small tree. */
static GBytes *parse_small_tree(void)
{
    const double values[] = {1.0, 2.0, 3.0};
    const char *const texts[] = {"a", "bb", NULL};
    g_autoptr(CelH5Node) tree = cel_h5_tree_new();
    CelH5Node *node = cel_h5_put_f64(cel_h5_group(tree, "g/h", "NXdata"), "values", values, 3);
    cel_h5_attr_texts(node, "texts", texts);
    cel_h5_put_text(tree, "text", "位移");
    g_autoptr(GBytes) image = cel_h5_to_bytes(tree, NULL);
    g_autoptr(CelJailInput) input = cel_jail_input_new(image, NULL);
    const CelJailCall call = {
        .limits = small, .work = cel_h5_parse, .input = input, .what = "test"};
    return cel_jail_run(&call, NULL, NULL);
}

/* A child that was taken over can write anything: the parent's reader is the last wall. */
static void the_parent_trusts_no_result(void)
{
    enum { TRIALS = 20000 };
    g_autoptr(GBytes) result = parse_small_tree();
    const gsize size = g_bytes_get_size(result);
    g_autoptr(GRand) random = g_rand_new_with_seed(3);
    guint refused = 0;
    for (guint i = 0; i < TRIALS; i++) {
        guint8 *forged = g_memdup2(g_bytes_get_data(result, NULL), size);
        for (gint32 k = g_rand_int_range(random, 1, 4); k > 0; k--) {
            const gsize at = (gsize)g_rand_int_range(
                random, g_rand_boolean(random) ? (gint32)sizeof(CelH5Result) : 0, (gint32)size);
            forged[at] = g_rand_boolean(random) ? (guint8)g_rand_int(random) : 0xff;
        }
        const gsize n = i % 4 == 0 ? (gsize)g_rand_int_range(random, 0, (gint32)size) : size;
        g_autoptr(GBytes) whole = g_bytes_new_take(forged, n);
        g_autoptr(GError) error = NULL;
        g_autoptr(CelH5Node) tree = cel_h5_decode(whole, "forged", &error);
        if (tree == NULL)
            g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        refused += tree == NULL;
    }
    g_assert_cmpuint(refused, >, TRIALS / 4);
}

int main(int argc, char **argv)
{
    cel_init();
    cel_jail_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jail/no-way-out", the_child_cannot_get_out);
    g_test_add_func("/jail/no-files", the_child_inherits_no_open_file);
    g_test_add_func("/jail/crash", the_parent_outlives_a_crash);
    g_test_add_func("/jail/cpu", the_processor_time_is_limited);
    g_test_add_func("/jail/wall", the_clock_on_the_wall_is_limited);
    g_test_add_func("/jail/cancel", a_cancel_ends_the_child);
    g_test_add_func("/jail/memory", the_memory_is_limited);
    g_test_add_func("/jail/false-length", a_false_length_does_not_reach_beyond_the_memory);
    g_test_add_func("/jail/threads", jails_beside_one_another_do_not_mix);
    g_test_add_func("/jail/secret", the_child_knows_nothing_that_came_after_the_start);
    g_test_add_func("/jail/encodings", chinese_text_is_converted_inside);
    g_test_add_func("/jail/progress", progress_is_seen_outside);
    g_test_add_func("/jail/input", the_child_cannot_change_its_input);
    g_test_add_func("/jail/segments", no_segment_is_left_behind);
    g_test_add_func("/jail/forged-result", the_parent_trusts_no_result);
    return g_test_run();
}
