/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "remove-folder.h"

#include "base/cel-error.h"
#include "evidence/cel-ca.h"
#include "register/cel-ledger.h"

#include <glib/gstdio.h>
#include <string.h>

/* A lab with its root, two persons, a key for its ledger, and the folder of its ledger. */

/* Certificates are valid from the second they are made, so that events are of tomorrow. */
static inline gint64 recorded_us(void)
{
    const gint64 day_us = (gint64)86400 * G_USEC_PER_SEC;
    return (g_get_real_time() / day_us + 1) * day_us;
}

typedef struct {
    char *folder, *path;
    CelKey *root, *wang, *li, *ledger_key;
    CelTrust *trust;
    CelLedger *ledger;
} Desk;

static inline CelKey *certified_key(CelKey *root, const char *name, CelRole role, const char *id)
{
    const CelCaTerms terms = {.role = role, .person_id = id};
    CelKey *key = cel_key_generate(name, FALSE, NULL);
    g_assert_nonnull(key);
    g_assert_true(cel_ca_certify(root, key, &terms, NULL));
    return key;
}

static inline void desk_set_up(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    desk->folder = g_dir_make_tmp("celadon-ledger-XXXXXX", &error);
    desk->path = g_build_filename(desk->folder, "register.sqlite", NULL);
    desk->root = cel_key_generate_lab("某市物证快检室", FALSE, &error);
    desk->wang = certified_key(desk->root, "王芳", CEL_ROLE_TECHNICIAN, "P0017");
    desk->li = certified_key(desk->root, "李强", CEL_ROLE_REVIEWER, "P0018");
    desk->ledger_key = certified_key(desk->root, "台账", CEL_ROLE_LEDGER, NULL);
    desk->trust = cel_trust_new();
    g_autoptr(GBytes) roots = cel_ca_roots(desk->root, &error);
    g_assert_true(cel_trust_add_roots(desk->trust, roots, &error));
    desk->ledger = cel_ledger_open(desk->path, TRUE, &error);
    g_assert_no_error(error);
}

static inline void desk_tear_down(Desk *desk, gconstpointer data)
{
    (void)data;
    cel_ledger_close(desk->ledger);
    remove_folder(desk->folder);
    cel_key_free(desk->root);
    cel_key_free(desk->wang);
    cel_key_free(desk->li);
    cel_key_free(desk->ledger_key);
    cel_trust_free(desk->trust);
    g_free(desk->path);
    g_free(desk->folder);
}

/* A hand-over that needs one person; @minutes on the clock after recorded_us(). */
static inline CelEventRequest hand_over(const char *item, gint64 minutes)
{
    return (CelEventRequest){
        .act = CEL_ACT_TRANSFER,
        .case_id = "2026-0113",
        .item_id = item,
        .from = {"城南派出所", "赵六", "0412"},
        .to = {"快检室", "王芳", NULL},
        .clock = cel_clock_fixed(recorded_us() + minutes * 60 * G_USEC_PER_SEC),
    };
}

static inline CelLedgerPlace desk_append(Desk *desk, const CelEventRequest *request)
{
    g_autoptr(GError) error = NULL;
    CelLedgerPlace place;
    const CelEventSigners signers = {.operator_key = desk->wang};
    cel_ledger_append(desk->ledger, request, &signers, &place, &error);
    g_assert_no_error(error);
    return place;
}

static inline void desk_fill(Desk *desk, guint n)
{
    for (guint i = 0; i < n; i++) {
        g_autofree char *item = g_strdup_printf("%u", i + 1);
        const CelEventRequest request = hand_over(item, i);
        desk_append(desk, &request);
    }
}
