/*
 * Machines; see machine.h.
 *
 * The process inherits the rig's memory, its monitor's socket, a scratch file
 * that memory is saved to, and what is in flash and option bytes before it starts.
 * It lives in its own process group, so that a Ctrl-C meant for the daemon does not
 * reach it, and dies with the daemon (PR_SET_PDEATHSIG).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "machine.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "error.h"

enum { CHILD_SHM_FD = 3, CHILD_QMP_FD, CHILD_SCRATCH_FD, CHILD_TAP_FD, CHILD_KEPT_FD };

#define LAST_WORDS_SIZE 4096
/* Host time that a process gets between SIGTERM and SIGKILL. */
#define END_PATIENCE_MS 2000

/* ---- last words ---- */

/* The last line that is not empty, without the emulator's name in front; or NULL. */
static char *last_words(Machine *machine)
{
    g_autofree char *text = g_malloc0(LAST_WORDS_SIZE + 1);
    off_t size = lseek(machine->stderr_fd, 0, SEEK_END);
    off_t from = MAX(0, size - LAST_WORDS_SIZE);
    char *line;

    if (size <= 0 || pread(machine->stderr_fd, text, LAST_WORDS_SIZE, from) <= 0) {
        return NULL;
    }
    g_strchomp(text);
    line = strrchr(text, '\n');
    line = line ? line + 1 : text;
    if (machine->program && g_str_has_prefix(line, machine->program)) {
        line += strlen(machine->program);
    }
    return line[0] ? g_utf8_make_valid(line, -1) : NULL;
}

static void fail(Machine *machine, const char *what)
{
    g_autofree char *words = last_words(machine);

    if (machine->failure) {
        return;
    }
    machine->failure = g_strdup_printf("machine %s %s%s%s", machine->rig->name, what,
                                       words ? ": " : "", words ? words : "");
    machine->failed(machine->opaque, machine, machine->failure);
}

static void process_ended(GObject *source, GAsyncResult *result, gpointer opaque)
{
    Machine *machine = opaque;
    GSubprocess *process = G_SUBPROCESS(source);
    g_autofree char *how = NULL;

    if (!g_subprocess_wait_finish(process, result, NULL)) {
        return; /* nobody watches any more */
    }
    machine->ended = TRUE;
    if (g_subprocess_get_if_signaled(process)) {
        how = g_strdup_printf("was killed by signal %d (%s)", g_subprocess_get_term_sig(process),
                              strsignal(g_subprocess_get_term_sig(process)));
    } else {
        how = g_strdup_printf("has ended with exit code %d", g_subprocess_get_exit_status(process));
    }
    fail(machine, how);
}

static void monitor_event(gpointer opaque, const char *event)
{
    Machine *machine = opaque;

    if (g_str_equal(event, "GUEST_PANICKED")) {
        fail(machine, "locked up");
    } else if (g_str_equal(event, "STOP")) {
        machine->stopped = TRUE;
    } else if (g_str_equal(event, "RESUME")) {
        machine->stopped = FALSE;
    }
}

/* ---- starting ---- */

