/*
 * The daemon: starting a rig, its main loop, and its end; see daemon.h.
 *
 * One thread does everything.  While a run is active it alternates between one
 * step of the run and one turn of the main loop, so that clients, monitors and
 * the machines' ends are seen within milliseconds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "daemon.h"
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "commands.h"
#include "trace.h"
#include "version.h"

/* Host time between two times at which files are brought up to date in a run. */
#define SYNC_US (200 * 1000)

static const ControlOps control_ops = {.line = commands_line, .gone = commands_gone};

/* ---- what the tap sees ---- */

static void frame_seen(gpointer opaque, Frames *frames, const Frame *frame)
{
    Daemon *daemon = opaque;

    if (daemon->record) {
        record_frame(daemon->record, frames, frame);
    }
}

static void symbol_seen(gpointer opaque, TapStream *stream, const TapSymbol *symbol)
{
    Daemon *daemon = opaque;
    guint number = 0;

    if (stream->wire < daemon->links->len) {
        Frames *frames = g_ptr_array_index(daemon->links, stream->wire);
        FrameDirection *direction = frames_direction(frames, stream->end, stream->injected);

        number = (guint)(direction - frames->direction);
        frames_symbol(frames, direction, symbol);
    }
    if (daemon->record) {
        record_symbol(daemon->record, stream, symbol, number);
    }
}

double daemon_take(Daemon *daemon)
{
    double symbols = (double)tap_take(daemon->tap) / WIRE_RING_SYMBOLS;
    double edges = (double)pins_take(daemon->pins) / WIRE_RING_EDGES;

    return MAX(symbols, edges);
}

void daemon_process(Daemon *daemon, gint64 now_ns)
{
    GError *error = NULL;

    tap_process(daemon->tap, now_ns);
    daemon->now_ns = now_ns;
    if (daemon->record && !record_good(daemon->record, &error)) {
        daemon_fail(daemon, error);
    }
}

/* ---- records ---- */

JsonObject *daemon_statistics(const Daemon *daemon)
{
    JsonObject *object = json_object_new();

    for (guint i = 0; i < daemon->links->len; i++) {
        const Frames *frames = g_ptr_array_index(daemon->links, i);
        JsonObject *directions = json_object_new();

        for (guint d = 0; d < FRAME_DIRECTIONS; d++) {
            json_object_set_object_member(directions, frames->direction[d].name,
                                          frames_statistics(&frames->direction[d]));
        }
        json_object_set_object_member(object, frames->name, directions);
    }
    return object;
}

/* As run.json says it; @other: nothing has gone wrong. */
static const char *reason(const Daemon *daemon, const char *other)
{
    if (!daemon->failure) {
        return other;
    }
    return g_error_matches(daemon->failure, MEWS_ERROR, MEWS_ERROR_RECORDING_FAILED)
               ? RECORD_NOT_WHOLE
               : RECORD_FAILED;
}

static void with_state(Daemon *daemon, const char *reason,
                       void (*func)(Record *record, const RecordState *state))
{
    g_autoptr(JsonObject) statistics = daemon_statistics(daemon);
    g_autofree char *hash = trace_hash(daemon->tap, daemon->pins, NULL);
    RecordState state = {
        .time_ns = daemon->now_ns,
        .hash = hash,
        .reason = reason,
        .message = daemon->failure ? daemon->failure->message : NULL,
        .statistics = statistics,
    };

    func(daemon->record, &state);
}

void daemon_record_state(Daemon *daemon)
{
    if (daemon->record) {
        with_state(daemon, reason(daemon, "running"), record_state);
    }
}

static JsonArray *image_heads(const Machine *machine)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; i < machine->load->images->len; i++) {
        const Image *image = g_ptr_array_index(machine->load->images, i);
        const RigImage *rig = rig_image(machine->rig, i);
        g_autofree char *file = g_canonicalize_filename(image->path, NULL);
        JsonObject *object = json_object_new();

        json_object_set_string_member(object, "file", file);
        json_object_set_string_member(object, "sha256", image->sha256);
        if (rig->raw) {
            json_object_set_int_member(object, "at", rig->at);
        }
        json_array_add_object_element(array, object);
    }
    return array;
}

