/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/cel-register.h"

#include <string.h>

/* One list of columns a kind. A column with a path is taken from the event; one without follows
 * from several events (see cel-projection.c). */

#define TEXT(name, path)                                                                           \
    {                                                                                              \
        name, path, FALSE                                                                          \
    }
#define NUMBER(name, path)                                                                         \
    {                                                                                              \
        name, path, TRUE                                                                           \
    }
#define PLACE      TEXT("ledger", "ledger"), NUMBER("seq", "seq")
#define OF_EXHIBIT PLACE, TEXT("case_id", "case"), TEXT("item_id", "item")
#define DONE_BY                                                                                    \
    NUMBER("t_wall_us", "t_wall_us"), TEXT("op_id", "op/id"), TEXT("op_name", "op/name"),          \
        TEXT("op_role", "op/role"), TEXT("second_id", "second/id"),                                \
        TEXT("second_name", "second/name"), TEXT("why", "why")

static const CelRowColumn case_columns[] = {
    PLACE,
    TEXT("case_id", "case"),
    TEXT("title", "data/title"),
    TEXT("customer_dept", "from/dept"),
    TEXT("customer_person", "from/person"),
    TEXT("customer_id", "from/id"),
    TEXT("customer_contact", "data/contact"),
    TEXT("authority", "authority"),
    TEXT("request", "data/request"),
    NUMBER("t_wall_us", "t_wall_us"),
    NUMBER("received_us", NULL),
};
static const CelRowColumn exhibit_columns[] = {
    OF_EXHIBIT,
    TEXT("parent", "data/parent"),
    TEXT("description", "data/description"),
    TEXT("kind", "data/kind"),
    TEXT("container", "data/container"),
    TEXT("condition", "data/condition"),
    TEXT("colour", "data/colour"),
    TEXT("amount", "data/amount"),
    TEXT("unit", "data/unit"),
    TEXT("mark", "data/mark"),
    TEXT("population", "data/population"),
    TEXT("units_tested", "data/units_tested"),
    TEXT("sampling", "data/sampling"),
    TEXT("homogeneity", "data/homogeneity"),
    TEXT("place", "data/place"),
    TEXT("storage", "data/storage"),
    TEXT("code", NULL),
    NUMBER("t_wall_us", "t_wall_us"),
    TEXT("state", NULL),
    TEXT("holder_dept", NULL),
    TEXT("holder_person", NULL),
    TEXT("holder_id", NULL),
    TEXT("seal_no", NULL),
    TEXT("seal_state", NULL),
    TEXT("seal_photo", NULL),
    TEXT("consumed", NULL),
    NUMBER("last_seq", NULL),
    NUMBER("last_us", NULL),
};
static const CelRowColumn event_columns[] = {
    OF_EXHIBIT,
    TEXT("sample_id", "sample"),
    TEXT("act", "act"),
    TEXT("fid", "fid"),
    NUMBER("refers", "refers"),
    DONE_BY,
    TEXT("from_dept", "from/dept"),
    TEXT("from_person", "from/person"),
    TEXT("to_dept", "to/dept"),
    TEXT("to_person", "to/person"),
    TEXT("seal_no", "seal/no"),
    TEXT("seal_state", "seal/state"),
    TEXT("authority", "authority"),
    TEXT("clock", "clock"),
};
static const CelRowColumn photo_columns[] = {
    OF_EXHIBIT,           TEXT("sha256", NULL),  TEXT("sm3", NULL),
    TEXT("moment", NULL), NUMBER("bytes", NULL),
};
static const CelRowColumn acquisition_columns[] = {
    OF_EXHIBIT,
    TEXT("kind", "data/kind"),
    TEXT("outcome", "data/state"),
    TEXT("instrument", "data/instrument/serial"),
    TEXT("model", "data/instrument/model"),
    NUMBER("simulated", "data/instrument/simulated"),
    NUMBER("frames", "data/frames"),
    NUMBER("saturated", "data/saturated"),
    TEXT("spot", "data/spot"),
    TEXT("place", "data/place"),
    TEXT("environment", "data/environment"),
    TEXT("problem", "data/problem"),
    NUMBER("power_uw", "data/power_uw"),
    TEXT("sha256", "file/sha256"),
    TEXT("sm3", "file/sm3"),
    DONE_BY,
    NUMBER("discarded_seq", NULL),
};
static const CelRowColumn file_columns[] = {
    OF_EXHIBIT,
    TEXT("fid", "fid"),
    TEXT("manifest_sha256", "manifest/sha256"),
    TEXT("manifest_sm3", "manifest/sm3"),
    TEXT("outcome", "data/outcome"),
    NUMBER("planned", "data/replicates/planned"),
    NUMBER("valid", "data/replicates/valid"),
    NUMBER("agree", "data/replicates/agree"),
    TEXT("method_id", "data/method/id"),
    TEXT("method_version", "data/method/version"),
    TEXT("policy", "data/policy"),
    TEXT("exploratory", "data/exploratory"),
    NUMBER("training", "data/training"),
    TEXT("instrument", "data/instrument/serial"),
    TEXT("acquisitions", "data/acquisitions"),
    TEXT("blanks", "data/blanks"),
    TEXT("claim", "data/claim"),
    TEXT("name", "data/name"),
    DONE_BY,
    TEXT("state", NULL),
    TEXT("sha256", NULL),
    TEXT("sm3", NULL),
    NUMBER("verify_seq", NULL),
};
static const CelRowColumn check_columns[] = {
    PLACE,
    TEXT("instrument", "data/serial"),
    TEXT("kind", "data/kind"),
    TEXT("standard", "data/standard"),
    TEXT("standard_lot", "data/lot"),
    TEXT("standard_expires", "data/expires"),
    TEXT("verdict", "data/verdict"),
    TEXT("why_not", "data/why_not"),
    NUMBER("expires_us", "data/expires_us"),
    TEXT("limits", "data/limits"),
    TEXT("results", "data/results"),
    TEXT("digests", "data/raw"),
    TEXT("calibration", "data/calibration"),
    TEXT("object", "data/object"),
    TEXT("fid", "fid"),
    NUMBER("in_force", "data/in_force"),
    TEXT("asset", "data/asset"),
    NUMBER("power_uw", "data/power_uw"),
    TEXT("session", "data/session"),
    NUMBER("simulated", "data/instrument/simulated"),
    DONE_BY,
};
static const CelRowColumn review_columns[] = {
    OF_EXHIBIT,
    TEXT("fid", "fid"),
    TEXT("stage", "data/stage"),
    TEXT("verdict", "data/verdict"),
    TEXT("outcome", "data/outcome"),
    TEXT("claim", "data/claim"),
    NUMBER("blind", "data/blind"),
    NUMBER("agrees", "data/agrees"),
    NUMBER("refers", "refers"),
    TEXT("op_cert", "op/cert_ed25519"),
    DONE_BY,
};
static const CelRowColumn release_columns[] = {
    OF_EXHIBIT,
    TEXT("fid", "fid"),
    TEXT("report", "data/report"),
    TEXT("form", "data/form"),
    TEXT("sha256", "data/paper/sha256"),
    TEXT("sm3", "data/paper/sm3"),
    TEXT("replaces", "data/replaces"),
    DONE_BY,
};
static const CelRowColumn stock_columns[] = {
    PLACE,
    TEXT("name", "data/name"),
    TEXT("lot", "data/lot"),
    TEXT("kind", "data/kind"),
    TEXT("amount", "data/amount"),
    TEXT("cas", "data/cas"),
    TEXT("supplier", "data/supplier"),
    TEXT("certificate", "data/certificate"),
    TEXT("opened", "data/opened"),
    TEXT("expires", "data/expires"),
    DONE_BY,
};
static const CelRowColumn nonconform_columns[] = {
    OF_EXHIBIT,
    TEXT("kind", "data/kind"),
    TEXT("what", "data/what"),
    TEXT("action", "data/action"),
    TEXT("affects", "data/affects"),
    NUMBER("refers", "refers"),
    DONE_BY,
    NUMBER("closed_seq", NULL),
};
static const CelRowColumn hold_columns[] = {
    OF_EXHIBIT, TEXT("what", "data/what"),      NUMBER("until_us", "data/until_us"),
    DONE_BY,    TEXT("authority", "authority"), NUMBER("lifted_seq", NULL),
};

