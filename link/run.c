/*
 * The `run` request; see run.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "run.h"
#include "daemon.h"
#include "gates.h"

/* Host time after which the main loop gets a turn while machines are busy. */
#define WAIT_NS (5 * 1000 * 1000)

void run_begin(Daemon *daemon, gint64 until_ns, GPtrArray *gates, gboolean all)
{
    Run *run = &daemon->run;

    run->active = TRUE;
    run->moving = FALSE;
    run->cancelled = FALSE;
    run->from_ns = daemon->now_ns;
    run->until_ns = until_ns;
    run->gates = gates;
    run->all = all;
}

static void end(Daemon *daemon, const char *reason, const GError *error)
{
    Run *run = &daemon->run;
    GPtrArray *gates = g_steal_pointer(&run->gates);
    JsonObject *answer = NULL;

    run->active = FALSE;
    if (!error) {
        JsonArray *matches = json_array_new();

        answer = json_object_new();
        json_object_set_int_member(answer, "time_ns", daemon->now_ns);
        json_object_set_string_member(answer, "reason", reason);
        for (guint i = 0; i < gates->len; i++) {
            json_array_add_element(matches, gate_match(g_ptr_array_index(gates, i)));
        }
        json_object_set_array_member(answer, "matches", matches);
    }
    g_ptr_array_unref(gates);
    run->ended(run->opaque, answer, error);
}

void run_fail(Daemon *daemon, const GError *why)
{
    if (daemon->run.active) {
        end(daemon, NULL, why);
    }
}

void run_cancel(Daemon *daemon)
{
    daemon->run.cancelled = TRUE;
}

static gboolean gates_decide(Run *run)
{
    guint matched = 0;

    for (guint i = 0; i < run->gates->len; i++) {
        matched += gate_judge(g_ptr_array_index(run->gates, i)) ? 1 : 0;
    }
    return run->all ? run->gates->len && matched == run->gates->len : matched > 0;
}

/* Where the machines stop next. */
static gint64 next_stop(Daemon *daemon)
{
    gint64 now_ns = daemon->clock.horizon_ns;
    gint64 step_ns = daemon->clock.window_ns;

    if (daemon->run.gates->len) {
        gint64 quantum_ns = daemon->rig->quantum_ns;
        gint64 to_boundary_ns = quantum_ns - now_ns % quantum_ns;

        step_ns = MIN(to_boundary_ns, CLOCK_WINDOW_MAX_NS);
    }
    return MIN(now_ns + MIN(step_ns, WIRE_NS_NEVER - now_ns), daemon->run.until_ns);
}

static void go(Daemon *daemon)
{
    gint64 wanted_ns = drive_feed(daemon->drive, next_stop(daemon));
    gint64 stop_ns = inject_feed(daemon->inject, wanted_ns);

    if (stop_ns <= daemon->clock.horizon_ns) {
        daemon_fail(daemon, g_error_new(MEWS_ERROR, MEWS_ERROR_RIG_FAILED,
                                        "a UART takes nothing of what is sent to it: %u symbols "
                                        "wait in its ring",
                                        WIRE_RING_SYMBOLS));
        return;
    }
    clock_raise(&daemon->clock, stop_ns);
    daemon->run.moving = TRUE;
}

/* Gates are judged at the beginning, at the boundaries of quanta and at the end. */
static gboolean may_judge(const Daemon *daemon)
{
    return daemon->now_ns % daemon->rig->quantum_ns == 0 || daemon->now_ns == daemon->run.from_ns ||
           daemon->now_ns == daemon->run.until_ns;
}

static void stand(Daemon *daemon)
{
    Run *run = &daemon->run;

    if (run->gates->len && may_judge(daemon) && gates_decide(run)) {
        daemon_record_state(daemon);
        end(daemon, "gates", NULL);
    } else if (daemon->now_ns >= run->until_ns || run->cancelled) {
        daemon_record_state(daemon);
        end(daemon, "time", NULL);
    } else {
        go(daemon);
    }
}

/* The first machine that says why it has failed. */
static gboolean machine_failed(Daemon *daemon)
{
    for (unsigned m = 0; m < daemon->shm.rig->machine_count; m++) {
        WireMachine *machine = &daemon->shm.rig->machine[m];

        if (atomic_load(&machine->state) == WIRE_FAILED) {
            daemon_fail(daemon, g_error_new(MEWS_ERROR, MEWS_ERROR_RIG_FAILED, "machine %s: %.*s",
                                            machine->name, WIRE_TEXT_SIZE - 1, machine->text));
            return TRUE;
        }
    }
    return FALSE;
}

static void arrived(Daemon *daemon)
{
    Run *run = &daemon->run;
    gint64 reached_ns = daemon->clock.horizon_ns;
    double fullness = daemon_take(daemon);

    run->moving = FALSE;
    clock_adapt(&daemon->clock, fullness);
    /* without gates the machines go on while this window is handled */
    if (!run->gates->len && reached_ns < run->until_ns && !run->cancelled) {
        go(daemon);
    }
    if (!daemon->failure) {
        daemon_process(daemon, reached_ns);
    }
}

void run_advance(Daemon *daemon)
{
    if (!daemon->run.moving) {
        stand(daemon);
    } else if (clock_wait(&daemon->clock, WAIT_NS)) {
        arrived(daemon);
    } else {
        machine_failed(daemon);
    }
}
