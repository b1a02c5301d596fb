/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "remove-folder.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "bench/cel-case.h"
#include "evidence/cel-ca.h"
#include "evidence/cel-key-holder.h"

#include <glib/gstdio.h>
#include <string.h>

/* A lab's folder with its people, and words for the day's events. Texts of data are given as
 * "name=value" lists; a value of digits alone becomes a number where the act's table counts. */

typedef enum { ZHAO, WANG, LI, SUN, N_PEOPLE } Who; /* officer, technician, reviewer, head */

typedef struct {
    char *folder;
    CelKey *root, *people[N_PEOPLE], *ledger_key;
    CelLab *lab;
    gint64 now_us; /* of the next event; a minute later each */
} Room;

static inline CelKey *room_key(CelKey *root, const char *name, CelRole role, const char *id)
{
    g_autoptr(GError) error = NULL;
    const CelCaTerms terms = {.role = role, .person_id = id};
    CelKey *key = cel_key_generate(name, cel_key_is_training(root), &error);
    g_assert_no_error(error);
    cel_ca_certify(root, key, &terms, &error);
    g_assert_no_error(error);
    return key;
}

/* Makes an empty lab in @folder. */
static inline void room_found(const char *folder, CelKey *root)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *roots_path = g_build_filename(folder, "ca.pem", NULL);
    g_autofree char *ledger_path = g_build_filename(folder, "register.sqlite", NULL);
    g_autoptr(GBytes) roots = cel_ca_roots(root, &error);
    cel_file_write(roots_path, roots, 0644, &error);
    g_assert_no_error(error);
    g_autoptr(CelRegister) reg = cel_register_open(ledger_path, TRUE, &error);
    g_assert_no_error(error);
    g_assert_nonnull(reg);
}

static inline void room_set_up(Room *room, gconstpointer training)
{
    g_autoptr(GError) error = NULL;
    room->folder = g_dir_make_tmp("celadon-lab-XXXXXX", &error);
    room->root = cel_key_generate_lab("某市物证快检室", training != NULL, &error);
    g_assert_no_error(error);
    room->people[ZHAO] = room_key(room->root, "赵六", CEL_ROLE_OFFICER, "0412");
    room->people[WANG] = room_key(room->root, "王芳", CEL_ROLE_TECHNICIAN, "P0017");
    room->people[LI] = room_key(room->root, "李强", CEL_ROLE_REVIEWER, "P0018");
    room->people[SUN] = room_key(room->root, "孙丽", CEL_ROLE_LAB_HEAD, "P0001");
    room->ledger_key = room_key(room->root, "台账", CEL_ROLE_LEDGER, NULL);
    room_found(room->folder, room->root);
    room->lab = cel_lab_open(room->folder, &error);
    g_assert_no_error(error);
    room->now_us = g_get_real_time() + 5 * G_USEC_PER_SEC;
}

static inline void room_tear_down(Room *room, gconstpointer training)
{
    (void)training;
    cel_lab_close(room->lab);
    remove_folder(room->folder);
    for (guint i = 0; i < N_PEOPLE; i++)
        cel_key_free(room->people[i]);
    cel_key_free(room->root);
    cel_key_free(room->ledger_key);
    g_free(room->folder);
}

/* The certificates of @key, as they travel; @folder: for what is written meanwhile. */
static inline GBytes *room_public_pem(CelKey *key, const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, "one.pem", NULL);
    g_assert_true(cel_key_save(key, path, "correct horse", &error));
    g_autoptr(GBytes) pem = cel_file_read(path, 65536, &error);
    GBytes *certificates = cel_key_holder_public(pem, &error);
    g_assert_no_error(error);
    g_unlink(path);
    return certificates;
}

/* "a=b; c=7": data of an event. */
static inline JsonObject *room_data(const char *text)
{
    JsonObject *data = json_object_new();
    g_auto(GStrv) pairs = g_strsplit(text != NULL ? text : "", "; ", -1);
    for (gsize i = 0; pairs[i] != NULL; i++) {
        char *equal = strchr(pairs[i], '=');
        if (equal == NULL)
            continue;
        *equal = '\0';
        json_object_set_string_member(data, pairs[i], equal + 1);
    }
    return data;
}

static inline void room_sign_in(Room *room, Who who)
{
    g_autoptr(GError) error = NULL;
    const CelLabPerson person = {.key = room->people[who]};
    cel_lab_sign_in(room->lab, &person, &error);
    g_assert_no_error(error);
}

