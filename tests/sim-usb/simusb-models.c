/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-fid.h"
#include "simusb-obp.h"
#include "simusb-ooi.h"

/* THE table of simulated USB units: public identities of the makers' products, so that the real
 * drivers take them; what they say of themselves is CELADON-SIM. Optics are those of the rows of
 * drivers/simulated, stretched over the pixels of the model. */

#define FID_MEMORY(version)                                                                        \
    .format = version, .model = "CELADON-SIM", .serial = "SIM-0001", .configuration = "SIM",       \
    .slit_um = 50, .startup_ms = 10, .gain = 1.9, .gain_odd = 1.9,                                 \
    .celsius_to_dac = {2000.0, -40.0, 0.0}, .adc_to_celsius = {60.0, -0.03, 0.0},                  \
    .integration_ms = {1, 60000}, .resolution_cm1 = 7.6

#define FID_LASER                                                                                  \
    .laser = TRUE, .power_percent = {0.0, 100.0 / 450.0, 0.0, 0.0}, .mw_max = 450.0, .mw_min = 5.0

static const SimFidDetails fid_785 = {
    .board = SIMFID_FX2,
    .optics = {.base = "785",
               .n_pixels = 1024,
               .saturation_counts = 65535,
               .full_scale = 65535,
               .setting_one_late = TRUE},
    .memory = {FID_MEMORY(15), FID_LASER, .detector = "S16011-11", .cooling = TRUE,
               .startup_celsius = 10, .celsius_max = 20, .celsius_min = 5},
};
static const SimFidDetails fid_785_feedback = {
    .board = SIMFID_FX2,
    .optics = {.base = "785",
               .n_pixels = 1024,
               .saturation_counts = 65535,
               .full_scale = 65535,
               .setting_one_late = TRUE},
    .memory = {FID_MEMORY(15), FID_LASER, .detector = "S16011-11", .cooling = TRUE,
               .features = 0x40, .startup_celsius = 10, .celsius_max = 20, .celsius_min = 5},
};
static const SimFidDetails fid_532 = {
    .board = SIMFID_FX2,
    .optics = {.base = "532",
               .n_pixels = 2048,
               .saturation_counts = 65535,
               .full_scale = 65535,
               .setting_one_late = TRUE},
    .memory = {FID_MEMORY(15), .laser = TRUE, .power_percent = {0.0, 2.0, 0.0, 0.0}, .mw_max = 50.0,
               .mw_min = 1.0, .detector = "S11511-11", .startup_celsius = 15, .celsius_max = 20,
               .celsius_min = 10},
};
static const SimFidDetails fid_1064 = {
    .board = SIMFID_FX2_INGAAS,
    .optics = {.base = "1064",
               .n_pixels = 512,
               .saturation_counts = 65535,
               .full_scale = 65535,
               .setting_one_late = TRUE},
    .memory = {FID_MEMORY(15), FID_LASER, .detector = "G9214", .cooling = TRUE, .features = 0x10,
               .startup_celsius = -15, .celsius_max = 0, .celsius_min = -20},
};
static const SimFidDetails fid_xs = {
    .board = SIMFID_XS,
    .optics = {.base = "785",
               .n_pixels = 1952,
               .saturation_counts = 65535,
               .full_scale = 65535,
               .setting_one_late = TRUE},
    .memory = {FID_MEMORY(19), FID_LASER, .detector = "IMX385", .battery = TRUE, .features = 0x20,
               .watchdog_s = 10, .attenuator = 40, .celsius_max = 50, .celsius_min = 5},
};

