/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-verdict.h"

#include "base/cel-json.h"

#include <string.h>

void cel_verdict_line_free(CelVerdictLine *line)
{
    if (line == NULL)
        return;
    g_free(line->text_en);
    g_free(line->text_zh);
    g_free(line);
}

GPtrArray *cel_verdict_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)cel_verdict_line_free);
}

void cel_verdict_say(GPtrArray *lines, const char *id, CelVerdictState state, char *en, char *zh)
{
    CelVerdictLine *line = g_new0(CelVerdictLine, 1);
    *line = (CelVerdictLine){.id = id, .state = state, .text_en = en, .text_zh = zh};
    g_ptr_array_add(lines, line);
}

CelVerdictLine *cel_verdict_find(const GPtrArray *lines, const char *id)
{
    for (guint i = 0; i < lines->len; i++) {
        CelVerdictLine *line = g_ptr_array_index(lines, i);
        if (strcmp(line->id, id) == 0)
            return line;
    }
    return NULL;
}

gboolean cel_verdict_any_contradicted(const GPtrArray *lines)
{
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        if (line->state == CEL_VERDICT_CONTRADICTED)
            return TRUE;
    }
    return FALSE;
}

gboolean cel_verdict_satisfies(const GPtrArray *lines, const char *const *required)
{
    gboolean good = !cel_verdict_any_contradicted(lines);
    for (gsize i = 0; good && required != NULL && required[i] != NULL; i++) {
        g_autofree char *id = g_strstrip(g_strdup(required[i]));
        const CelVerdictLine *line = cel_verdict_find(lines, id);
        good = *id == '\0' || (line != NULL && line->state == CEL_VERDICT_PROVEN);
    }
    return good;
}

static const struct {
    const char *name, *en, *zh;
} states[] = {
    [CEL_VERDICT_PROVEN] = {"proven", "proven", "已证明"},
    [CEL_VERDICT_CONTRADICTED] = {"contradicted", "CONTRADICTED", "矛盾"},
    [CEL_VERDICT_NOT_PROVEN] = {"not-proven", "not proven", "未证明"},
};

const char *cel_verdict_state_name(CelVerdictState state)
{
    return (guint)state < G_N_ELEMENTS(states) ? states[state].name : "not-proven";
}

const char *cel_verdict_state_label(CelVerdictState state, gboolean chinese)
{
    g_return_val_if_fail((guint)state < G_N_ELEMENTS(states), NULL);
    return chinese ? states[state].zh : states[state].en;
}

char *cel_verdict_json(const GPtrArray *lines, const char *file)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "file", file);
    cel_json_bool(json, "contradicted", cel_verdict_any_contradicted(lines));
    cel_json_open(json, "lines", '[');
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "id", line->id);
        cel_json_text(json, "state", cel_verdict_state_name(line->state));
        cel_json_text(json, "en", line->text_en);
        cel_json_text(json, "zh_CN", line->text_zh);
        cel_json_close(json);
    }
    cel_json_close(json);
    cel_json_close(json);
    return cel_json_finish(json);
}
