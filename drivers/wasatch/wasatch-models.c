/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wasatch/wasatch-models.h"

#include <string.h>

enum { VENDOR = 0x24aa, FULL_16_BITS = 65535 };

/* Wasatch.PY DeviceFinderUSB.py */
#define FX2_SILICON                                                                                \
    {                                                                                              \
        VENDOR, 0x1000, "Wasatch Photonics FX2 silicon"                                            \
    }
#define FX2_INGAAS                                                                                 \
    {                                                                                              \
        VENDOR, 0x2000, "Wasatch Photonics FX2 InGaAs"                                             \
    }
#define ARM                                                                                        \
    {                                                                                              \
        VENDOR, 0x4000, "Wasatch Photonics ARM"                                                    \
    }

const CelUsbId cel_wasatch_usb_ids[CEL_WASATCH_N_BOARDS] = {FX2_SILICON, FX2_INGAAS, ARM};

static const CelWasatchBoard boards[CEL_WASATCH_N_BOARDS] = {
    {.usb = FX2_SILICON},
    {.usb = FX2_INGAAS, .has_high_gain = TRUE},
    {.usb = ARM, .is_arm = TRUE},
};

/* Start-up temperatures: Wasatch.PY FeatureIdentificationDevice.py; garbage pixels: the same,
 * get_spectrum(); InGaAs names: SpectrometerSettings.py. All convert to 16 bits on the wire. */
static const CelWasatchDetector detectors[] = {
    {.name = "imx385",
     .is_imx = TRUE,
     .garbage_first = 3,
     .garbage_last = 2,
     .garbage_fpga = "01.1.01",
     .saturation_counts = FULL_16_BITS},
    {.name = "imx392",
     .is_imx = TRUE,
     .garbage_first = 3,
     .garbage_last = 17,
     .saturation_counts = FULL_16_BITS},
    {.name = "imx", .is_imx = TRUE, .saturation_counts = FULL_16_BITS},
#define INGAAS_ROW(text)                                                                           \
    {                                                                                              \
        .name = text, .is_start = TRUE, .is_ingaas = TRUE, .has_startup = TRUE,                    \
        .startup_celsius = -15, .saturation_counts = FULL_16_BITS                                  \
    }
    INGAAS_ROW("ingaas"),
    INGAAS_ROW("g9214"),
    INGAAS_ROW("g9206"),
    INGAAS_ROW("g14237"),
    INGAAS_ROW("du490"),
#define SILICON_ROW(text, celsius)                                                                 \
    {                                                                                              \
        .name = text, .has_startup = TRUE, .startup_celsius = celsius,                             \
        .saturation_counts = FULL_16_BITS                                                          \
    }
    SILICON_ROW("7031", -15),
    SILICON_ROW("10141", -15),
    SILICON_ROW("9214", -15),
    SILICON_ROW("16011", 10),
    SILICON_ROW("11511", 10),
    SILICON_ROW("11850", 10),
    SILICON_ROW("13971", 10),
};

static const CelWasatchDetector unknown_detector = {.name = "", .saturation_counts = FULL_16_BITS};

const CelWasatchBoard *cel_wasatch_board(guint16 vendor, guint16 product)
{
    for (gsize i = 0; i < G_N_ELEMENTS(boards); i++) {
        if (boards[i].usb.vendor == vendor && boards[i].usb.product == product)
            return &boards[i];
    }
    return NULL;
}

const CelWasatchDetector *cel_wasatch_detector(const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(detectors); i++) {
        const char *found = strstr(lower, detectors[i].name);
        if (found != NULL && (found == lower || !detectors[i].is_start))
            return &detectors[i];
    }
    return &unknown_detector;
}

gboolean cel_wasatch_is_xs(const char *detector, const char *model)
{
    static const char *const in_model[] = {"micro", "sig", "xs"};
    g_autofree char *lower_detector = g_ascii_strdown(detector, -1);
    g_autofree char *lower_model = g_ascii_strdown(model, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(in_model); i++) {
        if (strstr(lower_model, in_model[i]) != NULL)
            return TRUE;
    }
    return strstr(lower_detector, "imx") != NULL;
}

const char *cel_wasatch_laser_class(double max_mw)
{
    const double class_3b_limit_mw = 500.0; /* IEC 60825-1:2014, AEL of class 3B over 0.25 s */
    if (!(max_mw > 0.0))
        return "";
    return max_mw <= class_3b_limit_mw ? "3B" : "4";
}
