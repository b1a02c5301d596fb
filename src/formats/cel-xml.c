/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-xml.h"

#include <string.h>

CelXml cel_xml_of(const char *text, gsize n)
{
    return (CelXml){.start = text, .at = text, .end = text + n};
}

gboolean cel_xml_is(const CelXmlSpan *span, const char *text)
{
    return span->length == strlen(text) && memcmp(span->start, text, span->length) == 0;
}

gboolean cel_xml_inside(const CelXml *xml, guint up, const char *name)
{
    return xml->depth > up && cel_xml_is(&xml->names[xml->depth - 1 - up], name);
}

static gboolean fail(CelXml *xml)
{
    xml->bad = TRUE;
    return FALSE;
}

static gboolean starts(const CelXml *xml, const char *text)
{
    const gsize n = strlen(text);
    return (gsize)(xml->end - xml->at) >= n && memcmp(xml->at, text, n) == 0;
}

/* Steps behind the next @mark. */
static gboolean skip_past(CelXml *xml, const char *mark)
{
    const char *found = memmem(xml->at, (gsize)(xml->end - xml->at), mark, strlen(mark));
    if (found == NULL)
        return fail(xml);
    xml->at = found + strlen(mark);
    return TRUE;
}

static gboolean is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blanks(CelXml *xml)
{
    while (xml->at < xml->end && is_blank(*xml->at))
        xml->at++;
}

static CelXmlSpan take_name(CelXml *xml)
{
    const char *start = xml->at;
    while (xml->at < xml->end && !is_blank(*xml->at) && strchr("/><=\"'", *xml->at) == NULL)
        xml->at++;
    return (CelXmlSpan){start, (gsize)(xml->at - start)};
}

static gboolean take_close(CelXml *xml, CelXmlItem *out)
{
    xml->at += strlen("</");
    out->kind = CEL_XML_CLOSE;
    out->name = take_name(xml);
    skip_blanks(xml);
    if (!starts(xml, ">") || xml->depth == 0)
        return fail(xml);
    const CelXmlSpan open = xml->names[xml->depth - 1];
    if (open.length != out->name.length || memcmp(open.start, out->name.start, open.length) != 0)
        return fail(xml);
    xml->at++;
    xml->depth--;
    return TRUE;
}

/* Steps over the attributes: a '>' within quotes does not end the tag. */
static gboolean skip_attributes(CelXml *xml)
{
    char quote = '\0';
    for (; xml->at < xml->end; xml->at++) {
        const char c = *xml->at;
        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return TRUE;
        else if (c == '<')
            break;
    }
    return fail(xml);
}

static gboolean take_open(CelXml *xml, CelXmlItem *out)
{
    xml->at++;
    out->kind = CEL_XML_OPEN;
    out->name = take_name(xml);
    out->attributes.start = xml->at;
    if (out->name.length == 0 || xml->depth >= CEL_XML_MAX_DEPTH || !skip_attributes(xml))
        return fail(xml);
    const gsize length = (gsize)(xml->at - out->attributes.start);
    xml->closing = length > 0 && xml->at[-1] == '/';
    out->attributes.length = xml->closing ? length - 1 : length;
    xml->names[xml->depth++] = out->name;
    xml->at++;
    return TRUE;
}

static gboolean take_text(CelXml *xml, CelXmlItem *out)
{
    const char *next = memchr(xml->at, '<', (gsize)(xml->end - xml->at));
    const char *stop = next != NULL ? next : xml->end;
    if (xml->depth == 0) /* only blanks stand outside the root */
        return fail(xml);
    out->kind = CEL_XML_TEXT;
    out->name = xml->names[xml->depth - 1];
    out->text = (CelXmlSpan){xml->at, (gsize)(stop - xml->at)};
    xml->at = stop;
    return TRUE;
}

static gboolean close_empty(CelXml *xml, CelXmlItem *out)
{
    out->kind = CEL_XML_CLOSE;
    out->name = xml->names[--xml->depth];
    xml->closing = FALSE;
    return TRUE;
}

gboolean cel_xml_next(CelXml *xml, CelXmlItem *out)
{
    *out = (CelXmlItem){0};
    if (xml->closing)
        return close_empty(xml, out);
    while (!xml->bad) {
        if (xml->depth == 0) {
            while (xml->at < xml->end && (is_blank(*xml->at) || *xml->at == '\0'))
                xml->at++;
        }
        if (xml->at == xml->end)
            return xml->depth == 0 ? FALSE : fail(xml);
        if (*xml->at != '<')
            return take_text(xml, out);
        if (starts(xml, "</"))
            return take_close(xml, out);
        if (starts(xml, "<!--"))
            skip_past(xml, "-->");
        else if (starts(xml, "<?"))
            skip_past(xml, "?>");
        else if (starts(xml, "<!"))
            return fail(xml);
        else
            return take_open(xml, out);
    }
    return FALSE;
}

/* The attribute @name="value" or @name='value'; values are skipped whole, so that a name within one
 * is not taken for an attribute. */
static gboolean find_attribute(const CelXmlItem *item, const char *name, CelXmlSpan *out)
{
    CelXml at = cel_xml_of(item->attributes.start, item->attributes.length);
    while (at.at < at.end) {
        skip_blanks(&at);
        const CelXmlSpan found = take_name(&at);
        skip_blanks(&at);
        if (found.length == 0 || !starts(&at, "="))
            return FALSE;
        at.at++;
        skip_blanks(&at);
        if (!starts(&at, "\"") && !starts(&at, "'"))
            return FALSE;
        const char quote = at.at[0], *start = at.at + 1;
        const char *stop = memchr(start, quote, (gsize)(at.end - start));
        if (stop == NULL)
            return FALSE;
        *out = (CelXmlSpan){start, (gsize)(stop - start)};
        if (cel_xml_is(&found, name))
            return TRUE;
        at.at = stop + 1;
    }
    return FALSE;
}

gboolean cel_xml_attribute(const CelXmlItem *item, const char *name, char *out, gsize out_size)
{
    CelXmlSpan value;
    out[0] = '\0';
    if (!find_attribute(item, name, &value) || value.length >= out_size)
        return FALSE;
    memcpy(out, value.start, value.length);
    out[value.length] = '\0';
    return TRUE;
}

gboolean cel_xml_count(const CelXmlItem *item, const char *name, guint64 *out_value)
{
    enum { MAX_DIGITS = 15 };
    CelXmlSpan value;
    if (!find_attribute(item, name, &value) || value.length == 0 || value.length > MAX_DIGITS)
        return FALSE;
    guint64 number = 0;
    for (gsize i = 0; i < value.length; i++) {
        if (!g_ascii_isdigit(value.start[i]))
            return FALSE;
        number = number * 10 + (guint64)(value.start[i] - '0');
    }
    *out_value = number;
    return TRUE;
}