static void child_setup(gpointer opaque)
{
    (void)opaque;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* QEMU's option parser takes ",," for a comma in a value. */
static char *option_value(const char *value)
{
    g_auto(GStrv) part = g_strsplit(value, ",", -1);

    return g_strjoinv(",,", part);
}

static void append_path(GString *text, const char *property, const char *path)
{
    g_autofree char *value = option_value(path);

    g_string_append_printf(text, ",%s=%s", property, value);
}

/* An ELF file that is the first image is -kernel's. */
static gboolean is_kernel(const RigMachine *rig, guint i)
{
    return i == 0 && !rig_image(rig, i)->raw;
}

static void append_images(GString *text, const RigMachine *rig)
{
    guint n = 0;

    for (guint i = 0; i < rig->images->len; i++) {
        const RigImage *image = rig_image(rig, i);
        g_autofree char *property = g_strdup_printf("images.%u.file", n);

        if (is_kernel(rig, i)) {
            continue;
        }
        append_path(text, property, image->path);
        if (image->raw) {
            g_string_append_printf(text, ",images.%u.at=0x%08x", n, image->at);
        }
        n++;
    }
}

static void append_kept(GString *text, const Machine *machine)
{
    for (Kept k = 0; k < KEPT_COUNT; k++) {
        if (machine->kept_fd[k] >= 0) {
            g_string_append_printf(text, ",%s=/dev/fd/%d", kept_info[k].load, CHILD_KEPT_FD + k);
        }
        if (machine->kept[k]) {
            append_path(text, kept_info[k].save, machine->kept[k]);
        }
    }
}

static char *machine_option(const Machine *machine)
{
    const RigMachine *rig = machine->rig;
    GString *text = g_string_new(rig->model->name);

    append_images(text, rig);
    if (rig->has_vector_table) {
        g_string_append_printf(text, ",vector-table=0x%08x", rig->vector_table);
    }
    append_kept(text, machine);
    if (rig->imu) {
        g_string_append_printf(text, ",imu=%s", rig->imu);
    }
    if (rig->imu_samples) {
        append_path(text, "imu-samples", rig->imu_samples);
    }
    for (unsigned i = 0; i < rig->properties->len; i++) {
        g_autofree char *value = option_value(g_ptr_array_index(rig->properties, i));

        g_string_append_printf(text, ",%s", value);
    }
    return g_string_free(text, FALSE);
}

static void add(GPtrArray *arguments, const char *option, char *value)
{
    g_ptr_array_add(arguments, g_strdup(option));
    if (value) {
        g_ptr_array_add(arguments, value);
    }
}

static GPtrArray *command_line(const Machine *machine, const MachineStart *start)
{
    const RigMachine *rig = machine->rig;
    GPtrArray *a = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(a, g_strdup(start->qemu));
    add(a, "-name", g_strdup(rig->name));
    add(a, "-M", machine_option(machine));
    if (rig->images->len && is_kernel(rig, 0)) {
        add(a, "-kernel", g_strdup(rig_image(rig, 0)->path));
    }
    add(a, "-icount", model_icount(rig->model, rig->cycles_percent));
    add(a, "-display", g_strdup("none"));
    add(a, "-serial", g_strdup("none"));
    add(a, "-monitor", g_strdup("none"));
    add(a, "-nodefaults", NULL);
    add(a, "-chardev", g_strdup_printf("socket,id=monitor,fd=%d", CHILD_QMP_FD));
    add(a, "-mon", g_strdup("chardev=monitor,mode=control"));
    add(a, "-global", g_strdup_printf("wire-hub.rig=/dev/fd/%d", CHILD_SHM_FD));
    add(a, "-global", g_strdup_printf("wire-hub.machine=%s", rig->name));
    if (start->tapped) {
        add(a, "-device",
            g_strdup_printf("mews-mmio-tap,regions=%s,log=/dev/fd/%d", start->tapped,
                            CHILD_TAP_FD));
    }
    if (start->guest_log) {
        add(a, "-d", g_strdup("unimp,guest_errors"));
        add(a, "-D", g_strdup(start->guest_log));
    }
    if (start->gdb_socket) {
        g_autofree char *path = option_value(start->gdb_socket);

        add(a, "-gdb", g_strdup_printf("unix:%s,server=on,wait=off", path));
        /* a core that locks up is for the debugger to look at */
        add(a, "-action", g_strdup("panic=pause"));
    }
    g_ptr_array_add(a, NULL);
    return a;
}

static int open_stderr(const MachineStart *start, GError **error)
{
    int fd = start->stderr_log
                 ? open(start->stderr_log, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666)
                 : memfd_create("mews-stderr", MFD_CLOEXEC);

    if (fd < 0) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s: %s",
                  start->stderr_log ? start->stderr_log : "memory for messages", g_strerror(errno));
    }
    return fd;
}

