/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-application.h"
#include "citizen/cel-language.h"
#include "config.h"

#include "base/cel-error.h"
#include "base/cel-secret.h"
#include "jail/cel-jail.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <signal.h>

/* The catalogue of the build folder in which the program stands, else the installed one. */
static void find_catalogue(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = self != NULL ? g_path_get_dirname(self) : NULL;
    g_autofree char *built = g_build_filename(folder != NULL ? folder : "", "..", "po", NULL);
    g_autofree char *probe = g_build_filename(built, "zh_CN", NULL);
    const gboolean in_build = folder != NULL && g_file_test(probe, G_FILE_TEST_IS_DIR);
    bindtextdomain(GETTEXT_PACKAGE, in_build ? built : CEL_LOCALEDIR);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
}

/* A desktop in a language whose locale was never generated still gets its own texts: gettext only
 * refuses the locale "C". Numbers stay as they are written in files. */
static void set_language(void)
{
    if (setlocale(LC_ALL, "") == NULL || g_strcmp0(setlocale(LC_MESSAGES, NULL), "C") == 0)
        setlocale(LC_ALL, "C.UTF-8");
    setlocale(LC_NUMERIC, "C");
}

int main(int argc, char **argv)
{
    cel_secret_no_dumps();
    cel_init();
    cel_language_apply();
    set_language();
    find_catalogue();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a full quota is an error of write(), not the end */
    cel_jail_start();         /* before there is any thread */
    gtk_disable_setlocale();
    g_autoptr(CelApplication) application = cel_application_new(G_APPLICATION_HANDLES_OPEN);
    return g_application_run(G_APPLICATION(application), argc, argv);
}
