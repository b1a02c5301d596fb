/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plays every recording in this folder to its driver and compares what the driver makes of it with
 * the text beside it; README.md describes the files.
 *   run-replay                     all cases, as a test
 *   run-replay DRIVER CASE         prints what the driver makes of one case
 */
#include "base/cel-error.h"
#include "base/cel-number.h"
#include "cel-drivers.h"
#include "transport-replay.h"

#include <stdio.h>
#include <string.h>

/* One case being played. */
typedef struct {
    const CelDriver *driver;
    CelBus *bus;
    CelSession *session; /* NULL: not open */
    GString *out;
} Play;

typedef struct {
    const CelDriver *driver;
    char *name; /* of the case, without ending */
} Case;

static char *read_text(const char *driver, const char *name, const char *ending)
{
    g_autofree char *leaf = g_strconcat(name, ending, NULL);
    g_autofree char *path =
        g_build_filename(g_getenv("CELADON_SOURCE"), "tests", "replay", driver, leaf, NULL);
    char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return text;
}

/* ---- what is printed ---- */

static void print_failure(Play *play, const GError *error)
{
    static const char *const words[] = {"usage",  "input",  "unit",   "numeric",
                                        "system", "device", "policy", "cancelled"};
    const char *word = error->domain == CEL_ERROR ? words[error->code] : "foreign";
    g_string_append_printf(play->out, "failed: %s: %s\n", word, error->message);
}

static void print_text(Play *play, const char *key, const char *text)
{
    if (text[0] != '\0')
        g_string_append_printf(play->out, "%s: %s\n", key, text);
}

static void print_figure(Play *play, const char *key, double value)
{
    if (value < 0.0 || value > 0.0)
        g_string_append_printf(play->out, "%s: %.9g\n", key, value);
}

static void print_instrument(Play *play)
{
    CelInstrument instrument = {0};
    CelCalibration calibration = {0};
    play->driver->describe(play->session, &instrument, &calibration);
    print_text(play, "vendor", instrument.vendor);
    print_text(play, "model", instrument.model);
    print_text(play, "serial", instrument.serial);
    print_text(play, "firmware", instrument.firmware);
    print_text(play, "detector", instrument.detector);
    print_text(play, "simulated", instrument.simulated ? "yes" : "");
    print_figure(play, "range from cm-1", instrument.range_cm1[0]);
    print_figure(play, "range to cm-1", instrument.range_cm1[1]);
    print_figure(play, "saturation counts", instrument.saturation_counts);
    print_figure(play, "laser nm", calibration.laser_nm);
    for (guint i = 0; i < calibration.n_coefficients; i++)
        g_string_append_printf(play->out, "nm per pixel^%u: %.9g\n", i,
                               calibration.coefficients[i]);
}

static void print_capabilities(Play *play)
{
    static const char *const kinds[] = {"built in", "external", "none"};
    CelCapabilities c = {0};
    if (play->driver->capabilities == NULL)
        return;
    play->driver->capabilities(play->session, &c);
    print_text(play, "laser", kinds[c.laser]);
    print_text(play, "laser class", c.laser_class);
    if (c.laser_mw_settable)
        g_string_append_printf(play->out, "laser mW: %.9g to %.9g, %.9g\n", c.laser_mw_min,
                               c.laser_mw_max, c.laser_mw_default);
    print_figure(play, "laser delay ms", c.laser_delay_ms);
    print_figure(play, "laser warm-up ms", c.laser_warmup_ms);
    print_figure(play, "watchdog s", c.watchdog_max_s);
    print_text(play, "interlock", c.interlock_readable ? "readable" : "");
    for (guint i = 0; i < c.n_bad_pixels; i++)
        g_string_append_printf(play->out, "bad pixel: %u\n", c.bad_pixels[i]);
    for (guint i = 0; i < c.n_dark_ranges; i++)
        g_string_append_printf(play->out, "dark pixels: %u to before %u\n", c.dark_pixels[i][0],
                               c.dark_pixels[i][1]);
    for (guint i = 0; i < c.n_nonlinearity; i++)
        g_string_append_printf(play->out, "non-linearity %u: %.9g\n", i, c.nonlinearity[i]);
}

static void print_state(Play *play, CelLaserState state)
{
    print_text(play, "laser", cel_laser_state_text(state));
}

static void print_frame(Play *play, const double *counts, gsize n, guint64 number)
{
    double sum = 0.0;
    gsize top = 0;
    for (gsize i = 0; i < n; i++) {
        sum += counts[i];
        top = counts[i] > counts[top] ? i : top;
    }
    if (number != CEL_FRAME_NUMBER_NONE)
        g_string_append_printf(play->out, "frame: %" G_GUINT64_FORMAT "\n", number);
    g_string_append_printf(play->out,
                           "counts: %.9g %.9g %.9g ... %.9g, sum %.12g, most %.9g at %zu\n",
                           counts[0], counts[1], counts[2], counts[n - 1], sum, counts[top], top);
}

