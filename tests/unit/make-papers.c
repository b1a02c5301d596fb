/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every paper of every outcome and every sheet, in both languages, to be looked at:
 *
 *   make-papers FOLDER
 */
#include "form-facts.h"
#include "paper-cases.h"

#include <stdio.h>

static void write_pdf(const char *folder, const char *name, gboolean chinese, GBytes *pdf)
{
    g_autofree char *path = g_strdup_printf("%s/%s-%s.pdf", folder, name, chinese ? "zh" : "en");
    gsize n = 0;
    const char *data = g_bytes_get_data(pdf, &n);
    g_assert_true(g_file_set_contents(path, data, (gssize)n, NULL));
    printf("%s\n", path);
}

static void make_case(const char *folder, const PaperCase *one, const Opened *file)
{
    static const char *const forms[] = {"card", "court", "expert"};
    for (guint form = 0; form < G_N_ELEMENTS(forms); form++) {
        for (int chinese = 0; chinese < 2; chinese++) {
            g_autoptr(GError) error = NULL;
            g_autoptr(JsonObject) facts = facts_complete();
            const PaperOrder order = {file, (CelReportForm)form, chinese, facts, NULL};
            g_autoptr(GBytes) pdf = paper_of(&order, &error);
            g_assert_no_error(error);
            g_autofree char *name = g_strdup_printf("%s-%s", one->name, forms[form]);
            write_pdf(folder, name, chinese, pdf);
        }
    }
}

static void make_sheets(const char *folder)
{
    for (guint form = 0; form < CEL_N_FORMS; form++) {
        for (int chinese = 0; chinese < 2; chinese++) {
            g_autoptr(GError) error = NULL;
            g_autoptr(JsonObject) facts = form_facts((CelForm)form);
            g_autoptr(GBytes) pdf =
                cel_form_pdf(&(CelFormRequest){(CelForm)form, chinese, facts, NULL}, &error);
            g_assert_no_error(error);
            write_pdf(folder, cel_form_def((CelForm)form)->id, chinese, pdf);
        }
    }
}

int main(int argc, char **argv)
{
    cel_init();
    if (argc != 2) {
        fprintf(stderr, "usage: make-papers FOLDER\n");
        return 2;
    }
    Desk desk = {0};
    desk_set_up(&desk, &desk); /* the development policy */
    for (gsize i = 0; i < G_N_ELEMENTS(paper_cases); i++) {
        g_autofree char *sealed = g_strdup_printf("%s/%zu.cel.h5", desk.folder, i);
        case_seal(&paper_cases[i], desk.bench, sealed);
        g_auto(Opened) file = opened_read(sealed);
        make_case(argv[1], &paper_cases[i], &file);
    }
    make_sheets(argv[1]);
    desk_tear_down(&desk, NULL);
    return 0;
}