/* What was there before the images; "sha256" is missing: a new part's. */
static JsonObject *kept_head(const Machine *machine, Kept kept)
{
    g_autofree char *file = g_canonicalize_filename(machine->rig->kept[kept].path, NULL);
    JsonObject *object = json_object_new();

    json_object_set_string_member(object, "file", file);
    if (machine->load->kept[kept].sha256) {
        json_object_set_string_member(object, "sha256", machine->load->kept[kept].sha256);
    }
    return object;
}

/* What its inertial sensor feels. */
static JsonObject *imu_head(const Machine *machine)
{
    g_autofree char *file = g_canonicalize_filename(machine->rig->imu_samples, NULL);
    JsonObject *object = json_object_new();

    json_object_set_string_member(object, "file", file);
    json_object_set_string_member(object, "sha256", machine->load->imu_sha256);
    return object;
}

static JsonObject *machine_head(const Machine *machine)
{
    g_autoptr(GPtrArray) licences = model_licences(machine->rig->model, machine->rig->properties);
    JsonObject *object = json_object_new();
    g_autofree char *icount = model_icount(machine->rig->model, machine->rig->cycles_percent);
    JsonArray *unfaithful = json_array_new();

    for (guint i = 0; i < licences->len; i++) {
        json_array_add_string_element(unfaithful, g_ptr_array_index(licences, i));
    }
    json_object_set_string_member(object, "name", machine->rig->name);
    json_object_set_string_member(object, "model", machine->rig->model->name);
    json_object_set_array_member(object, "images", image_heads(machine));
    for (Kept k = 0; k < KEPT_COUNT; k++) {
        if (machine->rig->kept[k].path) {
            json_object_set_object_member(object, kept_info[k].name, kept_head(machine, k));
        }
    }
    if (machine->rig->imu_samples) {
        json_object_set_object_member(object, "imu", imu_head(machine));
    }
    json_object_set_array_member(object, "unfaithful", unfaithful);
    json_object_set_string_member(object, "icount", icount);
    return object;
}

static JsonObject *versions(const Daemon *daemon)
{
    JsonObject *object = json_object_new();
    const Machine *first = g_ptr_array_index(daemon->machines, 0);
    g_autoptr(JsonNode) answer = qmp_call(first->qmp, "query-version", NULL, NULL);
    JsonObject *version =
        answer ? json_object_get_object_member(json_node_get_object(answer), "qemu") : NULL;

    json_object_set_string_member(object, "mews", MEWS_VERSION);
    json_object_set_int_member(object, "wire_abi", WIRE_ABI_VERSION);
    if (version) {
        g_autofree char *text =
            g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT,
                            json_object_get_int_member(version, "major"),
                            json_object_get_int_member(version, "minor"),
                            json_object_get_int_member(version, "micro"));

        json_object_set_string_member(object, "qemu", text);
    }
    return object;
}

/* What run.json says at its beginning; NULL and @error when the rig file is gone. */
static JsonObject *run_head(const Daemon *daemon, GError **error)
{
    g_autofree char *sha256 = image_sha256(daemon->rig->path, error);
    g_autofree char *path = g_canonicalize_filename(daemon->rig->path, NULL);
    JsonArray *machines;
    JsonObject *head, *rig;

    if (!sha256) {
        return NULL;
    }
    machines = json_array_new();
    for (guint i = 0; i < daemon->machines->len; i++) {
        json_array_add_object_element(machines,
                                      machine_head(g_ptr_array_index(daemon->machines, i)));
    }
    rig = json_object_new();
    json_object_set_string_member(rig, "name", daemon->rig->name);
    json_object_set_string_member(rig, "file", path);
    json_object_set_string_member(rig, "sha256", sha256);
    json_object_set_int_member(rig, "quantum_ns", daemon->rig->quantum_ns);
    head = json_object_new();
    json_object_set_object_member(head, "rig", rig);
    json_object_set_array_member(head, "machines", machines);
    json_object_set_object_member(head, "versions", versions(daemon));
    json_object_set_string_member(head, "emulator", daemon->options.qemu);
    return head;
}

/* ---- failing ---- */

void daemon_fail(Daemon *daemon, GError *failure)
{
    if (daemon->failure) {
        g_error_free(failure);
        return;
    }
    daemon->failure = failure;
    g_printerr("linkd: %s\n", failure->message);
    /* what was said before the end is evidence, wherever each machine was */
    daemon_take(daemon);
    tap_process(daemon->tap, WIRE_NS_NEVER);
    for (unsigned m = 0; m < daemon->shm.rig->machine_count; m++) {
        daemon->now_ns = MAX(daemon->now_ns, atomic_load(&daemon->shm.rig->machine[m].now_ns));
    }
    /* a debugger may look at them as long as it is there */
    for (guint i = 0; i < daemon->machines->len && !daemon->options.gdb; i++) {
        machine_end(g_ptr_array_index(daemon->machines, i));
    }
    daemon_record_state(daemon);
    run_fail(daemon, daemon->failure);
}

