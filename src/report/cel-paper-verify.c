/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-paper.h"

#include "evidence/cel-verify-text.h"

static const double STEP = 8.2, NOTE = 7.6;

static void draw_commands(CelPaper *paper, const char *commands)
{
    cel_page_mono(&paper->page, commands, paper->page.right - paper->page.left);
}

/* The paper's own step: the digests of the whole file are printed here and nowhere in the file. */
static void draw_file(CelPaper *paper)
{
    const CelReportRequest *request = paper->request;
    g_autofree char *commands =
        g_strdup_printf("f=%s\n"
                        "openssl dgst -sha256 \"$f\"\n= %s\n"
                        "openssl dgst -sm3 \"$f\"\n= %s",
                        request->file_name, request->file_sha256, request->file_sm3);
    cel_page_text(&paper->page, cel_paper_word(paper, CEL_WORD_VERIFY_FILE), STEP, TRUE);
    draw_commands(paper, commands);
}

static void draw_step(CelPaper *paper, gsize number, const CelVerifyStep *step)
{
    CelPage *page = &paper->page;
    const char *needs = paper->chinese ? step->needs_zh : step->needs_en;
    g_autofree char *title = g_strdup_printf("%" G_GSIZE_FORMAT ". %s", number,
                                             paper->chinese ? step->title_zh : step->title_en);
    g_auto(GStrv) shown = g_strsplit(step->shows, "\n", -1);
    cel_page_need(page, 40.0);
    page->y += 1.5;
    cel_page_text(page, title, STEP, TRUE);
    if (needs != NULL)
        cel_page_text(page, needs, NOTE, FALSE);
    g_autofree char *commands = g_strchomp(g_strdup(step->commands));
    draw_commands(paper, commands);
    for (gsize i = 0; shown[i] != NULL && *shown[i] != '\0'; i++) {
        g_autofree char *line = g_strconcat("= ", shown[i], NULL);
        draw_commands(paper, line);
    }
}

void cel_paper_verify(CelPaper *paper)
{
    CelPage *page = &paper->page;
    gsize n = 0;
    const CelVerifyStep *steps = cel_verify_steps(&n);
    cel_page_heading(page, cel_paper_word(paper, CEL_WORD_SECTION_VERIFY));
    cel_page_text(page, cel_paper_word(paper, CEL_WORD_VERIFY_NOTE), 8.6, FALSE);
    draw_file(paper);
    for (gsize i = 0; i < n; i++)
        draw_step(paper, i + 1, &steps[i]);
    page->y += 3.0;
    cel_page_need(page, 50.0); /* the mark of the end does not stand on a page alone */
    cel_page_text(page, cel_paper_word(paper, CEL_WORD_VERIFY_LIMITS), NOTE, FALSE);
}
