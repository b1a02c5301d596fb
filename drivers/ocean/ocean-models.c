/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocean/ocean-models.h"

/*
 * Facts of python-seabreeze (pyseabreeze/devices.py, features/spectrometer.py) and libseabreeze
 * (NAME + SpectrometerFeature.cpp); none was checked on hardware. Where a frame holds more pixels
 * than end with the last covered ones, the rest is padding and not given out: the S7031 of the
 * QE65000 has 1044 columns in a frame of 1280, the S10420 of the Maya2000 Pro 2068 in 2304.
 */

enum {
    USB2000,
    HR2000,
    USB650,
    HR4000,
    HR2000_PLUS,
    QE65000,
    USB2000_PLUS,
    USB4000,
    NIRQUEST512,
    NIRQUEST256,
    MAYA2000_PRO,
    MAYA2000,
    TORUS,
    APEX,
    MAYA_LSL,
    FLAME_NIR,
    JAZ,
    FLAME_X,
    HDX,
    STS,
    QE_PRO,
    SPARK,
    VENTANA,
    N_MODELS
};

enum { OCEAN = 0x2457 }; /* 9303, the maker's USB vendor number */

const CelUsbId cel_ocean_usb_ids[] = {
    [USB2000] = {OCEAN, 0x1002, "Ocean Optics USB2000"},
    [HR2000] = {OCEAN, 0x100A, "Ocean Optics HR2000"},
    [HR4000] = {OCEAN, 0x1012, "Ocean Optics HR4000"},
    [USB650] = {OCEAN, 0x1014, "Ocean Optics USB650"},
    [HR2000_PLUS] = {OCEAN, 0x1016, "Ocean Optics HR2000+"},
    [QE65000] = {OCEAN, 0x1018, "Ocean Optics QE65000"},
    [USB2000_PLUS] = {OCEAN, 0x101E, "Ocean Optics USB2000+ or Flame-S"},
    [USB4000] = {OCEAN, 0x1022, "Ocean Optics USB4000 or Flame-T"},
    [NIRQUEST512] = {OCEAN, 0x1026, "Ocean Optics NIRQuest512"},
    [NIRQUEST256] = {OCEAN, 0x1028, "Ocean Optics NIRQuest256"},
    [MAYA2000_PRO] = {OCEAN, 0x102A, "Ocean Optics Maya2000 Pro"},
    [MAYA2000] = {OCEAN, 0x102C, "Ocean Optics Maya2000"},
    [TORUS] = {OCEAN, 0x1040, "Ocean Optics Torus"},
    [APEX] = {OCEAN, 0x1044, "Ocean Optics Apex"},
    [MAYA_LSL] = {OCEAN, 0x1046, "Ocean Optics Maya LSL"},
    [FLAME_NIR] = {OCEAN, 0x104B, "Ocean Optics Flame-NIR"},
    [JAZ] = {OCEAN, 0x2000, "Ocean Optics Jaz"},
    [FLAME_X] = {OCEAN, 0x2001, "Ocean Optics Flame-X or Ocean FX"},
    [HDX] = {OCEAN, 0x2003, "Ocean Optics Ocean HDX"},
    [STS] = {OCEAN, 0x4000, "Ocean Optics STS"},
    [QE_PRO] = {OCEAN, 0x4004, "Ocean Optics QE Pro"},
    [SPARK] = {OCEAN, 0x4200, "Ocean Optics Spark"},
    [VENTANA] = {OCEAN, 0x5000, "Ocean Optics Ventana"},
};
G_STATIC_ASSERT((int)N_MODELS == (int)CEL_OCEAN_N_MODELS);

static const CelOceanEndpoints map_a = {0x01, 0x81, 0x82, 0x86, TRUE};
static const CelOceanEndpoints map_l = {0x02, 0x87, 0x82, 0, FALSE};
static const CelOceanEndpoints map_j = {0x01, 0x81, 0x82, 0, FALSE};
static const CelOceanEndpoints map_o = {0x01, 0x81, 0x81, 0, FALSE};
static const CelOceanEndpoints map_v = {0x01, 0x82, 0x82, 0, FALSE};

enum { SPECTRUM_RAW = 0x00101100, SPECTRUM_CORRECTED = 0x00101000, SPECTRUM_OLDEST = 0x00100928 };