static gboolean spawn(Machine *machine, const MachineStart *start, GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_NONE);
    g_autoptr(GPtrArray) arguments = command_line(machine, start);
    g_autoptr(GError) spawn_error = NULL;
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "socket of a monitor: %s",
                         g_strerror(errno));
    }
    machine->qmp = qmp_new(machine->rig->name, pair[0], monitor_event, machine);
    g_subprocess_launcher_take_fd(launcher, dup(start->shm_fd), CHILD_SHM_FD);
    g_subprocess_launcher_take_fd(launcher, pair[1], CHILD_QMP_FD);
    g_subprocess_launcher_take_fd(launcher, dup(machine->scratch_fd), CHILD_SCRATCH_FD);
    for (Kept k = 0; k < KEPT_COUNT; k++) {
        if (machine->kept_fd[k] >= 0) {
            g_subprocess_launcher_take_fd(launcher, dup(machine->kept_fd[k]),
                                          CHILD_KEPT_FD + (int)k);
        }
    }
    if (start->tapped) {
        g_subprocess_launcher_take_fd(launcher, dup(start->tap_fd), CHILD_TAP_FD);
    }
    g_subprocess_launcher_take_stdout_fd(launcher, dup(machine->stderr_fd));
    g_subprocess_launcher_take_stderr_fd(launcher, dup(machine->stderr_fd));
    g_subprocess_launcher_set_child_setup(launcher, child_setup, NULL, NULL);
    machine->process =
        g_subprocess_launcher_spawnv(launcher, (const char *const *)arguments->pdata, &spawn_error);
    if (!machine->process) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "the emulator %s cannot be started: %s",
                         start->qemu, spawn_error->message);
    }
    machine->pid = atoi(g_subprocess_get_identifier(machine->process));
    g_subprocess_wait_async(machine->process, machine->unwatched, process_ended, machine);
    return TRUE;
}

Machine *machine_new(const RigMachine *rig, const char *recorded, GError **error)
{
    Load *load = load_new(rig, recorded, error);
    Machine *machine;

    if (!load) {
        return NULL;
    }
    machine = g_new0(Machine, 1);
    machine->rig = rig;
    machine->load = load;
    machine->unwatched = g_cancellable_new();
    machine->scratch_fd = machine->stderr_fd = -1;
    for (Kept k = 0; k < KEPT_COUNT; k++) {
        machine->kept_fd[k] = -1;
    }
    return machine;
}

/* The emulator reads what was hashed, whatever happens to the files meanwhile. */
static gboolean hand_over(Machine *machine, gboolean keep, GError **error)
{
    for (Kept k = 0; k < KEPT_COUNT; k++) {
        GBytes *bytes = machine->load->kept[k].content;
        const char *path = machine->rig->kept[k].path;
        gsize size = 0;
        gconstpointer content = bytes ? g_bytes_get_data(bytes, &size) : NULL;

        if (content) {
            machine->kept_fd[k] = memfd_create("mews-kept", MFD_CLOEXEC);
            if (machine->kept_fd[k] < 0 ||
                pwrite(machine->kept_fd[k], content, size, 0) != (ssize_t)size) {
                return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "memory for a machine's %s: %s",
                                 kept_info[k].contents, g_strerror(errno));
            }
        }
        if (path && keep) {
            machine->kept[k] = load_kept_new(machine->rig, k);
            g_unlink(machine->kept[k]);
        }
    }
    return TRUE;
}

gboolean machine_start(Machine *machine, const MachineStart *start, GError **error)
{
    g_autofree char *name = NULL;

    machine->failed = start->failed;
    machine->opaque = start->opaque;
    machine->scratch_fd = memfd_create("mews-scratch", MFD_CLOEXEC);
    if (machine->scratch_fd < 0) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "memory for a machine: %s",
                         g_strerror(errno));
    }
    if (!hand_over(machine, start->keep, error)) {
        return FALSE;
    }
    name = g_path_get_basename(start->qemu);
    machine->program = g_strconcat(name, ": ", NULL);
    machine->gdb_socket = g_strdup(start->gdb_socket);
    machine->stderr_fd = open_stderr(start, error);
    return machine->stderr_fd >= 0 && spawn(machine, start, error);
}

