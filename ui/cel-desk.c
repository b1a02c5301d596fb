/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-desk-private.h"

#include "device/cel-transport.h"

enum { CHANGED, LAB_CHANGED, INSTRUMENTS_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(CelDesk, cel_desk, G_TYPE_OBJECT)

void cel_desk_facts_clear(CelDeskFacts *facts)
{
    char *const texts[] = {facts->lab_folder,
                           facts->lab_name,
                           facts->person,
                           facts->person_id,
                           facts->instrument,
                           facts->serial,
                           facts->libraries_problem,
                           facts->calibration,
                           facts->calibration_problem,
                           facts->asset};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    *facts = (CelDeskFacts){.disk_free_bytes = 0};
}

static void cel_desk_finalize(GObject *object)
{
    CelDesk *desk = CEL_DESK(object);
    cel_desk_stop(desk);
    cel_desk_facts_clear(&desk->facts);
    g_free(desk->tried);
    g_clear_object(&desk->lanes);
    g_clear_pointer(&desk->seen, g_array_unref);
    g_ptr_array_unref(desk->benches);
    g_mutex_clear(&desk->mutex);
    g_cond_clear(&desk->cond);
    cel_bus_free(desk->bus);
    G_OBJECT_CLASS(cel_desk_parent_class)->finalize(object);
}

static void cel_desk_class_init(CelDeskClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_desk_finalize;
    static const char *const names[] = {"changed", "lab-changed", "instruments-changed"};
    for (gsize i = 0; i < N_SIGNALS; i++)
        signals[i] = g_signal_new(names[i], G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void cel_desk_init(CelDesk *desk)
{
    g_mutex_init(&desk->mutex);
    g_cond_init(&desk->cond);
    desk->lanes = cel_lanes_new();
    desk->benches = g_ptr_array_new_with_free_func((GDestroyNotify)cel_lab_bench_close);
    desk->seen = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
    desk->facts = (CelDeskFacts){.laser = CEL_LASER_UNKNOWN, .role = CEL_ROLE_NONE};
    for (char **const *text =
             (char **const[]){&desk->facts.lab_folder, &desk->facts.lab_name, &desk->facts.person,
                              &desk->facts.person_id, &desk->facts.instrument, &desk->facts.serial,
                              &desk->facts.libraries_problem, &desk->facts.calibration,
                              &desk->facts.calibration_problem, &desk->facts.asset, NULL};
         *text != NULL; text++)
        **text = g_strdup("");
}

CelDesk *cel_desk_new(void)
{
    CelDesk *desk = g_object_new(CEL_TYPE_DESK, NULL);
    cel_desk_instruments_init(desk);
    cel_desk_load_bench(desk);
    cel_desk_watch_start(desk);
    return desk;
}

void cel_desk_stop(CelDesk *desk)
{
    if (desk->stopped)
        return;
    desk->stopped = TRUE;
    cel_desk_watch_stop(desk);
    g_mutex_lock(&desk->mutex);
    g_cond_broadcast(&desk->cond);
    g_mutex_unlock(&desk->mutex);
    cel_lanes_stop(desk->lanes);
    g_clear_pointer(&desk->device, cel_device_close);
    g_clear_pointer(&desk->lab, cel_lab_close);
    g_clear_pointer(&desk->person_key, cel_key_free);
}

CelLanes *cel_desk_lanes(CelDesk *desk)
{
    return desk->lanes;
}

const CelDeskFacts *cel_desk_facts(CelDesk *desk)
{
    return &desk->facts;
}

CelLab *cel_desk_lab(CelDesk *desk)
{
    g_warn_if_fail(g_main_depth() == 0); /* the main loop would wait */
    return desk->lab;
}

CelDevice *cel_desk_device(CelDesk *desk)
{
    return desk->device;
}

void cel_desk_tell(CelDesk *desk)
{
    g_signal_emit(desk, signals[CHANGED], 0);
}

void cel_desk_tell_instruments(CelDesk *desk)
{
    g_signal_emit(desk, signals[INSTRUMENTS_CHANGED], 0);
}

void cel_desk_set_text(char **slot, const char *text)
{
    g_free(*slot);
    *slot = g_strdup(text != NULL ? text : "");
}

static gboolean tell_lab_changed(gpointer data)
{
    CelDesk *desk = data;
    if (!desk->stopped)
        g_signal_emit(desk, signals[LAB_CHANGED], 0);
    if (!desk->stopped)
        cel_desk_ask_check(desk); /* it may have been one, or a disturbance */
    return G_SOURCE_REMOVE;
}

void cel_desk_lab_changed(CelDesk *desk)
{
    cel_ui_post(tell_lab_changed, g_object_ref(desk), g_object_unref);
}