/* What whole groups of rows share. */
/* clang-format off */
#define SHUFFLED_2K                                                                                \
    .endpoints = &map_l, .n_sent = 2048, .n_pixels = 2048, .bytes_per_pixel = 2, .unit_us = 1000,  \
    .integration_us = { 3000, 655350000 }, .full_scale = 4095, .is_shuffled = TRUE
#define FPGA .endpoints = &map_a, .bytes_per_pixel = 2, .has_fpga = TRUE
#define NIRQUEST                                                                                   \
    .endpoints = &map_a, .bytes_per_pixel = 2, .integration_us = { 1000, 1600000000 },             \
    .unit_us = 1000, .full_scale = 65535, .flip = 0x8000, .saturation = CEL_OCEAN_U32_AT_6,        \
    .has_cooler = TRUE
#define OBP .protocol = CEL_OCEAN_OBP, .unit_us = 1
#define OBP_16 OBP, .bytes_per_pixel = 2

static const CelOceanModel models[] = {
    [USB2000] = { .name = "USB2000", SHUFFLED_2K },
    [HR2000] = { .name = "HR2000", SHUFFLED_2K },
    [USB650] = { .name = "USB650", SHUFFLED_2K },
    [HR4000] = {
        .name = "HR4000", FPGA, .n_sent = 3840, .n_pixels = 3840,
        .integration_us = { 10, 655350000 }, .unit_us = 1, .full_scale = 16383,
        .flip = 0x2000, .is_split = TRUE,
    },
    [HR2000_PLUS] = {
        .name = "HR2000+", FPGA, .n_sent = 2048, .n_pixels = 2048,
        .integration_us = { 1000, 655350000 }, .unit_us = 1, .full_scale = 16383,
        .flip = 0x2000,
    },
    [QE65000] = {
        .name = "QE65000", FPGA, .n_sent = 1280, .n_pixels = 1044,
        .integration_us = { 8000, 1600000000 }, .unit_us = 1000, .full_scale = 65535,
        .flip = 0x8000, .first_index = -10, .has_cooler = TRUE,
        .dark_pixels = { { 0, 4 }, { 1040, 1044 } }, .n_dark_ranges = 2,
    },
    [USB2000_PLUS] = {
        .name = "USB2000+", FPGA, .n_sent = 2048, .n_pixels = 2048,
        .integration_us = { 1000, 655350000 }, .unit_us = 1, .full_scale = 65535,
        .saturation = CEL_OCEAN_U16_AT_6, .flame_major = 3, .flame_name = "Flame-S",
    },
    [USB4000] = {
        .name = "USB4000 or Flame-T", FPGA, .n_sent = 3840, .n_pixels = 3840,
        .integration_us = { 10, 65535000 }, .unit_us = 1, .full_scale = 65535,
        .saturation = CEL_OCEAN_U16_AT_6, .is_split = TRUE,
    },
    [NIRQUEST512] = { .name = "NIRQuest512", NIRQUEST, .n_sent = 512, .n_pixels = 512 },
    [NIRQUEST256] = { .name = "NIRQuest256", NIRQUEST, .n_sent = 256, .n_pixels = 256 },
    [MAYA2000_PRO] = {
        .name = "Maya2000 Pro", FPGA, .n_sent = 2304, .n_pixels = 2068,
        .integration_us = { 7200, 65000000 }, .unit_us = 1, .full_scale = 64000,
        .saturation = CEL_OCEAN_U16_AT_2,
        .dark_pixels = { { 0, 4 }, { 2064, 2068 } }, .n_dark_ranges = 2,
    },
    [MAYA2000] = {
        .name = "Maya2000", FPGA, .n_sent = 2304, .n_pixels = 2080,
        .integration_us = { 15000, 1600000000 }, .unit_us = 1, .full_scale = 65535,
        .dark_pixels = { { 0, 8 }, { 2072, 2080 } }, .n_dark_ranges = 2,
    },
    [TORUS] = {
        .name = "Torus", FPGA, .n_sent = 2048, .n_pixels = 2048,
        .integration_us = { 1000, 655350000 }, .unit_us = 1, .full_scale = 65535,
        .saturation = CEL_OCEAN_U16_AT_6,
    },
    [APEX] = {
        .name = "Apex", FPGA, .n_sent = 2304, .n_pixels = 2068,
        .integration_us = { 15000, 1600000000 }, .unit_us = 1, .full_scale = 64000,
        .saturation = CEL_OCEAN_U16_AT_2,
        .dark_pixels = { { 0, 4 }, { 2064, 2068 } }, .n_dark_ranges = 2,
    },
    [MAYA_LSL] = {
        .name = "Maya LSL", FPGA, .n_sent = 2304, .n_pixels = 2068,
        .integration_us = { 7200, 65000000 }, .unit_us = 1, .full_scale = 64000,
        .saturation = CEL_OCEAN_U16_AT_2,
        .dark_pixels = { { 0, 4 }, { 2064, 2068 } }, .n_dark_ranges = 2,
    },
    /* Known: 128 pixels of 16 bits without sync byte, its times. Not known: its endpoints (those of
     * its siblings are tried; a unit without them is refused when opened) and the slot that tells
     * at how many counts it is full, so that no integration time can be chosen by itself. */
    [FLAME_NIR] = {
        .name = "Flame-NIR", .endpoints = &map_j, .n_sent = 128, .n_pixels = 128,
        .bytes_per_pixel = 2, .integration_us = { 1000, 655350000 }, .unit_us = 1,
        .full_scale = 65535, .no_sync = TRUE, .saturation = CEL_OCEAN_NOT_KNOWN,
    },
    [JAZ] = {
        .name = "Jaz", .endpoints = &map_j, .n_sent = 2048, .n_pixels = 2048,
        .bytes_per_pixel = 2, .integration_us = { 1000, 655350000 }, .unit_us = 1,
        .full_scale = 65535, .no_sync = TRUE, .saturation = CEL_OCEAN_U16_AT_6,
        .dark_pixels = { { 2, 24 } }, .n_dark_ranges = 1,
    },
    [FLAME_X] = {
        .name = "Flame-X or Ocean FX", OBP_16, .endpoints = &map_o,
        .n_sent = 2136, .n_pixels = 2136,
        .integration_us = { 6000, 10000000 }, .full_scale = 65535,
        .spectrum_message = SPECTRUM_CORRECTED,
    },
    [HDX] = {
        .name = "Ocean HDX", OBP_16, .endpoints = &map_o, .n_sent = 2068, .n_pixels = 2068,
        .integration_us = { 6000, 10000000 }, .full_scale = 65535,
        .spectrum_message = SPECTRUM_CORRECTED,
    },
    [STS] = {
        .name = "STS", OBP_16, .endpoints = &map_o, .n_sent = 1024, .n_pixels = 1024,
        .integration_us = { 10, 85000000 }, .full_scale = 16383, .spectrum_message = SPECTRUM_RAW,
    },
    [QE_PRO] = {
        .name = "QE Pro", OBP, .endpoints = &map_o, .n_sent = 1044, .n_pixels = 1044,
        .bytes_per_pixel = 4, .metadata_bytes = 32, .integration_us = { 8000, 1600000000 },
        .full_scale = (1u << 18) - 1, .spectrum_message = SPECTRUM_OLDEST, .is_buffered = TRUE,
        .dark_pixels = { { 0, 4 }, { 1040, 1044 } }, .n_dark_ranges = 2, .has_cooler = TRUE,
    },
    [SPARK] = {
        .name = "Spark", OBP_16, .endpoints = &map_o, .n_sent = 1024, .n_pixels = 1024,
        .integration_us = { 10, 85000000 }, .full_scale = 16383, .spectrum_message = SPECTRUM_RAW,
    },
    [VENTANA] = {
        .name = "Ventana", OBP_16, .endpoints = &map_v, .n_sent = 1024, .n_pixels = 1024,
        .integration_us = { 22000, 60000000 }, .full_scale = 65535,
        .spectrum_message = SPECTRUM_RAW,
    },
};
/* clang-format on */
G_STATIC_ASSERT(G_N_ELEMENTS(models) == N_MODELS);

const CelOceanModel *cel_ocean_model(guint16 vendor, guint16 product)
{
    for (gsize i = 0; i < N_MODELS; i++) {
        if (cel_ocean_usb_ids[i].vendor == vendor && cel_ocean_usb_ids[i].product == product)
            return &models[i];
    }
    return NULL;
}

gsize cel_ocean_frame_bytes(const CelOceanModel *model)
{
    const gsize sync = model->protocol == CEL_OCEAN_OOI && !model->no_sync ? 1 : 0;
    return model->metadata_bytes + (gsize)model->n_sent * model->bytes_per_pixel + sync;
}
