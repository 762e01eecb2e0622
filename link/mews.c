/*
 * mews, the command line: finds the subcommand.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "mews.h"
#include <glib/gstdio.h>
#include <glob.h>
#include <locale.h>
#include "error.h"
#include "paths.h"
#include "record.h"
#include "rig.h"
#include "version.h"

#define SECOND_NS 1000000000.0
#define RUN_MAX_S (365.0 * 24 * 3600)

static int help(int argc, char **argv);

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *usage;
    const char *text;
} subcommands[] = {
    {"run", mews_run, "run RIG [--for SECONDS] [--times]", "start a rig and show its consoles"},
    {"status", mews_status, "status [--socket PATH]", "tell what running rigs do"},
    {"regs", mews_regs, "regs [RUN] MACHINE[.CORE] BLOCK[.REGISTER]",
     "registers of a running rig, decoded"},
    {"decode", mews_decode, "decode FILE [--rig RIG]", "print the packets of a recording"},
    {"replay", mews_replay, "replay DIR", "repeat a recorded run and compare"},
    {"gdb", mews_gdb, "gdb RIG [--for SECONDS]", "a rig as the target of gdb, which starts it"},
    {"help", help, "help", "this text"},
};

static int help(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    g_print("mews " MEWS_VERSION ", a hermetic hardware-in-the-loop rig\n\n");
    for (gsize i = 0; i < G_N_ELEMENTS(subcommands); i++) {
        g_print("  mews %-52s %s\n", subcommands[i].usage, subcommands[i].text);
    }
    g_print(
        "\n'mews COMMAND --help' tells all options of a command, 'mews --version' the version.\n"
        "Exit codes: 0 pass, 1 fail, 2 could not run.\n");
    return MEWS_EXIT_PASS;
}

gboolean mews_options(const char *command, const char *word, const GOptionEntry *entries, int *argc,
                      char ***argv)
{
    g_autofree char *name = g_strconcat("mews ", command, NULL);
    g_autoptr(GOptionContext) context = g_option_context_new(word);
    g_autoptr(GError) error = NULL;

    g_set_prgname(name); /* which --help begins with */
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, argc, argv, &error)) {
        g_printerr("mews: %s\n", error->message);
        return FALSE;
    }
    if (*argc - 1 != (word ? 1 : 0)) {
        g_printerr("mews: usage: %s [OPTION...]%s%s\n", name, word ? " " : "", word ? word : "");
        return FALSE;
    }
    return TRUE;
}

gboolean mews_read_seconds(const char *seconds, gint64 *ns)
{
    char *end = NULL;
    double value = seconds ? g_ascii_strtod(seconds, &end) : 0;

    *ns = G_MAXINT64;
    if (!seconds) {
        return TRUE;
    }
    if (end == seconds || *end || !(value >= 0 && value <= RUN_MAX_S)) {
        g_printerr("mews: --for is a number of seconds, not '%s'\n", seconds);
        return FALSE;
    }
    *ns = (gint64)(value * SECOND_NS + 0.5);
    return TRUE;
}

char *mews_start(Launch *launch, const LaunchOptions *options, GError **error)
{
    g_autoptr(Rig) rig = rig_load(options->rig, error);
    g_autofree char *runs = paths_runs();
    g_autofree char *folder = NULL;
    LaunchOptions chosen = *options;
    gboolean made;

    if (rig) {
        folder = record_folder(options->run_folder, runs, rig->name, &made, error);
    }
    if (!folder) {
        return NULL;
    }
    chosen.run_folder = folder;
    if (!launch_start(launch, &chosen, error)) {
        if (made) {
            g_rmdir(folder); /* unless there is in it what an emulator had to say */
        }
        return NULL;
    }
    return g_steal_pointer(&folder);
}

GPtrArray *mews_running(void)
{
    g_autofree char *runs = paths_runs();
    g_autofree char *pattern = g_build_filename(runs, "*", "control", NULL);
    g_autoptr(GPtrArray) sockets = g_ptr_array_new_with_free_func(g_free);
    glob_t found = {0};

    if (glob(pattern, 0, NULL, &found) == 0) {
        for (gsize i = 0; i < found.gl_pathc; i++) {
            g_autoptr(Link) link = link_open(found.gl_pathv[i], NULL);

            if (link) {
                g_ptr_array_add(sockets, g_strdup(found.gl_pathv[i]));
            }
        }
    }
    globfree(&found);
    if (!sockets->len) {
        g_printerr("mews: no rig is running (%s)\n", pattern);
        return NULL;
    }
    return g_steal_pointer(&sockets);
}

int mews_give_up(int code, const GError *error)
{
    if (error->code != MEWS_ERROR_TOLD) {
        g_printerr("mews: %s\n", error->message);
    }
    return code;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    if (argc < 2) {
        g_printerr("mews: a command is needed; 'mews help' shows them\n");
        return MEWS_EXIT_COULD_NOT_RUN;
    }
    if (g_str_equal(argv[1], "--help") || g_str_equal(argv[1], "-h")) {
        return help(argc, argv);
    }
    if (g_str_equal(argv[1], "--version")) {
        g_print("mews " MEWS_VERSION "\n");
        return MEWS_EXIT_PASS;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(subcommands); i++) {
        if (g_str_equal(subcommands[i].name, argv[1])) {
            return subcommands[i].run(argc - 1, argv + 1);
        }
    }
    g_printerr("mews: no command '%s'; 'mews help' shows them\n", argv[1]);
    return MEWS_EXIT_COULD_NOT_RUN;
}