/* Wait for the process, which has been told to end or is ending; kill it if it does not. */
static void wait_end(Machine *machine)
{
    struct pollfd entry = {.fd = (int)syscall(SYS_pidfd_open, machine->pid, 0), .events = POLLIN};

    if (entry.fd >= 0) {
        poll(&entry, 1, END_PATIENCE_MS);
        close(entry.fd);
    }
    g_subprocess_force_exit(machine->process);
    g_subprocess_wait(machine->process, NULL, NULL);
    machine->reaped = TRUE;
}

/* ---- what the emulator refuses ---- */

/* @text with @new for @old in it, once. */
static char *with(const char *text, const char *old, const char *new)
{
    const char *at = strstr(text, old);

    return at ? g_strdup_printf("%.*s%s%s", (int)(at - text), text, new, at + strlen(old))
              : g_strdup(text);
}

/* The emulator knows a file as what it was handed, and has names of its own for types. */
static char *in_words_of_rig(const Machine *machine, const char *words)
{
    const RigMachine *rig = machine->rig;
    g_autofree char *type = g_strdup_printf("'%s-machine.", rig->model->name);
    g_autofree char *plain = with(words, type, "'");
    char *named = with(plain, " expects uint32_t", " expects a number from 0 to 4294967295");

    for (Kept k = 0; k < KEPT_COUNT; k++) {
        g_autofree char *given = g_strdup_printf("'/dev/fd/%d'", CHILD_KEPT_FD + (int)k);
        g_autofree char *file = g_strdup_printf("'%s'", rig->kept[k].path ? rig->kept[k].path : "");
        g_autofree char *before = named;

        named = with(before, given, file);
    }
    return named;
}

/* Whether @words has @name, not as a part of a longer one. */
static gboolean speaks_of(const char *words, const char *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    gsize length = strlen(name);

    for (const char *at = words; (at = strstr(at, name)); at++) {
        if ((at == words || !strchr(letters, at[-1])) &&
            (!at[length] || !strchr(letters, at[length]))) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean speaks_of_file(const char *words, const char *path)
{
    return path && strstr(words, path);
}

/* The line of the rig file that @words of the emulator are about: what is named, else the section.
 */
static unsigned line_of_words(const RigMachine *rig, const char *words)
{
    for (unsigned i = 0; i < rig->images->len; i++) {
        g_autofree char *name = g_strdup_printf("'%s'", rig_image(rig, i)->path);

        if (strstr(words, name)) {
            return rig_image(rig, i)->line;
        }
    }
    for (Kept k = 0; k < KEPT_COUNT; k++) {
        if (speaks_of_file(words, rig->kept[k].path)) {
            return rig->kept[k].line;
        }
    }
    if (speaks_of_file(words, rig->imu_samples)) {
        return rig->imu_line;
    }
    for (unsigned i = rig->properties->len; i > 0; i--) {
        const char *property = g_ptr_array_index(rig->properties, i - 1);
        g_autofree char *name = g_strndup(property, strcspn(property, "="));

        if (speaks_of(words, name)) {
            return g_array_index(rig->property_lines, unsigned, i - 1);
        }
    }
    return rig->has_vector_table && strstr(words, "vector table") ? rig->vector_table_line
                                                                  : rig->line;
}

gboolean machine_wait(Machine *machine, GError **error)
{
    g_autofree char *words = NULL, *said = NULL;
    g_autoptr(GError) silence = NULL;

    if (qmp_handshake(machine->qmp, &silence)) {
        return TRUE;
    }
    /* its last words say more than that its monitor is closed */
    wait_end(machine);
    words = last_words(machine);
    if (!words) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "it could not be started: %s", silence->message);
        return rig_blame(machine->rig, machine->rig->line, error);
    }
    said = in_words_of_rig(machine, words);
    mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s", said);
    return rig_blame(machine->rig, line_of_words(machine->rig, said), error);
}

