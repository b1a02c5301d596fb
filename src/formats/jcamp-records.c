/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/jcamp.h"

#include <stdlib.h>
#include <string.h>

/* Where the splitting stands. */
typedef struct {
    const char *at, *end;
    guint64 line;
    guint stack[CEL_JCAMP_MAX_DEPTH]; /* open blocks, the outermost first */
    guint depth;
    gsize record_capacity, block_capacity;
} Splitter;

static gboolean refuse(CelJcampRemark *remark, CelJcampCode code, guint64 line)
{
    *remark = (CelJcampRemark){.code = code, .line = line};
    return FALSE;
}

static gboolean is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f' || c == 0x1a;
}

static CelJcampText trim(const char *start, const char *end)
{
    while (start < end && is_blank(*start))
        start++;
    while (end > start && is_blank(end[-1]))
        end--;
    return (CelJcampText){start, (gsize)(end - start)};
}

/* The next line without its end. */
static gboolean next_line(Splitter *s, const char **out_start, const char **out_end)
{
    if (s->at >= s->end)
        return FALSE;
    const char *p = s->at;
    while (p < s->end && *p != '\n' && *p != '\r')
        p++;
    *out_start = s->at;
    *out_end = p;
    if (p + 1 < s->end && p[0] == '\r' && p[1] == '\n')
        p++;
    s->at = p < s->end ? p + 1 : p;
    s->line++;
    return TRUE;
}

/* "  ##LABEL= value": some writers indent. */
static gboolean is_label(const char *start, const char *end, CelJcampText *out_label)
{
    while (start < end && (*start == ' ' || *start == '\t'))
        start++;
    if (end - start < 3 || start[0] != '#' || start[1] != '#')
        return FALSE;
    const char *equals = memchr(start, '=', (gsize)(end - start));
    if (equals == NULL)
        return FALSE;
    *out_label = trim(start + 2, equals);
    return TRUE;
}

static void *grown(void *array, gsize n, gsize *capacity, gsize item)
{
    if (n < *capacity)
        return array;
    const gsize wanted = *capacity == 0 ? 64 : *capacity * 2;
    void *larger = realloc(array, wanted * item);
    if (larger != NULL)
        *capacity = wanted;
    return larger;
}

static gboolean open_block(Splitter *s, CelJcampFile *file, CelJcampRemark *remark)
{
    if (s->depth == CEL_JCAMP_MAX_DEPTH)
        return refuse(remark, CEL_JCAMP_DEPTH, s->line);
    if (file->n_blocks == CEL_JCAMP_MAX_BLOCKS)
        return refuse(remark, CEL_JCAMP_BLOCKS, s->line);
    CelJcampBlock *blocks = grown(file->blocks, file->n_blocks, &s->block_capacity, sizeof *blocks);
    if (blocks == NULL)
        return refuse(remark, CEL_JCAMP_NO_MEMORY, s->line);
    file->blocks = blocks;
    blocks[file->n_blocks] = (CelJcampBlock){.first = file->n_records, .depth = s->depth};
    s->stack[s->depth++] = file->n_blocks++;
    return TRUE;
}

static void close_block(Splitter *s, CelJcampFile *file, gboolean closed)
{
    CelJcampBlock *block = &file->blocks[s->stack[--s->depth]];
    block->end = file->n_records;
    block->closed = closed;
}

static gboolean add_record(Splitter *s, CelJcampFile *file, CelJcampText label, const char *value,
                           CelJcampRemark *remark)
{
    if (cel_jcamp_label_is(label, "END")) {
        if (s->depth > 0)
            close_block(s, file, TRUE);
        return TRUE;
    }
    const gboolean opens = s->depth == 0 || cel_jcamp_label_is(label, "TITLE");
    if (opens && !open_block(s, file, remark))
        return FALSE;
    if (file->n_records == CEL_JCAMP_MAX_RECORDS)
        return refuse(remark, CEL_JCAMP_RECORDS, s->line);
    CelJcampRecord *records =
        grown(file->records, file->n_records, &s->record_capacity, sizeof *records);
    if (records == NULL)
        return refuse(remark, CEL_JCAMP_NO_MEMORY, s->line);
    file->records = records;
    records[file->n_records++] = (CelJcampRecord){
        .label = label, .value = {value, 0}, .line = s->line, .block = s->stack[s->depth - 1]};
    return TRUE;
}

/* Only blank lines and comments may stand outside of all records. */
static gboolean is_stray(const char *start, const char *end)
{
    const CelJcampText text = trim(start, end);
    return text.length > 0 && !(text.length >= 2 && memcmp(text.start, "$$", 2) == 0);
}

static gboolean split_lines(Splitter *s, CelJcampFile *file, CelJcampRemark *remark)
{
    const char *start = NULL, *end = NULL;
    CelJcampRecord *open = NULL; /* whose value goes on */
    CelJcampText label;
    while (next_line(s, &start, &end)) {
        if (is_label(start, end, &label)) {
            const gsize before = file->n_records;
            const char *equals = memchr(label.start + label.length, '=',
                                        (gsize)(end - label.start - (gssize)label.length));
            if (!add_record(s, file, label, equals + 1, remark))
                return FALSE;
            open = file->n_records > before ? &file->records[before] : NULL;
        } else if (open == NULL && file->n_records == 0 && is_stray(start, end)) {
            return refuse(remark, CEL_JCAMP_NOT_JCAMP, s->line);
        }
        if (open != NULL)
            open->value.length = (gsize)(end - open->value.start);
    }
    return file->n_records > 0 || refuse(remark, CEL_JCAMP_NOT_JCAMP, MAX(s->line, 1));
}

