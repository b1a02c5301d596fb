/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The tags of a small XML document, one after another, without memory of its own: for the XML parts
 * of binary files, read in the jailed child. Names must close in the order they were opened.
 * Document types and entities are refused; references in text and attributes stay as they are.
 */

enum { CEL_XML_MAX_DEPTH = 32 };

/** CelXmlSpan: some bytes of the document. */
typedef struct {
    const char *start;
    gsize length;
} CelXmlSpan;

/** CelXml: a place in a document; a plain value. */
typedef struct {
    const char *start, *at, *end;
    guint depth;                         /* open elements */
    CelXmlSpan names[CEL_XML_MAX_DEPTH]; /* theirs, the outermost first */
    gboolean closing;                    /* an element without content closes next */
    gboolean bad;                        /* not well-formed or too deep, at .at; never cleared */
} CelXml;

typedef enum { CEL_XML_OPEN, CEL_XML_CLOSE, CEL_XML_TEXT } CelXmlKind;

/** CelXmlItem: a tag or the text between two tags. An element without content gives an OPEN that is
 * followed by its CLOSE. */
typedef struct {
    CelXmlKind kind;
    CelXmlSpan name;       /* of the element; for TEXT of the one it stands in */
    CelXmlSpan attributes; /* of an OPEN */
    CelXmlSpan text;       /* of a TEXT, never empty */
} CelXmlItem;

/** cel_xml_of: Returns: the start of the @n borrowed bytes of a document. */
CelXml cel_xml_of(const char *text, gsize n);

/** cel_xml_next: takes the next item. Returns: FALSE at the end of the document, which is whole
 * unless .bad is set. */
gboolean cel_xml_next(CelXml *xml, CelXmlItem *out);

/** cel_xml_is: Returns: whether @span reads @text. */
gboolean cel_xml_is(const CelXmlSpan *span, const char *text);

/** cel_xml_inside: Returns: whether the @up-th open element from the innermost (0) is @name. */
gboolean cel_xml_inside(const CelXml *xml, guint up, const char *name);

/**
 * cel_xml_attribute:
 * @out: (out): its value as it stands, ended by a zero; "" when there is none
 * Returns: FALSE when the element has no such attribute or it does not fit into @out_size bytes.
 */
gboolean cel_xml_attribute(const CelXmlItem *item, const char *name, char *out, gsize out_size);

/** cel_xml_count: the attribute as a whole number of at most 15 digits. Returns: FALSE when it is
 * none. */
gboolean cel_xml_count(const CelXmlItem *item, const char *name, guint64 *out_value);

G_END_DECLS