static const SimOoiDetails usb2000plus = {
    .optics = {.base = "785", .n_pixels = 2048, .saturation_counts = 58000, .full_scale = 58000},
    .integration_us = 1,
    .saturation = SIMOOI_AT_6_U16,
    .saturation_value = 58000,
    .fpga = 0x2010,
    .commands_in = 0x81,
    .spectra_in = 0x82,
};
static const SimOoiDetails usb4000 = {
    .optics = {.base = "785",
               .n_pixels = 3840,
               .saturation_counts = 54000,
               .full_scale = 54000,
               .setting_one_late = TRUE},
    .integration_us = 1,
    .split = TRUE,
    .saturation = SIMOOI_AT_6_U16,
    .saturation_value = 54000,
    .fpga = 0x3010,
    .commands_in = 0x81,
    .spectra_in = 0x82,
    .split_in = 0x86,
};
static const SimOoiDetails usb4000_full_speed = {
    .optics = {.base = "785",
               .n_pixels = 3840,
               .saturation_counts = 54000,
               .full_scale = 54000,
               .setting_one_late = TRUE},
    .integration_us = 1,
    .saturation = SIMOOI_AT_6_U16,
    .saturation_value = 54000,
    .fpga = 0x3010,
    .commands_in = 0x81,
    .spectra_in = 0x81,
};
static const SimOoiDetails hr4000 = {
    .optics = {.base = "785", .n_pixels = 3840, .saturation_counts = 16383, .full_scale = 16383},
    .integration_us = 1,
    .split = TRUE,
    .flipped_bits = 0x2000,
    .fpga = 0x2010,
    .commands_in = 0x81,
    .spectra_in = 0x82,
    .split_in = 0x86,
};
static const SimOoiDetails qe65000 = {
    .optics = {.base = "785",
               .n_pixels = 1280,
               .saturation_counts = 65535,
               .full_scale = 65535,
               .first_index = -10,
               .dark = {0, 3, 1040, 1043},
               .setting_one_late = TRUE},
    .integration_us = 1000,
    .flipped_bits = 0x8000,
    .fpga = 0x2010,
    .cooled = TRUE,
    .commands_in = 0x81,
    .spectra_in = 0x82,
};
static const SimOoiDetails maya2000pro = {
    .optics = {.base = "785",
               .n_pixels = 2304,
               .saturation_counts = 64000,
               .full_scale = 64000,
               .dark = {0, 3, 2064, 2067}},
    .integration_us = 1,
    .saturation = SIMOOI_AT_2_U16,
    .saturation_value = 64000,
    .fpga = 0x2010,
    .commands_in = 0x81,
    .spectra_in = 0x82,
};
static const SimOoiDetails nirquest512 = {
    .optics = {.base = "1064", .n_pixels = 512, .saturation_counts = 60000, .full_scale = 60000},
    .integration_us = 1000,
    .flipped_bits = 0x8000,
    .saturation = SIMOOI_AT_6_U32,
    .saturation_value = 60000,
    .fpga = 0x2010,
    .cooled = TRUE,
    .commands_in = 0x81,
    .spectra_in = 0x82,
};
static const SimOoiDetails flame_nir = {
    .optics = {.base = "1064", .n_pixels = 128, .saturation_counts = 65535, .full_scale = 65535},
    .integration_us = 1,
    .fpga = 0x3010,
    .no_sync = TRUE,
    .commands_in = 0x81,
    .spectra_in = 0x82,
};
static const SimOoiDetails usb2000 = {
    .optics = {.base = "785", .n_pixels = 2048, .saturation_counts = 4095, .full_scale = 4095},
    .integration_us = 1000,
    .shuffled = TRUE,
    .commands_in = 0x87,
    .spectra_in = 0x82,
};

static const SimOoiDetails hr2000 = {
    .optics = {.base = "532", .n_pixels = 2048, .saturation_counts = 4095, .full_scale = 4095},
    .integration_us = 1000,
    .shuffled = TRUE,
    .commands_in = 0x87,
    .spectra_in = 0x82,
};
static const SimOoiDetails hr2000plus = {
    .optics = {.base = "532", .n_pixels = 2048, .saturation_counts = 16383, .full_scale = 16383},
    .integration_us = 1,
    .flipped_bits = 0x2000,
    .fpga = 0x2010,
    .commands_in = 0x81,
    .spectra_in = 0x82,
};
static const SimOoiDetails nirquest256 = {
    .optics = {.base = "1064", .n_pixels = 256, .saturation_counts = 60000, .full_scale = 60000},
    .integration_us = 1000,
    .flipped_bits = 0x8000,
    .saturation = SIMOOI_AT_6_U32,
    .saturation_value = 60000,
    .fpga = 0x2010,
    .cooled = TRUE,
    .commands_in = 0x81,
    .spectra_in = 0x82,
};
static const SimOoiDetails maya2000 = {
    .optics = {.base = "785",
               .n_pixels = 2304,
               .saturation_counts = 65535,
               .full_scale = 65535,
               .dark = {0, 7, 2072, 2079}},
    .integration_us = 1,
    .fpga = 0x2010,
    .commands_in = 0x81,
    .spectra_in = 0x82,
};
static const SimOoiDetails apex = {
    .optics = {.base = "785",
               .n_pixels = 2304,
               .saturation_counts = 64000,
               .full_scale = 64000,
               .dark = {0, 3, 2064, 2067}},
    .integration_us = 1,
    .saturation = SIMOOI_AT_2_U16,
    .saturation_value = 64000,
    .fpga = 0x2010,
    .commands_in = 0x81,
    .spectra_in = 0x82,
};
static const SimOoiDetails jaz = {
    .optics = {.base = "532", .n_pixels = 2048, .saturation_counts = 65535, .full_scale = 65535},
    .integration_us = 1,
    .no_sync = TRUE,
    .commands_in = 0x81,
    .spectra_in = 0x82,
};