gboolean cel_jcamp_split(const char *bytes, gsize n, CelJcampFile *out, CelJcampRemark *remark)
{
    *out = (CelJcampFile){0};
    *remark = (CelJcampRemark){0};
    const gsize mark = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    Splitter s = {.at = bytes + mark, .end = bytes + n};
    if (!split_lines(&s, out, remark))
        return FALSE;
    while (s.depth > 0)
        close_block(&s, out, FALSE);
    return TRUE;
}

void cel_jcamp_file_clear(CelJcampFile *file)
{
    free(file->records);
    free(file->blocks);
    *file = (CelJcampFile){0};
}

gboolean cel_jcamp_label_is(CelJcampText label, const char *wanted)
{
    for (gsize i = 0; i < label.length; i++) {
        const char c = label.start[i];
        if (is_blank(c) || c == '-' || c == '/' || c == '_')
            continue;
        if (*wanted == '\0' || g_ascii_toupper(c) != *wanted)
            return FALSE;
        wanted++;
    }
    return *wanted == '\0';
}

CelJcampText cel_jcamp_first_line(CelJcampText value)
{
    const char *end = value.start, *last = value.start + value.length;
    while (end < last && *end != '\n' && *end != '\r' &&
           !(last - end >= 2 && end[0] == '$' && end[1] == '$'))
        end++;
    return trim(value.start, end);
}

const CelJcampRecord *cel_jcamp_find(const CelJcampFile *file, guint block, const char *wanted,
                                     const CelJcampRecord *after)
{
    const CelJcampBlock *b = &file->blocks[block];
    for (gsize i = after != NULL ? (gsize)(after - file->records) + 1 : b->first; i < b->end; i++) {
        const CelJcampRecord *record = &file->records[i];
        if (record->block == block && cel_jcamp_label_is(record->label, wanted))
            return record;
    }
    return NULL;
}

/* Capitals without blanks and signs, cut to the buffer. */
static void squeeze(CelJcampText text, char *out, gsize size)
{
    gsize n = 0;
    for (gsize i = 0; i < text.length && n + 1 < size; i++) {
        const char c = g_ascii_toupper(text.start[i]);
        if (!is_blank(c) && strchr("-_^().", c) == NULL)
            out[n++] = c;
    }
    out[n] = '\0';
}

CelJcampKind cel_jcamp_kind(const CelJcampFile *file, guint block)
{
    static const struct {
        const char *word;
        CelJcampKind kind;
    } words[] = {
        {"RAMAN", CEL_JCAMP_KIND_RAMAN},         {"INFRARED", CEL_JCAMP_KIND_INFRARED},
        {"FTIR", CEL_JCAMP_KIND_INFRARED},       {"NMR", CEL_JCAMP_KIND_NMR},
        {"NUCLEARMAGNETIC", CEL_JCAMP_KIND_NMR}, {"MASS", CEL_JCAMP_KIND_MASS},
        {"UV", CEL_JCAMP_KIND_UV_VIS},           {"LINK", CEL_JCAMP_KIND_LINK},
    };
    char type[64];
    const CelJcampRecord *record = cel_jcamp_find(file, block, "DATATYPE", NULL);
    if (record == NULL)
        return CEL_JCAMP_KIND_UNSTATED;
    squeeze(cel_jcamp_first_line(record->value), type, sizeof type);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strstr(type, words[i].word) != NULL)
            return words[i].kind;
    }
    return *type == '\0' ? CEL_JCAMP_KIND_UNSTATED : CEL_JCAMP_KIND_OTHER;
}

CelJcampXUnit cel_jcamp_x_unit(const CelJcampFile *file, guint block)
{
    static const struct {
        const char *word;
        CelJcampXUnit unit;
    } words[] = {
        {"1/CM", CEL_JCAMP_X_CM1},       {"CM1", CEL_JCAMP_X_CM1},
        {"WAVENUMBER", CEL_JCAMP_X_CM1}, {"RAMANSHIFT", CEL_JCAMP_X_CM1},
        {"NANOMET", CEL_JCAMP_X_NM},     {"MICROMET", CEL_JCAMP_X_UM},
        {"MICRON", CEL_JCAMP_X_UM},
    };
    char units[64];
    const CelJcampRecord *record = cel_jcamp_find(file, block, "XUNITS", NULL);
    if (record == NULL)
        return CEL_JCAMP_X_UNSTATED;
    squeeze(cel_jcamp_first_line(record->value), units, sizeof units);
    if (g_str_equal(units, "NM"))
        return CEL_JCAMP_X_NM;
    if (g_str_equal(units, "UM"))
        return CEL_JCAMP_X_UM;
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strstr(units, words[i].word) != NULL)
            return words[i].unit;
    }
    return *units == '\0' ? CEL_JCAMP_X_UNSTATED : CEL_JCAMP_X_OTHER;
}
