/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a libFuzzer target without libFuzzer: every file of the corpus as it is, then with seeded
 * damage, so that each build repeats the same few thousand inputs. */
#include <glib.h>
#include <string.h>

enum { ROUNDS = 300, MOST_DAMAGE = 8 };

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void damage(GRand *random, GByteArray *input)
{
    static const char tokens[] = "\n\r\t ,;.-+eE\"#:=\0\xff\xfe\xef\xbb\xbf\x80\xd6\xd0"
                                 "0195nainfNA";
    const gint32 times = g_rand_int_range(random, 1, MOST_DAMAGE + 1);
    for (gint32 i = 0; i < times && input->len > 2; i++) {
        const guint at = (guint)g_rand_int_range(random, 0, (gint32)input->len);
        const guint8 token = (guint8)tokens[g_rand_int_range(random, 0, (gint32)sizeof tokens)];
        switch (g_rand_int_range(random, 0, 5)) {
        case 0:
            input->data[at] = (guint8)g_rand_int_range(random, 0, 256);
            break;
        case 1:
            input->data[at] = token;
            break;
        case 2: /* cut off the end */
            g_byte_array_set_size(input, MAX(1, at));
            break;
        case 3: /* repeat a part */
            g_byte_array_append(input, input->data + at / 2, MIN(200, input->len - at / 2));
            break;
        default: /* take a part out */
            g_byte_array_remove_range(input, at, MIN(20, input->len - at));
        }
    }
}

static void run_file(const char *path, GRand *random)
{
    g_autofree char *content = NULL;
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &content, &n, &error);
    g_assert_no_error(error);
    LLVMFuzzerTestOneInput((const guint8 *)content, n);
    for (int round = 0; round < ROUNDS; round++) {
        g_autoptr(GByteArray) input = g_byte_array_sized_new((guint)n + 4096);
        g_byte_array_append(input, (const guint8 *)content, (guint)n);
        damage(random, input);
        LLVMFuzzerTestOneInput(input->data, input->len);
    }
}

int main(int argc, char **argv)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(20260315);
    guint files = 0;
    for (int i = 1; i < argc; i++) {
        g_autoptr(GDir) dir = g_dir_open(argv[i], 0, NULL);
        g_assert_nonnull(dir);
        for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
            g_autofree char *path = g_build_filename(argv[i], name, NULL);
            run_file(path, random);
            files++;
        }
    }
    g_assert_cmpuint(files, >, 0);
    g_print("%u files, %u inputs\n", files, files * (ROUNDS + 1));
    return 0;
}