static void machine_failed(gpointer opaque, Machine *machine, const char *why)
{
    (void)machine;
    daemon_fail(opaque, g_error_new_literal(MEWS_ERROR, MEWS_ERROR_RIG_FAILED, why));
}

/* ---- starting ---- */

static gboolean check_images(Daemon *daemon, GError **error)
{
    for (unsigned i = 0; i < daemon->rig->machines->len; i++) {
        const RigMachine *rig = rig_machine(daemon->rig, i);
        Machine *machine = machine_new(rig, daemon->options.flash_from, error);

        if (!machine) {
            return FALSE;
        }
        g_ptr_array_add(daemon->machines, machine);
    }
    if (!g_file_test(daemon->options.qemu, G_FILE_TEST_IS_EXECUTABLE)) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN,
                         "no emulator at %s (build it with 'make emu')", daemon->options.qemu);
    }
    return TRUE;
}

static gboolean copy_kept(const Daemon *daemon, const Machine *machine, Kept kept, GError **error)
{
    g_autofree char *path = kept_copy(daemon->folder, machine->rig->name, kept);
    g_autoptr(GError) why = NULL;
    gconstpointer content;
    gsize size;

    if (!machine->load->kept[kept].content) {
        g_unlink(path); /* of a run that is overwritten */
        return TRUE;
    }
    content = g_bytes_get_data(machine->load->kept[kept].content, &size);
    return g_file_set_contents(path, content, (gssize)size, &why) ||
           mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s", why->message);
}