static const CelRowColumn key_columns[] = {
    PLACE,
    TEXT("what", "data/what"),
    TEXT("person", "data/person"),
    TEXT("person_id", "data/person_id"),
    TEXT("role", "data/role"),
    TEXT("cert_sm2", "data/certificates/sm2"),
    TEXT("cert_ed25519", "data/certificates/ed25519"),
    NUMBER("from_seq", "data/from_seq"),
    NUMBER("expires_us", "data/expires_us"),
    DONE_BY,
};

static const CelRowColumn export_columns[] = {
    OF_EXHIBIT,
    TEXT("fid", "fid"),
    TEXT("form", "data/form"),
    TEXT("bundle", "data/bundle"),
    TEXT("recipient", "data/recipient"),
    NUMBER("refers", "refers"),
    DONE_BY,
};

/** Kind: one projection. */
typedef struct {
    const char *name;
    const CelRowColumn *columns;
    gsize n;
} Kind;

#define KIND(name, columns)                                                                        \
    {                                                                                              \
        name, columns, G_N_ELEMENTS(columns)                                                       \
    }
static const Kind kinds[CEL_N_ROW_KINDS] = {
    [CEL_ROW_CASE] = KIND("case", case_columns),
    [CEL_ROW_EXHIBIT] = KIND("exhibit", exhibit_columns),
    [CEL_ROW_EVENT] = KIND("event", event_columns),
    [CEL_ROW_PHOTO] = KIND("photo", photo_columns),
    [CEL_ROW_ACQUISITION] = KIND("acquisition", acquisition_columns),
    [CEL_ROW_FILE] = KIND("file", file_columns),
    [CEL_ROW_CHECK] = KIND("check", check_columns),
    [CEL_ROW_REVIEW] = KIND("review", review_columns),
    [CEL_ROW_RELEASE] = KIND("release", release_columns),
    [CEL_ROW_STOCK] = KIND("stock", stock_columns),
    [CEL_ROW_NONCONFORM] = KIND("nonconform", nonconform_columns),
    [CEL_ROW_HOLD] = KIND("hold", hold_columns),
    [CEL_ROW_KEY] = KIND("key", key_columns),
    [CEL_ROW_EXPORT] = KIND("export", export_columns),
};