/* ---- ending ---- */

void machine_end(Machine *machine)
{
    g_cancellable_cancel(machine->unwatched);
    if (machine->process && !machine->ended) {
        g_subprocess_send_signal(machine->process, SIGTERM);
    }
}

static void reap(Machine *machine)
{
    if (machine->process && !machine->reaped) {
        machine_end(machine);
        wait_end(machine);
    }
}

static gboolean not_kept(Machine *machine, Kept kept, GError **error)
{
    g_autofree char *words = last_words(machine);

    return mews_fail(error, MEWS_ERROR_RECORDING_FAILED, "machine %s: %s %s was not written%s%s",
                     machine->rig->name, kept_info[kept].file, machine->rig->kept[kept].path,
                     words ? ": " : "", words ? words : "");
}

gboolean machine_finish(Machine *machine, GError **error)
{
    reap(machine);
    for (Kept k = 0; k < KEPT_COUNT; k++) {
        if (machine->kept[k] && g_access(machine->kept[k], F_OK) != 0) {
            return not_kept(machine, k, error);
        }
    }
    for (Kept k = 0; k < KEPT_COUNT; k++) {
        if (machine->kept[k] && g_rename(machine->kept[k], machine->rig->kept[k].path) != 0) {
            return not_kept(machine, k, error);
        }
    }
    return TRUE;
}

static void free_kept(Machine *machine)
{
    for (Kept k = 0; k < KEPT_COUNT; k++) {
        if (machine->kept[k]) {
            g_unlink(machine->kept[k]); /* of a rig that did not start */
        }
        if (machine->kept_fd[k] >= 0) {
            close(machine->kept_fd[k]);
        }
        g_free(machine->kept[k]);
    }
}

void machine_free(Machine *machine)
{
    reap(machine);
    free_kept(machine);
    g_clear_object(&machine->process);
    g_clear_pointer(&machine->qmp, qmp_free);
    g_clear_pointer(&machine->load, load_free);
    g_object_unref(machine->unwatched);
    if (machine->scratch_fd >= 0) {
        close(machine->scratch_fd);
    }
    if (machine->stderr_fd >= 0) {
        close(machine->stderr_fd);
    }
    if (machine->gdb_socket) {
        unlink(machine->gdb_socket); /* a killed process leaves it */
    }
    g_free(machine->program);
    g_free(machine->gdb_socket);
    g_free(machine->failure);
    g_free(machine);
}

const char *machine_state(const Machine *machine)
{
    return machine->failure   ? "failed"
           : machine->ended   ? "ended"
           : machine->stopped ? "stopped"
           : machine->halted  ? "halted"
                              : "running";
}

/* ---- requests ---- */

static JsonObject *property_of(const char *path, const char *property)
{
    JsonObject *arguments = json_object_new();

    json_object_set_string_member(arguments, "path", path);
    json_object_set_string_member(arguments, "property", property);
    return arguments;
}

gboolean machine_hold(Machine *machine, gboolean held, GError **error)
{
    JsonObject *arguments = property_of("/machine/wire-hub", "held");
    g_autoptr(JsonNode) answer = NULL;

    json_object_set_boolean_member(arguments, "value", held);
    answer = qmp_call(machine->qmp, "qom-set", arguments, error);
    if (!answer) {
        return FALSE;
    }
    machine->halted = held;
    return TRUE;
}

gboolean machine_set_analog(Machine *machine, const char *pin, gint64 uv, GError **error)
{
    g_autofree char *property = g_strdup_printf("%s-uv", pin);
    g_autoptr(GError) unknown = NULL;
    g_autoptr(JsonNode) now =
        qmp_call(machine->qmp, "qom-get", property_of("/machine/soc", property), &unknown);
    g_autoptr(JsonNode) answer = NULL;
    JsonObject *arguments;

    if (!now && unknown->code != MEWS_ERROR_BAD_VALUE) {
        g_propagate_error(error, g_steal_pointer(&unknown));
        return FALSE;
    }
    if (!now) {
        return mews_fail(error, MEWS_ERROR_NO_SUCH_PIN, "%s.%s is no analog input",
                         machine->rig->name, pin);
    }
    arguments = property_of("/machine/soc", property);
    json_object_set_int_member(arguments, "value", uv);
    answer = qmp_call(machine->qmp, "qom-set", arguments, error);
    return answer != NULL;
}

