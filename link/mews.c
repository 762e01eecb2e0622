/*
 * mews, the command line: finds the subcommand.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "mews.h"
#include <locale.h>
#include "error.h"
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
    {"run", mews_run, "run RIG [--for SECONDS] [--until-line UART:TEXT]",
     "start a rig and show its consoles"},
    {"status", mews_status, "status [--socket PATH]", "tell what running rigs do"},
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
    g_print("\n'mews COMMAND --help' tells all options of a command.\n"
            "Exit codes: 0 pass, 1 fail, 2 could not run.\n");
    return MEWS_EXIT_PASS;
}

gboolean mews_options(const char *usage, const GOptionEntry *entries, int *argc, char ***argv,
                      int words)
{
    g_autoptr(GOptionContext) context = g_option_context_new(usage);
    g_autoptr(GError) error = NULL;

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, argc, argv, &error)) {
        g_printerr("mews: %s\n", error->message);
        return FALSE;
    }
    if (*argc - 1 != words) {
        g_printerr("mews: usage: mews %s\n", usage);
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

int mews_give_up(int code, const GError *error)
{
    g_printerr("mews: %s\n", error->message);
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
    for (gsize i = 0; i < G_N_ELEMENTS(subcommands); i++) {
        if (g_str_equal(subcommands[i].name, argv[1])) {
            return subcommands[i].run(argc - 1, argv + 1);
        }
    }
    g_printerr("mews: no command '%s'; 'mews help' shows them\n", argv[1]);
    return MEWS_EXIT_COULD_NOT_RUN;
}
