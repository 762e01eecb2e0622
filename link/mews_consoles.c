/*
 * The consoles of a rig on one terminal; see mews_consoles.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "mews_consoles.h"
#include <stdio.h>
#include <string.h>
#include "text.h"

#define SECOND_NS G_GINT64_CONSTANT(1000000000)

typedef struct Console {
    char *uart;   /* "io.usart1" */
    char *prefix; /* "io  | " */
    gint64 next;
    GString *line;  /* what has come of the line that is not ended */
    gint64 last_ns; /* when its last character ended */
    gsize seen;     /* octets of it that have been shown, wherever on the terminal */
    gboolean fresh; /* something came when consoles were shown last */
} Console;

struct Consoles {
    GPtrArray *list; /* Console *, as in the rig */
    GArray *lines;   /* Line, to be shown */
    Console *open;   /* whose unfinished line ends the terminal's last line */
    gsize shown;     /* octets of it there */
    gboolean times;
};

/* A line, or what there is of one. */
typedef struct Line {
    Console *console;
    gint64 time_ns;
    GString *text;
    gboolean ended;
} Line;

/* ---- names ---- */

static void console_free(gpointer data)
{
    Console *console = data;

    g_free(console->uart);
    g_free(console->prefix);
    g_string_free(console->line, TRUE);
    g_free(console);
}

static void line_clear(gpointer data)
{
    Line *line = data;

    g_string_free(line->text, TRUE);
}

static Console *console_at(const Consoles *consoles, guint index)
{
    return g_ptr_array_index(consoles->list, index);
}

/* Octets of the name to show: the machine's, or all where that has more than one console. */
static gsize name_length(const Consoles *consoles, guint index)
{
    const char *uart = console_at(consoles, index)->uart;
    gsize machine = strcspn(uart, ".");

    for (guint i = 0; i < consoles->list->len; i++) {
        if (i != index && !strncmp(console_at(consoles, i)->uart, uart, machine + 1)) {
            return strlen(uart);
        }
    }
    return machine;
}

/* "io  | ", or "io.usart1 | ", all as wide as the widest. */
static void make_prefixes(Consoles *consoles)
{
    gsize width = 0;

    for (guint i = 0; i < consoles->list->len; i++) {
        width = MAX(width, name_length(consoles, i));
    }
    for (guint i = 0; i < consoles->list->len; i++) {
        Console *console = console_at(consoles, i);

        console->prefix =
            g_strdup_printf("%-*.*s | ", (int)width, (int)name_length(consoles, i), console->uart);
    }
}

Consoles *consoles_new(JsonArray *names, gboolean times)
{
    Consoles *consoles = g_new0(Consoles, 1);

    consoles->list = g_ptr_array_new_with_free_func(console_free);
    consoles->lines = g_array_new(FALSE, FALSE, sizeof(Line));
    g_array_set_clear_func(consoles->lines, line_clear);
    consoles->times = times;
    for (guint i = 0; i < json_array_get_length(names); i++) {
        Console *console = g_new0(Console, 1);

        console->uart = g_strdup(json_array_get_string_element(names, i));
        console->line = g_string_new(NULL);
        g_ptr_array_add(consoles->list, console);
    }
    make_prefixes(consoles);
    return consoles;
}

void consoles_free(Consoles *consoles)
{
    g_array_unref(consoles->lines);
    g_ptr_array_unref(consoles->list);
    g_free(consoles);
}

const char *consoles_first(const Consoles *consoles)
{
    return consoles->list->len ? console_at(consoles, 0)->uart : NULL;
}

const char *consoles_find(const Consoles *consoles, const char *uart)
{
    for (guint i = 0; i < consoles->list->len; i++) {
        if (g_str_equal(console_at(consoles, i)->uart, uart)) {
            return console_at(consoles, i)->uart;
        }
    }
    return NULL;
}

/* ---- showing ---- */

/* The terminal stands at the beginning of a line, or behind this console's own. */
static void take_terminal(Consoles *consoles, const Line *line)
{
    if (consoles->open && consoles->open != line->console) {
        putchar('\n');
        consoles->open = NULL;
    }
    if (consoles->open) {
        return;
    }
    if (consoles->times) {
        printf("[%5" G_GINT64_FORMAT ".%09" G_GINT64_FORMAT "] ", line->time_ns / SECOND_NS,
               line->time_ns % SECOND_NS);
    }
    fputs(line->console->prefix, stdout);
    consoles->open = line->console;
    consoles->shown = 0;
}

static void show(Consoles *consoles, const Line *line)
{
    g_autofree char *text = NULL;

    take_terminal(consoles, line);
    text = text_of_bytes((const guint8 *)line->text->str + consoles->shown,
                         line->text->len - consoles->shown);
    fputs(text, stdout);
    if (line->ended) {
        putchar('\n');
        consoles->open = NULL;
    } else {
        consoles->shown = line->console->seen = line->text->len;
    }
}

static gint compare_lines(gconstpointer a, gconstpointer b)
{
    const Line *first = a, *second = b;

    if (first->time_ns != second->time_ns) {
        return first->time_ns < second->time_ns ? -1 : 1;
    }
    return strcmp(first->console->uart, second->console->uart);
}

static void show_lines(Consoles *consoles)
{
    g_array_sort(consoles->lines, compare_lines);
    for (guint i = 0; i < consoles->lines->len; i++) {
        show(consoles, &g_array_index(consoles->lines, Line, i));
    }
    g_array_set_size(consoles->lines, 0);
}

/* ---- what has come ---- */

static void add_line(Consoles *consoles, Console *console, gboolean ended)
{
    Line line = {.console = console, .time_ns = console->last_ns, .ended = ended};

    line.text = g_string_new_len(console->line->str, (gssize)console->line->len);
    g_array_append_val(consoles->lines, line);
}

static gboolean take_bytes(Consoles *consoles, Console *console, Link *link, GError **error)
{
    g_autoptr(GArray) times_ns = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GByteArray) bytes =
        link_console(link, console->uart, &console->next, times_ns, error);

    for (guint i = 0; bytes && i < bytes->len; i++) {
        console->last_ns = g_array_index(times_ns, gint64, i);
        if (bytes->data[i] == '\n') {
            add_line(consoles, console, TRUE);
            g_string_truncate(console->line, 0);
            console->seen = 0;
        } else if (bytes->data[i] != '\r') {
            g_string_append_c(console->line, (char)bytes->data[i]);
        }
    }
    console->fresh = bytes && bytes->len;
    return bytes != NULL;
}

/* Lines without an end of which there is more than has been shown. */
static void add_unfinished(Consoles *consoles, gboolean also_fresh)
{
    for (guint i = 0; i < consoles->list->len; i++) {
        Console *console = console_at(consoles, i);

        if (console->line->len > console->seen && (also_fresh || !console->fresh)) {
            add_line(consoles, console, FALSE);
        }
    }
}

gboolean consoles_show(Consoles *consoles, Link *link, GError **error)
{
    for (guint i = 0; i < consoles->list->len; i++) {
        if (!take_bytes(consoles, console_at(consoles, i), link, error)) {
            return FALSE;
        }
    }
    show_lines(consoles);
    add_unfinished(consoles, FALSE);
    show_lines(consoles);
    fflush(stdout);
    return TRUE;
}

void consoles_end(Consoles *consoles)
{
    add_unfinished(consoles, TRUE);
    show_lines(consoles);
    if (consoles->open) {
        putchar('\n');
        consoles->open = NULL;
    }
    fflush(stdout);
}
