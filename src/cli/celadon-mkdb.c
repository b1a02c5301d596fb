/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "match/cel-library.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/*
 * celadon-mkdb: compiles a folder laid out as spectra_db into a library file. Run by the build, and
 * by a lab that keeps its own folder.
 */

typedef struct {
    char *name, *version, *depfile;
} Options;

/* Make's rules: a blank in a path is escaped by a backslash. */
static void append_path(GString *out, const char *path)
{
    for (const char *c = path; *c != '\0'; c++) {
        if (*c == ' ' || *c == '\\' || *c == '#')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *c);
    }
}

/* The folders are named too: their time changes when a file is added or taken away. */
static gboolean write_depfile(const char *depfile, const char *target, const GPtrArray *paths,
                              GError **error)
{
    GString *text = g_string_new(NULL);
    append_path(text, target);
    g_string_append_c(text, ':');
    for (guint i = 0; i < paths->len; i++) {
        g_string_append(text, " \\\n  ");
        append_path(text, g_ptr_array_index(paths, i));
    }
    g_string_append_c(text, '\n');
    g_autoptr(GBytes) bytes = g_string_free_to_bytes(text);
    return cel_file_write(depfile, bytes, 0644, error);
}

static gboolean make(const Options *options, const char *folder, const char *out, GError **error)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(CelLibraryBuilder) builder =
        cel_library_builder_new(options->name != NULL ? options->name : "celadon",
                                options->version != NULL ? options->version : "unversioned");
    return cel_library_builder_add_folder(builder, folder, paths, error) &&
           cel_library_builder_write(builder, out, error) &&
           (options->depfile == NULL || write_depfile(options->depfile, out, paths, error));
}

static gboolean run(int *argc, char ***argv, Options *options, GError **error)
{
    const GOptionEntry entries[] = {
        {"name", 0, 0, G_OPTION_ARG_STRING, &options->name, N_("name of the library"), "NAME"},
        {"library-version", 0, 0, G_OPTION_ARG_STRING, &options->version,
         N_("version recorded in evidence"), "VERSION"},
        {"depfile", 0, 0, G_OPTION_ARG_FILENAME, &options->depfile,
         N_("write the files that were read, in Make's form"), "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new("FOLDER FILE");
    g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
    g_autoptr(GError) detail = NULL;
    if (!g_option_context_parse(context, argc, argv, &detail)) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE, detail->message);
        return FALSE;
    }
    if (*argc != 3) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                            _("celadon-mkdb needs the folder of substances and the file to write"));
        return FALSE;
    }
    return make(options, (*argv)[1], (*argv)[2], error);
}

int main(int argc, char **argv)
{
    cel_init();
    Options options = {.name = NULL};
    g_autoptr(GError) error = NULL;
    if (!run(&argc, &argv, &options, &error))
        g_printerr("celadon-mkdb: %s\n", error->message);
    g_free(options.name);
    g_free(options.version);
    g_free(options.depfile);
    return cel_error_exit_status(error);
}