/* What a replay needs: the files will have changed by then. */
static gboolean copy_files(const Daemon *daemon, const Machine *machine, GError **error)
{
    for (Kept k = 0; daemon->folder && k < KEPT_COUNT; k++) {
        if (!copy_kept(daemon, machine, k, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean start_machine(Daemon *daemon, guint index, GError **error)
{
    Machine *machine = g_ptr_array_index(daemon->machines, index);
    const char *name = machine->rig->name;
    g_autofree char *log =
        daemon->folder ? g_strdup_printf("%s/%s.stderr.log", daemon->folder, name) : NULL;
    g_autofree char *guest =
        daemon->folder ? g_strdup_printf("%s/%s.guest.log", daemon->folder, name) : NULL;
    g_autofree char *gdb =
        daemon->options.gdb ? g_strdup_printf("%s/%s.gdb", daemon->folder, name) : NULL;
    Accesses *accesses = g_ptr_array_index(daemon->accesses, index);
    MachineStart start = {
        .qemu = daemon->options.qemu,
        .shm_fd = daemon->shm.fd,
        .stderr_log = log,
        .guest_log = guest,
        .gdb_socket = gdb,
        .tapped = accesses ? accesses_regions(accesses) : NULL,
        .tap_fd = accesses ? accesses_fd(accesses) : -1,
        .keep = !daemon->options.flash_from,
        .failed = machine_failed,
        .opaque = daemon,
    };

    return copy_files(daemon, machine, error) && machine_start(machine, &start, error);
}

static gboolean start_machines(Daemon *daemon, GError **error)
{
    for (guint i = 0; i < daemon->machines->len; i++) {
        if (!start_machine(daemon, i, error)) {
            return FALSE;
        }
    }
    for (guint i = 0; i < daemon->machines->len; i++) {
        Machine *machine = g_ptr_array_index(daemon->machines, i);

        if (!machine_wait(machine, error)) {
            return FALSE;
        }
        if (atomic_load(&daemon->shm.rig->machine[i].state) != WIRE_ATTACHED) {
            return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN,
                             "machine %s has not joined the rig: is %s an emulator of mews?",
                             machine->rig->name, daemon->options.qemu);
        }
    }
    return TRUE;
}

static gboolean open_folder(Daemon *daemon, GError **error)
{
    const DaemonOptions *options = &daemon->options;

    if (options->record) {
        daemon->folder = record_folder(options->run_folder, options->runs, daemon->rig->name,
                                       &daemon->made_folder, error);
        if (!daemon->folder) {
            return FALSE;
        }
        daemon->claim = record_claim(daemon->folder, options->force, error);
        daemon->claimed = daemon->claim >= 0;
        if (!daemon->claimed) {
            return FALSE;
        }
    }
    daemon->socket_path = options->socket_path ? g_strdup(options->socket_path)
                                               : g_build_filename(daemon->folder, "control", NULL);
    return TRUE;
}

static gboolean open_accesses(Daemon *daemon, GError **error)
{
    for (unsigned i = 0; i < daemon->rig->machines->len; i++) {
        GError *why = NULL;

        g_ptr_array_add(daemon->accesses, daemon->folder
                                              ? accesses_new(daemon->rig, i, daemon->options.trace,
                                                             daemon->folder, &why)
                                              : NULL);
        if (why) {
            g_propagate_error(error, why);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean open_record(Daemon *daemon, GError **error)
{
    JsonObject *head;

    if (!daemon->folder) {
        return TRUE;
    }
    head = run_head(daemon, error);
    if (!head) {
        return FALSE;
    }
    daemon->record =
        record_new(daemon->folder, daemon->claim, head, daemon->tap, daemon->links, error);
    daemon->claim = -1;
    return daemon->record != NULL;
}

/* The machines must not inherit it, or nobody would see our end. */
static gboolean check_client_fd(int fd, GError **error)
{
    int type;
    socklen_t size = sizeof(type);

    if (fd < 0) {
        return TRUE;
    }
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "--client-fd %d: %s", fd,
                         g_strerror(errno));
    }
    return type == SOCK_STREAM ||
           mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "--client-fd %d: no stream socket", fd);
}

/* Nobody shall take what runs on such a machine for what would run on the part. */
static void tell_licences(const Daemon *daemon)
{
    for (guint i = 0; i < daemon->rig->machines->len; i++) {
        const RigMachine *machine = rig_machine(daemon->rig, i);
        g_autoptr(GPtrArray) used = model_licences(machine->model, machine->properties);
        g_autofree char *text = NULL;

        if (used->len) {
            g_ptr_array_add(used, NULL);
            text = g_strjoinv(", ", (char **)used->pdata);
            g_printerr("linkd: compatibility profile: machine %s is not its part: %s\n",
                       machine->name, text);
        }
    }
}

static gboolean start(Daemon *daemon, GError **error)
{
    if (!check_client_fd(daemon->options.client_fd, error)) {
        return FALSE;
    }
    daemon->rig = rig_load(daemon->options.rig_path, error);
    if (!daemon->rig || !check_images(daemon, error) ||
        !shm_open_rig(&daemon->shm, daemon->rig, error) || !open_folder(daemon, error) ||
        !open_accesses(daemon, error)) {
        return FALSE;
    }
    daemon->control = control_new(daemon->socket_path, &control_ops, daemon, error);
    if (!daemon->control) {
        return FALSE;
    }
    clock_init(&daemon->clock, daemon->shm.rig);
    daemon->tap = tap_new(daemon->shm.rig, symbol_seen, daemon);
    daemon->pins = pins_new(daemon->shm.rig);
    daemon->inject = inject_new(daemon->shm.rig);
    daemon->drive = drive_new(daemon->shm.rig);
    for (guint i = 0; i < daemon->rig->links->len; i++) {
        g_ptr_array_add(daemon->links, frames_new(daemon->rig, i, frame_seen, daemon));
    }
    if (!start_machines(daemon, error) || !open_record(daemon, error)) {
        return FALSE;
    }
    daemon_take(daemon);
    if (!control_listen(daemon->control, error)) {
        return FALSE;
    }
    tell_licences(daemon);
    if (daemon->options.client_fd >= 0) {
        control_add_client(daemon->control, daemon->options.client_fd);
    }
    return TRUE;
}

Daemon *daemon_new(const DaemonOptions *options, GError **error)
{
    Daemon *daemon = g_new0(Daemon, 1);

    daemon->options = *options;
    daemon->shm.fd = -1;
    daemon->claim = -1;
    daemon->machines = g_ptr_array_new_with_free_func((GDestroyNotify)machine_free);
    daemon->accesses = g_ptr_array_new();
    daemon->links = g_ptr_array_new_with_free_func((GDestroyNotify)frames_free);
    daemon->stands = start(daemon, error);
    if (!daemon->stands) {
        daemon_free(daemon);
        return NULL;
    }
    return daemon;
}

/* ---- serving ---- */

static gboolean signalled(gpointer opaque)
{
    Daemon *daemon = opaque;

    daemon->quit = TRUE;
    daemon->quit_reason = "signal";
    return G_SOURCE_CONTINUE;
}

static void sync_accesses(Daemon *daemon)
{
    for (guint i = 0; i < daemon->accesses->len; i++) {
        Accesses *accesses = g_ptr_array_index(daemon->accesses, i);
        GError *error = NULL;

        if (accesses && !accesses_sync(accesses, &error)) {
            daemon_fail(daemon, error);
        }
    }
}

static gboolean sync_files(gpointer opaque)
{
    Daemon *daemon = opaque;

    sync_accesses(daemon);

    if (daemon->record && daemon->run.active) {
        record_sync(daemon->record);
    }
    return G_SOURCE_CONTINUE;
}

/* A rig that has failed stays to be asked as long as somebody is there to ask. */
static gboolean over(const Daemon *daemon)
{
    return daemon->quit || (daemon->failure && control_client_count(daemon->control) == 0);
}

static int exit_code(const Daemon *daemon)
{
    if (!daemon->failure) {
        return MEWS_EXIT_PASS;
    }
    return g_error_matches(daemon->failure, MEWS_ERROR, MEWS_ERROR_RECORDING_FAILED)
               ? MEWS_EXIT_COULD_NOT_RUN
               : MEWS_EXIT_FAIL;
}

/* What the machines have programmed is for the next run, however this one has ended. */
static void finish_machines(Daemon *daemon)
{
    for (guint i = 0; i < daemon->machines->len; i++) {
        machine_end(g_ptr_array_index(daemon->machines, i));
    }
    for (guint i = 0; i < daemon->machines->len; i++) {
        GError *error = NULL;

        if (!machine_finish(g_ptr_array_index(daemon->machines, i), &error)) {
            daemon_fail(daemon, error);
        }
    }
    sync_accesses(daemon);
}

int daemon_serve(Daemon *daemon)
{
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    g_autoptr(GError) ended = g_error_new(MEWS_ERROR, MEWS_ERROR_RIG_FAILED, "the rig was ended");
    guint sources[G_N_ELEMENTS(signals) + 1];

    for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
        sources[i] = g_unix_signal_add(signals[i], signalled, daemon);
    }
    sources[G_N_ELEMENTS(signals)] = g_timeout_add(SYNC_US / 1000, sync_files, daemon);
    while (!over(daemon)) {
        if (daemon->run.active && !daemon->failure) {
            run_advance(daemon);
            g_main_context_iteration(NULL, FALSE);
        } else {
            g_main_context_iteration(NULL, TRUE);
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        g_source_remove(sources[i]);
    }
    run_fail(daemon, ended);
    finish_machines(daemon);
    return exit_code(daemon);
}

/* ---- ending ---- */

void daemon_free(Daemon *daemon)
{
    for (guint i = 0; i < daemon->machines->len; i++) {
        machine_end(g_ptr_array_index(daemon->machines, i));
    }
    if (daemon->record) {
        with_state(daemon, reason(daemon, daemon->quit_reason ? daemon->quit_reason : "quit"),
                   record_free);
    }
    g_clear_pointer(&daemon->control, control_free);
    g_ptr_array_unref(daemon->machines);
    g_clear_pointer(&daemon->tap, tap_free);
    g_clear_pointer(&daemon->pins, pins_free);
    g_clear_pointer(&daemon->inject, inject_free);
    g_clear_pointer(&daemon->drive, drive_free);
    g_ptr_array_unref(daemon->links);
    for (guint i = 0; i < daemon->accesses->len; i++) {
        if (g_ptr_array_index(daemon->accesses, i)) {
            accesses_free(g_ptr_array_index(daemon->accesses, i), !daemon->stands);
        }
    }
    g_ptr_array_unref(daemon->accesses);
    shm_close(&daemon->shm);
    if (daemon->claimed && !daemon->stands) {
        record_remove(daemon->folder, daemon->made_folder, daemon->rig);
    }
    if (daemon->claim >= 0) {
        close(daemon->claim);
    }
    g_clear_pointer(&daemon->rig, rig_free);
    g_clear_error(&daemon->failure);
    g_free(daemon->socket_path);
    g_free(daemon->folder);
    g_free(daemon);
}