/* Tries one event; @second: N_PEOPLE: nobody. Returns: its position, 0 with @error. */
static inline guint64 room_try(Room *room, Who who, const CelEventRequest *request, Who second,
                               GError **error)
{
    CelEventRequest at = *request;
    room->now_us += 60 * G_USEC_PER_SEC;
    at.clock = cel_clock_fixed(room->now_us);
    room_sign_in(room, who);
    const CelLabPerson other = {.key = second < N_PEOPLE ? room->people[second] : NULL};
    CelLedgerPlace place = {0};
    return cel_lab_record(room->lab, &at, second < N_PEOPLE ? &other : NULL, &place, error)
               ? place.seq
               : 0;
}

static inline guint64 room_do(Room *room, Who who, const CelEventRequest *request, Who second)
{
    g_autoptr(GError) error = NULL;
    const guint64 seq = room_try(room, who, request, second, &error);
    g_assert_no_error(error);
    return seq;
}

static inline void room_refuses(Room *room, Who who, const CelEventRequest *request, Who second,
                                const char *words)
{
    g_autoptr(GError) error = NULL;
    guint64 before = 0, after = 0;
    g_assert_true(cel_ledger_size(cel_lab_ledger(room->lab), &before, NULL));
    g_assert_cmpuint(room_try(room, who, request, second, &error), ==, 0);
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_assert_nonnull(strstr(error->message, words));
    g_assert_true(cel_ledger_size(cel_lab_ledger(room->lab), &after, NULL));
    g_assert_cmpuint(before, ==, after);
}

/** RoomEvent: one event in short. */
typedef struct {
    CelAct act;
    const char *item, *data;
    const char *seal_no, *seal_state, *why, *fid;
    guint64 refers;
} RoomEvent;

#define ROOM_CASE "2026-0113"

static inline CelEventRequest room_event(const RoomEvent *event, JsonObject *data)
{
    const CelActDef *def = cel_act_def(event->act);
    return (CelEventRequest){
        .act = event->act,
        .case_id = event->item != NULL ? ROOM_CASE : NULL,
        .item_id = event->item,
        .fid = event->fid,
        .seal_no = event->seal_no,
        .seal_state = event->seal_state != NULL ? event->seal_state
                      : event->seal_no != NULL  ? "intact"
                                                : NULL,
        .from = def->parties ? (CelParty){"城南派出所", "赵六", "0412"} : (CelParty){0},
        .to = def->parties ? (CelParty){"快检室", "王芳", "P0017"} : (CelParty){0},
        .why = event->why,
        .refers = event->refers,
        .data = data,
    };
}

static inline guint64 room_happens(Room *room, Who who, RoomEvent event, Who second)
{
    g_autoptr(JsonObject) data = room_data(event.data);
    const CelEventRequest request = room_event(&event, data);
    return room_do(room, who, &request, second);
}

static inline void room_may_not(Room *room, Who who, RoomEvent event, Who second, const char *words)
{
    g_autoptr(JsonObject) data = room_data(event.data);
    const CelEventRequest request = room_event(&event, data);
    room_refuses(room, who, &request, second, words);
}

/* The exhibit @item comes to the lab in a bag with seal A@item and is accepted. */
static inline void room_receive(Room *room, const char *item)
{
    g_autofree char *seal = g_strconcat("A", item, NULL);
    room_happens(room, WANG,
                 (RoomEvent){.act = CEL_ACT_RECEIVE,
                             .item = item,
                             .data = "description=白色颗粒; condition=完好; amount=12 g",
                             .seal_no = seal},
                 N_PEOPLE);
}

static inline void room_open_bag(Room *room, const char *item)
{
    g_autofree char *seal = g_strconcat("A", item, NULL);
    room_happens(
        room, WANG,
        (RoomEvent){
            .act = CEL_ACT_OPEN_SEAL, .item = item, .seal_no = seal, .seal_state = "broken"},
        LI);
}

static inline JsonObject *room_exhibit(Room *room, const char *item)
{
    g_autoptr(GError) error = NULL;
    const CelRowQuery query = {.match = {{"case_id", ROOM_CASE, 0}, {"item_id", item, 0}}};
    JsonObject *row =
        cel_register_row(cel_lab_register(room->lab), CEL_ROW_EXHIBIT, &query, &error);
    g_assert_no_error(error);
    return row;
}

static inline void room_state_is(Room *room, const char *item, CelExhibitState state)
{
    g_autoptr(JsonObject) row = room_exhibit(room, item);
    g_assert_cmpstr(cel_row_text(row, "state"), ==, cel_exhibit_state_def(state)->id);
}