/* ---- what can be done ---- */

static double number_at(char **words, guint i)
{
    double value = 0.0;
    if (i < g_strv_length(words) && !cel_number_parse(words[i], strlen(words[i]), '.', &value))
        g_error("not a number: %s", words[i]);
    return value;
}

static void do_open(Play *play, char **words)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) infos = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
    g_autoptr(CelParams) params = cel_params_new(play->driver->params, play->driver->n_params);
    if (words[1] != NULL && !cel_params_parse(params, words[1], &error))
        g_error("%s", error->message);
    cel_usb_scan(play->driver, play->bus, infos);
    if (infos->len == 0)
        g_error("the recorded device is not in the driver's table of ids");
    const CelOpening opening = {
        .info = &g_array_index(infos, CelDeviceInfo, 0), .params = params, .bus = play->bus};
    play->session = play->driver->open(&opening, &error);
    if (play->session == NULL) {
        print_failure(play, error);
        return;
    }
    double min_ms = 0.0, max_ms = 0.0;
    print_instrument(play);
    print_capabilities(play);
    play->driver->integration_range(play->session, &min_ms, &max_ms);
    g_string_append_printf(play->out, "pixels: %zu\nintegration ms: %.9g to %.9g\n",
                           play->driver->n_pixels(play->session), min_ms, max_ms);
}

static void do_expose(Play *play, char **words)
{
    g_autoptr(GError) error = NULL;
    guint64 number = 0;
    const gsize n = play->driver->n_pixels(play->session);
    g_autofree double *counts = g_new0(double, MAX(n, 3));
    const CelExposure exposure = {.integration_ms = number_at(words, 1),
                                  .laser_on = g_strcmp0(words[2], "laser") == 0};
    if (play->driver->expose(play->session, &exposure, counts, &number, NULL, &error))
        print_frame(play, counts, n, number);
    else
        print_failure(play, error);
}

static void print_ended(Play *play, gboolean ok, const GError *error)
{
    if (ok)
        g_string_append(play->out, "done\n");
    else
        print_failure(play, error);
}

static void do_drain(Play *play, char **words)
{
    (void)words;
    g_autoptr(GError) error = NULL;
    const gboolean ok = play->driver->drain(play->session, NULL, &error);
    print_ended(play, ok, error);
}

static void do_arm(Play *play, char **words)
{
    g_autoptr(GError) error = NULL;
    const CelLaserRequest request = {.laser_mw = number_at(words, 1),
                                     .longest_ms = (guint)number_at(words, 2)};
    const gboolean ok = play->driver->laser_arm(play->session, &request, &error);
    print_ended(play, ok, error);
}

static void do_on(Play *play, char **words)
{
    (void)words;
    g_autoptr(GError) error = NULL;
    const gboolean ok = play->driver->laser_on(play->session, NULL, &error);
    print_ended(play, ok, error);
}

static void do_off(Play *play, char **words)
{
    (void)words;
    print_state(play, play->driver->laser_off(play->session, NULL));
}

static void do_laser(Play *play, char **words)
{
    (void)words;
    print_state(play, play->driver->laser(play->session));
}

static void do_temperature(Play *play, char **words)
{
    (void)words;
    double celsius = 0.0;
    if (play->driver->temperature(play->session, NULL, &celsius))
        g_string_append_printf(play->out, "celsius: %.9g\n", celsius);
    else
        g_string_append(play->out, "celsius: not known\n");
}

static void do_gone(Play *play, char **words)
{
    (void)words;
    print_text(play, "gone", play->driver->is_gone(play->session) ? "yes" : "no");
}

static void print_setup(Play *play, const char *key, const CelControl *setup)
{
    g_string_append_printf(play->out, "%s: %02x %02x %04x %04x\n", key, setup->request_type,
                           setup->request, setup->value, setup->index);
}

static void do_gate(Play *play, char **words)
{
    (void)words;
    CelLaserGate gate = {0};
    play->driver->laser_gate(play->session, &gate);
    if (gate.is_bulk)
        g_string_append_printf(play->out, "gate: bulk %02x, %zu bytes\n", gate.endpoint, gate.n);
    else
        print_setup(play, "gate", &gate.control);
    if (gate.read_back.request_type != 0)
        print_setup(play, "read back", &gate.read_back);
}

static void do_close(Play *play, char **words)
{
    (void)words;
    play->driver->close(play->session);
    play->session = NULL;
}

static const struct {
    const char *word;
    void (*run)(Play *play, char **words);
} actions[] = {
    {"open", do_open},   {"expose", do_expose}, {"drain", do_drain},
    {"arm", do_arm},     {"on", do_on},         {"off", do_off},
    {"laser", do_laser}, {"gone", do_gone},     {"temperature", do_temperature},
    {"close", do_close}, {"gate", do_gate},
};