const char *cel_row_kind_name(CelRowKind kind)
{
    g_return_val_if_fail((guint)kind < CEL_N_ROW_KINDS, NULL);
    return kinds[kind].name;
}

const CelRowColumn *cel_row_columns(CelRowKind kind, gsize *out_n)
{
    g_return_val_if_fail((guint)kind < CEL_N_ROW_KINDS, NULL);
    *out_n = kinds[kind].n;
    return kinds[kind].columns;
}

/* ---- the life of an exhibit ---- */

static const CelExhibitStateDef states[CEL_N_EXHIBIT_STATES] = {
    [CEL_EXHIBIT_UNKNOWN] = {"unknown", "not registered", "未登记"},
    [CEL_EXHIBIT_COLLECTED] = {"collected", "collected", "已提取"},
    [CEL_EXHIBIT_PACKED] = {"packed", "sealed at the scene", "现场已加封"},
    [CEL_EXHIBIT_SUBMITTED] = {"submitted", "submitted", "已送检"},
    [CEL_EXHIBIT_RECEIVED] = {"received", "received", "已受理"},
    [CEL_EXHIBIT_REFUSED] = {"refused", "refused", "不予受理"},
    [CEL_EXHIBIT_OPEN] = {"open", "seal open for work", "已启封"},
    [CEL_EXHIBIT_CLOSED] = {"closed", "sealed again", "已重新加封"},
    [CEL_EXHIBIT_RETURNED] = {"returned", "returned", "已返还"},
    [CEL_EXHIBIT_DISPOSED] = {"disposed", "disposed of", "已处置"},
};

const CelExhibitStateDef *cel_exhibit_state_def(CelExhibitState state)
{
    g_return_val_if_fail((guint)state < CEL_N_EXHIBIT_STATES, NULL);
    return &states[state];
}

CelExhibitState cel_exhibit_state(JsonObject *row)
{
    const char *id = cel_row_text(row, "state");
    for (guint s = 0; s < CEL_N_EXHIBIT_STATES; s++)
        if (strcmp(states[s].id, id) == 0)
            return s;
    return CEL_EXHIBIT_UNKNOWN;
}

