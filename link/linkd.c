/*
 * linkd, the link daemon: command line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <locale.h>
#include <signal.h>
#include "daemon.h"
#include "paths.h"
#include "version.h"

static gboolean check_usage(int argc, char **argv, const char *folder, gboolean no_record,
                            const char *socket, gboolean gdb, const char *trace)
{
    if (argc != 2) {
        g_printerr("linkd: one rig file is needed, %d given; 'linkd --help' shows the usage\n",
                   argc - 1);
    } else if (argv[1][0] == '-' && argv[1][1]) {
        g_printerr("linkd: no option '%s'; 'linkd --help' shows the usage\n", argv[1]);
    } else if (no_record && folder) {
        g_printerr("linkd: --no-record writes nothing, so --run-dir has no meaning\n");
    } else if (no_record && !socket) {
        g_printerr("linkd: --no-record needs --socket PATH, for there is no run directory\n");
    } else if (no_record && gdb) {
        g_printerr("linkd: --gdb makes its sockets in the run directory; not with --no-record\n");
    } else if (no_record && trace) {
        g_printerr("linkd: --trace writes to the run directory; not with --no-record\n");
    } else {
        return TRUE;
    }
    return FALSE;
}

int main(int argc, char **argv)
{
    g_autofree char *socket = NULL, *folder = NULL, *qemu = NULL, *flash_from = NULL;
    g_autofree char *trace = NULL;
    g_autofree char *runs = paths_runs();
    g_autofree char *folder_help = record_folder_help(runs);
    gboolean gdb = FALSE, no_record = FALSE, force = FALSE, version = FALSE;
    int client_fd = -1;
    const GOptionEntry entries[] = {
        {"socket", 0, 0, G_OPTION_ARG_FILENAME, &socket, "Control socket (RUN_DIR/control)",
         "PATH"},
        {"client-fd", 0, 0, G_OPTION_ARG_INT, &client_fd,
         "Serve this open connection, too (docs/control-socket.md)", "FD"},
        {"run-dir", 0, 0, G_OPTION_ARG_FILENAME, &folder, folder_help, "DIR"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &force, "Overwrite a run that is in DIR already", NULL},
        {"gdb", 0, 0, G_OPTION_ARG_NONE, &gdb, "Debugger sockets RUN_DIR/MACHINE.gdb", NULL},
        {"flash-from", 0, 0, G_OPTION_ARG_FILENAME, &flash_from,
         "Begin with flash and option bytes as the run in DIR found them, and write none", "DIR"},
        {"trace", 0, 0, G_OPTION_ARG_STRING, &trace,
         "Log accesses to the registers of these blocks (docs/registers.md)", "BLOCK,..."},
        {"no-record", 0, 0, G_OPTION_ARG_NONE, &no_record, "Write no files", NULL},
        {"qemu", 0, 0, G_OPTION_ARG_FILENAME, &qemu, "The emulator (beside linkd)", "PATH"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new("RIG - run a rig");
    g_autoptr(GError) error = NULL;
    Daemon *daemon;
    int code;

    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write() */
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        g_printerr("linkd: %s\n", error->message);
        return MEWS_EXIT_COULD_NOT_RUN;
    }
    if (version) {
        g_print("linkd " MEWS_VERSION "\n");
        return MEWS_EXIT_PASS;
    }
    if (!check_usage(argc, argv, folder, no_record, socket, gdb, trace)) {
        return MEWS_EXIT_COULD_NOT_RUN;
    }
    if (!qemu) {
        qemu = paths_emulator();
    }
    daemon = daemon_new(&(DaemonOptions){.rig_path = argv[1],
                                         .socket_path = socket,
                                         .client_fd = client_fd,
                                         .run_folder = folder,
                                         .runs = runs,
                                         .force = force,
                                         .qemu = qemu,
                                         .trace = trace,
                                         .flash_from = flash_from,
                                         .gdb = gdb,
                                         .record = !no_record},
                        &error);
    if (!daemon) {
        g_printerr("linkd: %s\n", error->message);
        return MEWS_EXIT_COULD_NOT_RUN;
    }
    code = daemon_serve(daemon);
    daemon_free(daemon);
    return code;
}