gboolean machine_push_imu(Machine *machine, const char *line, GError **error)
{
    JsonObject *arguments;
    g_autoptr(JsonNode) answer = NULL;

    if (!machine->rig->imu) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "machine %s has no 'imu' in the rig file",
                         machine->rig->name);
    }
    arguments = property_of("/machine/icm42688", "push");
    json_object_set_string_member(arguments, "value", line);
    answer = qmp_call(machine->qmp, "qom-set", arguments, error);
    return answer != NULL;
}

gboolean machine_reset(Machine *machine, GError **error)
{
    unsigned resets = qmp_event_count(machine->qmp, "RESET");
    g_autoptr(JsonNode) answer = qmp_call(machine->qmp, "system_reset", NULL, error);

    return answer && qmp_wait_event(machine->qmp, "RESET", resets, error);
}

gboolean machine_read(Machine *machine, unsigned core, guint32 address, guint8 *data, gsize size,
                      GError **error)
{
    g_autofree char *path = g_strdup_printf("/dev/fd/%d", CHILD_SCRATCH_FD);
    JsonObject *arguments = json_object_new();
    g_autoptr(JsonNode) answer = NULL;

    json_object_set_int_member(arguments, "val", address);
    json_object_set_int_member(arguments, "size", (gint64)size);
    json_object_set_string_member(arguments, "filename", path);
    json_object_set_int_member(arguments, "cpu-index", core);
    answer = qmp_call(machine->qmp, "memsave", arguments, error);
    if (!answer) {
        return FALSE;
    }
    if (pread(machine->scratch_fd, data, size, 0) != (ssize_t)size) {
        return mews_fail(error, MEWS_ERROR_RIG_FAILED, "machine %s: its memory was not saved",
                         machine->rig->name);
    }
    return TRUE;
}

/* "R13=20001ff8" in QEMU's words to "SP" in those of the manual (ARMv7-M B1.4). */
static const char *register_name(const char *name, char *buffer, gsize size)
{
    unsigned number;

    if (g_str_equal(name, "XPSR")) {
        return "xPSR";
    }
    if (name[0] != 'R' || !g_ascii_isdigit(name[1])) {
        return NULL;
    }
    number = (unsigned)g_ascii_strtoull(name + 1, NULL, 10);
    if (number > 15) {
        return NULL;
    }
    if (number < 13) {
        g_snprintf(buffer, size, "R%u", number);
        return buffer;
    }
    return number == 13 ? "SP" : number == 14 ? "LR" : "PC";
}

JsonObject *machine_registers(Machine *machine, GError **error)
{
    JsonObject *arguments = json_object_new();
    g_autoptr(JsonNode) answer = NULL;
    g_auto(GStrv) word = NULL;
    JsonObject *registers;

    json_object_set_string_member(arguments, "command-line", "info registers");
    json_object_set_int_member(arguments, "cpu-index", 0);
    answer = qmp_call(machine->qmp, "human-monitor-command", arguments, error);
    if (!answer) {
        return NULL;
    }
    registers = json_object_new();
    word = g_strsplit_set(json_node_get_string(answer), " \r\n", -1);
    for (unsigned i = 0; word[i]; i++) {
        g_auto(GStrv) part = g_strsplit(word[i], "=", 2);
        const char *name;
        char buffer[8];

        name = part[0] && part[1] ? register_name(part[0], buffer, sizeof(buffer)) : NULL;
        if (name) {
            json_object_set_int_member(registers, name,
                                       (gint64)g_ascii_strtoull(part[1], NULL, 16));
        }
    }
    return registers;
}
