/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A draft of a laboratory's profile that says all that one may say. */

static const char profile_first_title[] = "检验报告";
static const char profile_draft[] =
    "{\"issued\":\"2026-11-26\",\"until\":\"2030-12-31\","
    "\"lab\":{\"name\":{\"zh\":\"某市物证快检室\",\"en\":\"Rapid Test Laboratory\"},"
    "\"address\":{\"zh\":\"某路1号\",\"en\":\"1 Some Road\"},\"phone\":\"020-0\","
    "\"registration_no\":\"440000\"},"
    "\"accreditation\":{\"body\":\"CNAS\",\"number\":\"L0000\",\"scope\":{\"zh\":\"塑料\","
    "\"en\":\"plastics\"},\"until\":\"2029-01-01\"},"
    "\"titles\":[{\"zh\":\"检验报告\",\"en\":\"Test report\"},"
    "{\"zh\":\"现场筛查记录\",\"en\":\"Field record\"}],"
    "\"citations\":[{\"text\":{\"zh\":\"GB/T 40219-2021 拉曼光谱仪通用规范\"},\"basis\":true},"
    "{\"text\":{\"en\":\"ASTM E1840\"},\"basis\":false,\"approval\":\"批2026-1\"}],"
    "\"methods\":[{\"id\":\"M-1\",\"version\":\"3\",\"title\":{\"zh\":\"塑料筛查\"},"
    "\"validation\":\"validated\",\"validation_ref\":\"V-7\",\"scope\":{\"zh\":\"洁净塑料\"},"
    "\"recipe_sha256\":\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\","
    "\"until\":\"2028-06-30\",\"operators\":[{\"id\":\"P0017\",\"until\":\"2027-06-30\"},"
    "{\"id\":\"P0018\",\"until\":\"2027-05-31\"}]}],"
    "\"checks\":{\"deviation_mcm1\":2500,\"deviation_high_mcm1\":4001,\"coverage_milli\":2050,"
    "\"min_lines\":5,\"min_span_cm1\":900,\"max_fwhm_mcm1\":12500,\"min_snr_milli\":15000,"
    "\"max_intensity_change_permille\":250,\"max_series_minutes\":240,"
    "\"max_series_exhibits\":10,\"max_temperature_change_mcelsius\":4500,"
    "\"source\":\"SOP-12\"},"
    "\"rules\":{\"signers\":[\"sm2\",\"ed25519\"],\"replicates_planned\":6,"
    "\"replicates_4_of_5\":true,\"blind_review\":true,\"signed_libraries\":true,"
    "\"development\":true,\"offline_days\":9,\"lock_minutes\":8,\"retention_years\":30,"
    "\"retention_source\":\"SOP-3\"}}";

/** profile_draft_write: Returns: (transfer full): the path of a file with it in @folder. */
static inline char *profile_draft_write(const char *folder)
{
    char *path = g_build_filename(folder, "draft.json", NULL);
    g_assert_true(g_file_set_contents(path, profile_draft, -1, NULL));
    return path;
}

G_END_DECLS
