/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal-fixture.h"

#include "base/cel-canon.h"
#include "evidence/cel-record-write.h"
#include "evidence/cel-seal-tree.h"

/* The custody record alone: what it states, and every reason to refuse one. */

static JsonObject *object_of(JsonNode *node)
{
    return json_node_get_object(node);
}

/* The record of @bag, read back. */
static JsonNode *good_record(Bag *bag)
{
    g_autoptr(GError) error = NULL;
    const CelRecordFrame frame = { .key = bag->key, .fid = FIXED_FID, .manifest = "/a 1\n" };
    g_autofree char *text = cel_record_seal(&bag->request, &frame, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    JsonNode *record = cel_record_read(bytes, &error);
    g_assert_no_error(error);
    return record;
}

static void refused(JsonNode *record, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = cel_canon_write(record, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    g_assert_null(cel_record_read(bytes, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    if (strstr(error->message, part) == NULL)
        g_error("\"%s\" does not contain \"%s\"", error->message, part);
}

static void every_field_that_verification_needs_is_asked_for(Bag *bag, gconstpointer data)
{
    (void)data;
    static const char *const fields[] = {
        "fid",
        "act",
        "case",
        "item",
        "t_wall",
        "t_zone",
        "distid",
        "outcome",
        "training",
        "simulated",
        "t_wall_us",
        "op/id",
        "op/name",
        "prev/sha256",
        "prev/sm3",
        "manifest/sha256",
        "manifest/sm3",
        "op/cert_sm2/sha256",
        "op/cert_ed25519/sm3",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_autoptr(JsonNode) record = good_record(bag);
        g_auto(GStrv) names = g_strsplit(fields[i], "/", -1);
        JsonObject *object = object_of(record);
        gsize depth = 0;
        for (; names[depth + 1] != NULL; depth++)
            object = json_object_get_object_member(object, names[depth]);
        json_object_remove_member(object, names[depth]);
        g_autofree char *part = g_strdup_printf("\"%s\" is missing", fields[i]);
        refused(record, part);
    }
}

static void a_field_of_another_type_is_a_missing_one(Bag *bag, gconstpointer data)
{
    (void)data;
    g_autoptr(JsonNode) number = good_record(bag), text = good_record(bag);
    g_autoptr(JsonNode) group = good_record(bag);
    json_object_set_int_member(object_of(number), "case", 7);
    refused(number, "\"case\" is missing");
    json_object_set_string_member(object_of(text), "training", "no");
    refused(text, "\"training\" is missing");
    json_object_set_string_member(object_of(group), "op", "Wang");
    refused(group, "\"op/id\" is missing");
}

static void only_the_first_record_of_its_own_file_is_read(Bag *bag, gconstpointer data)
{
    (void)data;
    g_autoptr(JsonNode) second = good_record(bag), other = good_record(bag);
    g_autoptr(JsonNode) act = good_record(bag), previous = good_record(bag);
    json_object_set_int_member(object_of(second), "seq", 2);
    refused(second, "not the first record");
    json_object_set_string_member(object_of(other), "fid", "0" FIXED_FID);
    refused(other, "32 hexadecimal digits");
    json_object_set_string_member(object_of(act), "act", "copy");
    refused(act, "not the first record");
    g_autofree char *foreign = cel_record_genesis("sm3", "ffffffffffffffffffffffffffffffff");
    json_object_set_string_member(json_object_get_object_member(object_of(previous), "prev"), "sm3",
                                  foreign);
    refused(previous, "not the first record");
}

static void another_version_or_signer_id_is_not_known(Bag *bag, gconstpointer data)
{
    (void)data;
    g_autoptr(JsonNode) version = good_record(bag), signer = good_record(bag);
    json_object_set_int_member(object_of(version), "v", CEL_RECORD_VERSION + 1);
    refused(version, "version");
    json_object_set_string_member(object_of(signer), "distid", "8765432187654321");
    refused(signer, "signer ID");
}

static void simulated_data_cannot_stand_in_a_record_of_evidence(Bag *bag, gconstpointer data)
{
    (void)data;
    g_autoptr(JsonNode) record = good_record(bag);
    json_object_set_boolean_member(object_of(record), "simulated", TRUE);
    refused(record, "simulated data as if they were real");
}

static void what_is_no_canonical_object_is_refused(void)
{
    static const char *const texts[] = {"", "[]", "7", "{", "{ }", "{\"b\":1,\"a\":2}", "{}\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = g_bytes_new(texts[i], strlen(texts[i]));
        g_test_message("%s", texts[i]);
        g_assert_null(cel_record_read(bytes, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
}

static void file_ids_are_32_small_hex_digits(void)
{
    g_assert_true(cel_fid_valid(FIXED_FID));
    g_assert_false(cel_fid_valid("00112233445566778899aabbccddeef"));
    g_assert_false(cel_fid_valid("00112233445566778899aabbccddeeff0"));
    g_assert_false(cel_fid_valid("00112233445566778899AABBCCDDEEFF"));
    g_assert_false(cel_fid_valid("00112233445566778899aabbccddeefg"));
    g_assert_false(cel_fid_valid(""));
}

static void paths_that_lead_nowhere_have_no_text_and_no_number(Bag *bag, gconstpointer data)
{
    (void)data;
    g_autoptr(JsonNode) record = good_record(bag);
    JsonObject *object = object_of(record);
    g_assert_null(cel_record_text(object, "op")); /* an object */
    g_assert_null(cel_record_text(object, "op/none/deeper"));
    g_assert_null(cel_record_text(object, "case/deeper"));
    g_assert_null(cel_record_text(object, ""));
    g_assert_null(cel_record_text(object, "seq")); /* a number */
    g_assert_cmpint(cel_record_number(object, "seq"), ==, 1);
    g_assert_cmpint(cel_record_number(object, "case"), ==, 0);
    g_assert_cmpint(cel_record_number(object, "op/none"), ==, 0);
    g_assert_cmpint(cel_record_number(NULL, "seq"), ==, 0);
}

static void the_result_stands_in_the_record(Bag *bag, gconstpointer data)
{
    (void)data;
    g_autoptr(JsonNode) record = good_record(bag);
    JsonObject *object = object_of(record);
    g_assert_cmpstr(cel_record_text(object, "ceiling"), ==, "class:polymer");
    g_assert_cmpstr(cel_record_text(object, "policy"), ==, "evidence");
    g_assert_cmpint(cel_record_number(object, "n_measurements"), ==, REPLICATES);
    g_assert_cmpint(cel_record_number(object, "t_wall_us"), ==, SEALED_US);
    JsonArray *blanks = json_object_get_array_member(object, "blanks");
    g_assert_cmpuint(json_array_get_length(blanks), ==, 1);
    g_assert_cmpstr(json_array_get_string_element(blanks, 0), ==, "instrument");
    JsonArray *deviations = json_object_get_array_member(object, "deviations");
    g_assert_cmpuint(json_array_get_length(deviations), ==, 1);
    g_assert_cmpstr(json_array_get_string_element(deviations, 0), ==, "no packaging blank");
    g_assert_cmpstr(cel_record_text(object, "method/version"), ==, "3");
    g_assert_cmpstr(cel_record_text(object, "method/validation"), ==, "not validated");
}

static void the_manifest_s_digest_changes_with_the_manifest(Bag *bag, gconstpointer data)
{
    (void)data;
    g_autoptr(JsonNode) a = good_record(bag);
    g_autofree char *sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "/a 1\n", -1);
    g_assert_cmpstr(cel_record_text(object_of(a), "manifest/sha256"), ==, sha256);
}

static void any_simulated_part_makes_the_request_simulated(Bag *bag, gconstpointer data)
{
    (void)data;
    g_assert_false(cel_record_simulated(&bag->request));
    bag->blank->simulated = TRUE;
    g_assert_true(cel_record_simulated(&bag->request));
    bag->blank->simulated = FALSE;
    bag->measurements[REPLICATES - 1]->simulated = TRUE;
    g_assert_true(cel_record_simulated(&bag->request));
    bag->measurements[REPLICATES - 1]->simulated = FALSE;
    bag->answer.simulated = TRUE;
    g_assert_true(cel_record_simulated(&bag->request));
}

/* ---- the answer ---- */

static void answer_is_refused(Bag *bag, const char *json)
{
    g_autoptr(GError) error = NULL;
    bag->request.answer_json = json;
    g_test_message("%s", json);
    g_assert_null(cel_seal_answer(&bag->request, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void an_answer_that_is_no_object_is_refused(Bag *bag, gconstpointer data)
{
    (void)data;
    static const char *const bad[] = {"", "null", "[]", "\"{}\"", "{\"a\":}", "7"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        answer_is_refused(bag, bad[i]);
}

static void members_are_put_in_before_the_last_brace(Bag *bag, gconstpointer data)
{
    (void)data;
    bag->request.answer_json = "{\"a\":{\"b\":\"}\"},\"n\":0.10}  ";
    g_autofree char *text = cel_seal_answer(&bag->request, NULL);
    g_assert_true(g_str_has_prefix(text, "{\"a\":{\"b\":\"}\"},\"n\":0.10,\"why_zh\":["));
}

static void an_answer_that_has_every_member_is_kept_byte_for_byte(Bag *bag, gconstpointer data)
{
    (void)data;
    static const char whole[] = "{ \"why_zh\":[], \"label_en\":\"a\",\"label_zh\":\"b\","
                                "\"library\":\"c\",\"recipe\":\"d\" }\n";
    bag->request.answer_json = whole;
    g_autofree char *text = cel_seal_answer(&bag->request, NULL);
    g_assert_cmpstr(text, ==, whole);
}

#define ADD(test) g_test_add("/record/" #test, Bag, NULL, bag_set_up, test, bag_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    ADD(every_field_that_verification_needs_is_asked_for);
    ADD(a_field_of_another_type_is_a_missing_one);
    ADD(only_the_first_record_of_its_own_file_is_read);
    ADD(another_version_or_signer_id_is_not_known);
    ADD(simulated_data_cannot_stand_in_a_record_of_evidence);
    ADD(paths_that_lead_nowhere_have_no_text_and_no_number);
    ADD(the_result_stands_in_the_record);
    ADD(the_manifest_s_digest_changes_with_the_manifest);
    ADD(any_simulated_part_makes_the_request_simulated);
    ADD(an_answer_that_is_no_object_is_refused);
    ADD(members_are_put_in_before_the_last_brace);
    ADD(an_answer_that_has_every_member_is_kept_byte_for_byte);
    g_test_add_func("/record/what_is_no_canonical_object_is_refused",
                    what_is_no_canonical_object_is_refused);
    g_test_add_func("/record/file_ids_are_32_small_hex_digits", file_ids_are_32_small_hex_digits);
    return g_test_run();
}