enum {
    NEW = 1 << CEL_EXHIBIT_UNKNOWN,
    COLLECTED = 1 << CEL_EXHIBIT_COLLECTED,
    PACKED = 1 << CEL_EXHIBIT_PACKED,
    SUBMITTED = 1 << CEL_EXHIBIT_SUBMITTED,
    RECEIVED = 1 << CEL_EXHIBIT_RECEIVED,
    REFUSED = 1 << CEL_EXHIBIT_REFUSED,
    OPEN = 1 << CEL_EXHIBIT_OPEN,
    CLOSED = 1 << CEL_EXHIBIT_CLOSED,
    RETURNED = 1 << CEL_EXHIBIT_RETURNED,
    DISPOSED = 1 << CEL_EXHIBIT_DISPOSED,
    AT_HAND = COLLECTED | PACKED | RECEIVED | OPEN | CLOSED,
    KNOWN = AT_HAND | SUBMITTED | REFUSED | RETURNED | DISPOSED,
};

static const CelExhibitMove moves[CEL_N_ACTS] = {
    [CEL_ACT_COLLECT] = {NEW, CEL_EXHIBIT_COLLECTED},
    [CEL_ACT_SUBMIT] = {NEW | COLLECTED | PACKED | RETURNED, CEL_EXHIBIT_SUBMITTED},
    [CEL_ACT_RECEIVE] = {NEW | COLLECTED | PACKED | SUBMITTED | RETURNED, CEL_EXHIBIT_RECEIVED},
    [CEL_ACT_REFUSE] = {NEW | COLLECTED | PACKED | SUBMITTED, CEL_EXHIBIT_REFUSED},
    [CEL_ACT_OPEN_SEAL] = {RECEIVED | CLOSED, CEL_EXHIBIT_OPEN},
    [CEL_ACT_ACQUIRE] = {AT_HAND, CEL_EXHIBIT_UNKNOWN},
    [CEL_ACT_DISCARD_ACQUISITION] = {AT_HAND, CEL_EXHIBIT_UNKNOWN},
    [CEL_ACT_PROCESS] = {KNOWN, CEL_EXHIBIT_UNKNOWN},
    [CEL_ACT_SEAL] = {OPEN | COLLECTED | RECEIVED, CEL_EXHIBIT_CLOSED}, /* of the bag */
    [CEL_ACT_VERIFY] = {KNOWN, CEL_EXHIBIT_UNKNOWN},
    [CEL_ACT_REVIEW] = {KNOWN, CEL_EXHIBIT_UNKNOWN},
    [CEL_ACT_RELEASE_REPORT] = {KNOWN, CEL_EXHIBIT_UNKNOWN},
    [CEL_ACT_SPLIT] = {OPEN, CEL_EXHIBIT_UNKNOWN},
    [CEL_ACT_CONSUME] = {OPEN | COLLECTED, CEL_EXHIBIT_UNKNOWN},
    [CEL_ACT_RETURN] = {PACKED | RECEIVED | CLOSED | REFUSED, CEL_EXHIBIT_RETURNED},
    [CEL_ACT_TRANSFER] = {COLLECTED | PACKED | SUBMITTED | RECEIVED | CLOSED, CEL_EXHIBIT_UNKNOWN},
    [CEL_ACT_CORRECT] = {KNOWN, CEL_EXHIBIT_UNKNOWN},
    [CEL_ACT_DISPOSE] = {PACKED | RECEIVED | CLOSED | REFUSED, CEL_EXHIBIT_DISPOSED},
    [CEL_ACT_NONCONFORM] = {KNOWN, CEL_EXHIBIT_UNKNOWN},
    [CEL_ACT_HOLD] = {KNOWN, CEL_EXHIBIT_UNKNOWN},
};

/* A file is sealed while the bag stays as it is. */
static const CelExhibitMove sealing_a_file = {AT_HAND, CEL_EXHIBIT_UNKNOWN};
/* Nobody in the lab has seen it yet: it is taken in with its seal compared before it is opened. */
static const CelExhibitMove sealing_at_the_scene = {COLLECTED, CEL_EXHIBIT_PACKED};

const CelExhibitMove *cel_exhibit_move(CelAct act, CelExhibitState at, gboolean of_file)
{
    g_return_val_if_fail((guint)act < CEL_N_ACTS, NULL);
    if (act == CEL_ACT_SEAL && of_file)
        return &sealing_a_file;
    return act == CEL_ACT_SEAL && at == CEL_EXHIBIT_COLLECTED ? &sealing_at_the_scene : &moves[act];
}
