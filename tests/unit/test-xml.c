/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-xml.h"

#include <string.h>

/* Tags, text and ends as one line: "<a" "=text" ">a". */
static char *walk(const char *text, gboolean *out_bad)
{
    CelXml xml = cel_xml_of(text, strlen(text));
    CelXmlItem item;
    GString *out = g_string_new(NULL);
    while (cel_xml_next(&xml, &item)) {
        const CelXmlSpan *span = item.kind == CEL_XML_TEXT ? &item.text : &item.name;
        g_string_append_printf(out, "%c%.*s ", "<>="[item.kind], (int)span -> length,
                               span -> start);
    }
    *out_bad = xml.bad;
    return g_string_free(out, FALSE);
}

static void tags_come_in_their_order(void)
{
    static const struct {
        const char *text, *walk;
    } rows[] = {{"<a/>", "<a >a "},
                {"<a />", "<a >a "},
                {"<a>x</a>", "<a =x >a "},
                {"<?xml version='1.0'?>\n<a><b k=\"1\"/>y</a>\n", "<a <b >b =y >a "},
                {"<a><!-- <b> --></a >", "<a >a "},
                {"<a k='>'>1</a>", "<a =1 >a "},
                {"", ""},
                {" \n", ""}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gboolean bad = TRUE;
        g_autofree char *seen = walk(rows[i].text, &bad);
        g_assert_cmpstr(seen, ==, rows[i].walk);
        g_assert_false(bad);
    }
}

static void what_is_not_well_formed_is_refused(void)
{
    static const char *const rows[] = {
        "<a>",         "</a>",         "<a></b>",
        "text",        "<a",           "<a k=\"1>",
        "<>x</>",      "<a><!-- </a>", "<!DOCTYPE a><a/>",
        "<a></a></a>", "<a/>text",     "<a><![CDATA[x]]></a>",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gboolean bad = FALSE;
        g_autofree char *seen = walk(rows[i], &bad);
        g_test_message("%s: %s", rows[i], seen);
        g_assert_true(bad);
    }
}

static void depth_ends_at_its_limit(void)
{
    for (guint depth = CEL_XML_MAX_DEPTH; depth <= CEL_XML_MAX_DEPTH + 1; depth++) {
        g_autoptr(GString) text = g_string_new(NULL);
        gboolean bad = FALSE;
        for (guint i = 0; i < depth; i++)
            g_string_append(text, "<a>");
        for (guint i = 0; i < depth; i++)
            g_string_append(text, "</a>");
        g_autofree char *seen = walk(text->str, &bad);
        g_assert_nonnull(seen);
        g_assert_cmpint(bad, ==, depth > CEL_XML_MAX_DEPTH);
    }
}

static CelXmlItem first_of(const char *text)
{
    CelXml xml = cel_xml_of(text, strlen(text));
    CelXmlItem item;
    g_assert_true(cel_xml_next(&xml, &item));
    return item;
}

static void attributes_are_found_by_their_whole_name(void)
{
    const CelXmlItem item = first_of("<a xk=\"k='9'\" k = '12' n=\"\"/>");
    char value[8];
    g_assert_true(cel_xml_attribute(&item, "k", value, sizeof value));
    g_assert_cmpstr(value, ==, "12");
    g_assert_true(cel_xml_attribute(&item, "n", value, sizeof value));
    g_assert_cmpstr(value, ==, "");
    g_assert_false(cel_xml_attribute(&item, "z", value, sizeof value));
    g_assert_false(cel_xml_attribute(&item, "k", value, 2)); /* "12" and its zero need three */
    g_assert_cmpstr(value, ==, "");
}

static void counts_are_digits_alone(void)
{
    const CelXmlItem item = first_of("<a ok='0042' sign='-1' part='1.5' none='' long="
                                     "'1234567890123456' most='999999999999999'/>");
    static const char *const bad[] = {"sign", "part", "none", "long", "absent"};
    guint64 value = 7;
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(cel_xml_count(&item, bad[i], &value));
    g_assert_cmpuint(value, ==, 7);
    g_assert_true(cel_xml_count(&item, "ok", &value));
    g_assert_cmpuint(value, ==, 42);
    g_assert_true(cel_xml_count(&item, "most", &value));
    g_assert_cmpuint(value, ==, G_GUINT64_CONSTANT(999999999999999));
}

static void elements_know_what_they_stand_in(void)
{
    static const char text[] = "<a><b>x</b></a>";
    CelXml xml = cel_xml_of(text, strlen(text));
    CelXmlItem item;
    while (cel_xml_next(&xml, &item) && item.kind != CEL_XML_TEXT)
        ;
    g_assert_true(cel_xml_inside(&xml, 0, "b") && cel_xml_inside(&xml, 1, "a"));
    g_assert_false(cel_xml_inside(&xml, 2, "a") || cel_xml_inside(&xml, 0, "a"));
}

#define ADD(name) g_test_add_func("/xml/" #name, name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(tags_come_in_their_order);
    ADD(what_is_not_well_formed_is_refused);
    ADD(depth_ends_at_its_limit);
    ADD(attributes_are_found_by_their_whole_name);
    ADD(counts_are_digits_alone);
    ADD(elements_know_what_they_stand_in);
    return g_test_run();
}