static const SimObpDetails hdx = {
    .optics = {.base = "532", .n_pixels = 2068, .saturation_counts = 65535, .full_scale = 65535},
    .name = "HDX",
    .spectrum_type = 0x00101000,
    .pixel_bytes = 2,
    .integration_us = {6000, 10000000},
    .in = 0x81,
};
static const SimObpDetails qepro = {
    .optics = {.base = "785",
               .n_pixels = 1044,
               .saturation_counts = 262143,
               .full_scale = 262143,
               .dark = {0, 3, 1040, 1043}},
    .name = "QEPRO",
    .spectrum_type = 0x00100928,
    .metadata_bytes = 32,
    .pixel_bytes = 4,
    .buffered = TRUE,
    .cooled = TRUE,
    .integration_us = {8000, 1600000000},
    .in = 0x81,
};
static const SimObpDetails sts = {
    .optics = {.base = "785", .n_pixels = 1024, .saturation_counts = 16383, .full_scale = 16383},
    .name = "STS",
    .spectrum_type = 0x00101100,
    .pixel_bytes = 2,
    .free_running = TRUE,
    .integration_us = {10, 85000000},
    .in = 0x81,
};
static const SimObpDetails flame_x = {
    .optics = {.base = "785", .n_pixels = 2136, .saturation_counts = 65535, .full_scale = 65535},
    .name = "FLAMEX",
    .spectrum_type = 0x00101000,
    .pixel_bytes = 2,
    .integration_us = {6000, 10000000},
    .in = 0x81,
};
static const SimObpDetails spark = {
    .optics = {.base = "785", .n_pixels = 1024, .saturation_counts = 16383, .full_scale = 16383},
    .name = "SPARK",
    .spectrum_type = 0x00101100,
    .pixel_bytes = 2,
    .free_running = TRUE,
    .integration_us = {10, 85000000},
    .in = 0x81,
};
static const SimObpDetails ventana = {
    .optics = {.base = "785", .n_pixels = 1024, .saturation_counts = 65535, .full_scale = 65535},
    .name = "VENTANA",
    .spectrum_type = 0x00101100,
    .pixel_bytes = 2,
    .integration_us = {22000, 60000000},
    .in = 0x82,
};

#define FID(name, pid, what, ...)                                                                  \
    {                                                                                              \
        .id = name, .vendor = 0x24AA, .product = pid, .family = &simusb_family_fid,                \
        .details = &(what), .in = {0x82, 0x86}, __VA_ARGS__                                        \
    }
#define OCEAN(name, pid, family_of, what, ...)                                                     \
    {                                                                                              \
        .id = name, .vendor = 0x2457, .product = pid, .family = &simusb_family_##family_of,        \
        .details = &(what), __VA_ARGS__                                                            \
    }
#define MAP_A .out = {0x01}, .in = {0x81, 0x82, 0x86}
#define MAP_J .out = {0x01}, .in = {0x81, 0x82}
#define MAP_L .out = {0x02}, .in = {0x87, 0x82}
#define MAP_O .out = {0x01}, .in = {0x81}
#define MAP_V .out = {0x01}, .in = {0x82}

static const SimUsbModel models[] = {
    FID("wasatch-785", 0x1000, fid_785, .own_supply = TRUE),
    FID("wasatch-785-interlock", 0x1000, fid_785_feedback, .own_supply = TRUE),
    FID("wasatch-532", 0x1000, fid_532, .own_supply = TRUE),
    FID("wasatch-1064", 0x2000, fid_1064, .own_supply = TRUE),
    FID("wasatch-xs", 0x4000, fid_xs, .own_supply = FALSE),
    OCEAN("usb2000plus", 0x101E, ooi, usb2000plus, MAP_A),
    OCEAN("usb4000", 0x1022, ooi, usb4000, MAP_A),
    OCEAN("usb4000-full-speed", 0x1022, ooi, usb4000_full_speed, MAP_A, .full_speed = TRUE),
    OCEAN("hr4000", 0x1012, ooi, hr4000, MAP_A),
    OCEAN("qe65000", 0x1018, ooi, qe65000, MAP_A),
    OCEAN("maya2000pro", 0x102A, ooi, maya2000pro, MAP_A),
    OCEAN("nirquest512", 0x1026, ooi, nirquest512, MAP_A),
    OCEAN("flame-nir", 0x104B, ooi, flame_nir, MAP_A),
    OCEAN("hr2000", 0x100A, ooi, hr2000, MAP_L, .full_speed = TRUE),
    OCEAN("hr2000plus", 0x1016, ooi, hr2000plus, MAP_A),
    OCEAN("nirquest256", 0x1028, ooi, nirquest256, MAP_A),
    OCEAN("maya2000", 0x102C, ooi, maya2000, MAP_A),
    OCEAN("torus", 0x1040, ooi, usb2000plus, MAP_A),
    OCEAN("apex", 0x1044, ooi, apex, MAP_A),
    OCEAN("jaz", 0x2000, ooi, jaz, MAP_J),
    OCEAN("usb2000", 0x1002, ooi, usb2000, MAP_L, .full_speed = TRUE),
    OCEAN("qepro", 0x4004, obp, qepro, MAP_O),
    OCEAN("sts", 0x4000, obp, sts, MAP_O, .full_speed = TRUE),
    OCEAN("flame-x", 0x2001, obp, flame_x, MAP_A),
    OCEAN("hdx", 0x2003, obp, hdx, MAP_A),
    OCEAN("spark", 0x4200, obp, spark, MAP_O, .full_speed = TRUE),
    OCEAN("ventana", 0x5000, obp, ventana, MAP_V),
};

const SimUsbModel *simusb_models(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(models);
    return models;
}