static void act(Play *play, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line + 2, " ", -1);
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
        if (g_strcmp0(words[0], actions[i].word) != 0)
            continue;
        if (i > 0 && play->session == NULL)
            g_error("\"%s\" before a successful \"> open\"", line);
        g_string_append_printf(play->out, "%s\n", line);
        actions[i].run(play, words);
        return;
    }
    g_error("there is no action \"%s\"", line);
}

/* ---- a case ---- */

/* Returns: what the driver makes of it: the actions of @expect, each with its outcome. */
static char *play_case(const Case *one, const char *expect)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *script = read_text(one->driver->id, one->name, ".exchange");
    g_autoptr(CelBus) bus = cel_bus_replay_new(script, strlen(script), &error);
    g_assert_no_error(error);
    Play play = {.driver = one->driver, .bus = bus, .out = g_string_new(NULL)};
    g_auto(GStrv) lines = g_strsplit(expect, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++)
        if (g_str_has_prefix(lines[i], "> "))
            act(&play, lines[i]);
    if (play.session != NULL)
        do_close(&play, NULL);
    g_autofree char *failure = cel_bus_replay_failure(bus);
    const guint left = cel_bus_replay_left(bus);
    if (failure != NULL)
        g_string_append_printf(play.out, "OFF SCRIPT: %s\n", failure);
    else if (left != 0)
        g_string_append_printf(play.out, "NOT ASKED FOR: line %u and what follows\n", left);
    return g_string_free(play.out, FALSE);
}

static char *without_comments(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *kept = g_string_new(NULL);
    for (gsize i = 0; lines[i] != NULL; i++)
        if (lines[i][0] != '#' && lines[i][0] != '\0')
            g_string_append_printf(kept, "%s\n", lines[i]);
    return g_string_free(kept, FALSE);
}

static void the_driver_makes_of_it_what_is_expected(gconstpointer data)
{
    const Case *one = data;
    g_autofree char *expect = read_text(one->driver->id, one->name, ".expect");
    g_autofree char *wanted = without_comments(expect);
    g_autofree char *seen = play_case(one, expect);
    g_auto(GStrv) wanted_lines = g_strsplit(wanted, "\n", -1);
    g_auto(GStrv) seen_lines = g_strsplit(seen, "\n", -1);
    for (gsize i = 0; wanted_lines[i] != NULL; i++)
        g_assert_cmpstr(seen_lines[i], ==, wanted_lines[i]); /* the first that differs */
    g_assert_cmpstr(seen, ==, wanted);
}

/* ---- all cases ---- */

static void case_free(gpointer data)
{
    Case *one = data;
    g_free(one->name);
    g_free(one);
}

static void there_is_at_least_one_recording(gconstpointer data)
{
    g_test_fail_printf("there is no recording in tests/replay/%s", (const char *)data);
}

static guint add_cases(const CelDriver *driver)
{
    guint n = 0;
    g_autofree char *folder =
        g_build_filename(g_getenv("CELADON_SOURCE"), "tests", "replay", driver->id, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *leaf;
    while (dir != NULL && (leaf = g_dir_read_name(dir)) != NULL) {
        if (!g_str_has_suffix(leaf, ".exchange"))
            continue;
        Case *one = g_new0(Case, 1);
        one->driver = driver;
        one->name = g_strndup(leaf, strlen(leaf) - strlen(".exchange"));
        g_autofree char *path = g_strdup_printf("/replay/%s/%s", driver->id, one->name);
        g_test_add_data_func_full(path, one, the_driver_makes_of_it_what_is_expected, case_free);
        n++;
    }
    return n;
}

static void add_driver(const CelDriver *driver)
{
    if (driver->n_usb_ids == 0 || add_cases(driver) > 0)
        return;
    g_autofree char *path = g_strdup_printf("/replay/%s/has-a-recording", driver->id);
    g_test_add_data_func(path, driver->id, there_is_at_least_one_recording);
}

static const CelDriver *find_driver(const CelDriverTable *table, const char *id)
{
    for (gsize i = 0; i < table->n; i++)
        if (strcmp(table->drivers[i]->id, id) == 0)
            return table->drivers[i];
    g_error("there is no driver %s", id);
}

static void every_folder_belongs_to_a_driver(void)
{
    const CelDriverTable table = cel_drivers(NULL);
    g_autofree char *folder = g_build_filename(g_getenv("CELADON_SOURCE"), "tests", "replay", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *leaf;
    while ((leaf = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, leaf, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            g_assert_nonnull(find_driver(&table, leaf));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    const CelDriverTable table = cel_drivers(NULL);
    if (argc == 3) {
        Case one = {find_driver(&table, argv[1]), argv[2]};
        g_autofree char *expect = read_text(argv[1], argv[2], ".expect");
        g_autofree char *seen = play_case(&one, expect);
        fputs(seen, stdout);
        return 0;
    }
    g_test_add_func("/replay/every-folder-belongs-to-a-driver", every_folder_belongs_to_a_driver);
    for (gsize i = 0; i < table.n; i++)
        add_driver(table.drivers[i]);
    return g_test_run();
}
