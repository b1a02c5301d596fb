/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* JSON objects read into plain structs by one table of fields, strictly: what is not in the table,
 * is missing, of another type or out of its range is refused with its name. Private to this room.
 * */

typedef enum {
    CEL_FIELD_IGNORED, /* may be there, is not read */
    CEL_FIELD_TEXT,    /* char *: 1..max characters, printable */
    CEL_FIELD_WORD,    /* char *: one of .words */
    CEL_FIELD_DIGEST,  /* char *: 64 lower-case hex digits */
    CEL_FIELD_DATE,    /* char *: YYYY-MM-DD */
    CEL_FIELD_UNTIL,   /* gint64: YYYY-MM-DD as its last microsecond, UTC since 1970 */
    CEL_FIELD_COUNT,   /* guint: min..max */
    CEL_FIELD_WHOLE,   /* double: the integer min..max */
    CEL_FIELD_MILLI,   /* double: a thousandth of the integer min..max */
    CEL_FIELD_BOOL,    /* gboolean */
    CEL_FIELD_WORDS,  /* gboolean[] in the order of .words: those that an array names, 1 at least */
    CEL_FIELD_OBJECT, /* a struct by value, read with .fields */
    CEL_FIELD_LIST,   /* GPtrArray * of structs, at most max, read with .fields; never NULL */
} CelFieldType;

/** CelField: one member; a table ends with a row whose key is NULL. */
typedef struct CelField {
    const char *key;
    CelFieldType type;
    gsize offset; /* in the struct */
    gint64 min, max;
    gboolean needed;
    const char *const *words;      /* NULL-ended */
    const struct CelField *fields; /* of an object or of a list's elements */
    gsize element_size;            /* of a list's struct */
} CelField;

/** cel_fields_read: @out: zeroed; to be cleared with cel_fields_clear() also on failure. @where:
 * name of the object for messages, "" for the root. Returns: FALSE with CEL_ERROR_INPUT. */
gboolean cel_fields_read(JsonObject *object, const CelField *fields, gpointer out,
                         const char *where, GError **error);

/** CelFieldListener: is told what is wrong. */
typedef struct {
    /** fault: @field: (nullable): what may stand at @name ("titles[1].en"), NULL: nothing of that
     * name; @node: (nullable): what does, NULL: nothing. */
    void (*fault)(const CelField *field, const char *name, JsonNode *node, gpointer data);
    gpointer data;
} CelFieldListener;

/** cel_fields_faults: tells @listener all that keeps cel_fields_read() from taking @object, where
 * that stops at the first. */
void cel_fields_faults(JsonObject *object, const CelField *fields, const char *where,
                       const CelFieldListener *listener);

/** cel_fields_clear: frees what @fields put into @data and zeroes it. */
void cel_fields_clear(const CelField *fields, gpointer data);

G_END_DECLS
