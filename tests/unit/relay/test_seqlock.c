/*
 * The sequence lock (drivers/seqlock.h) between two cores without coherent caches: every way in
 * which a writer's stores may fall between a reader's looks at the lines, and the reverse.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "drivers/seqlock.h"
#include "drivers/shared.h"
#include "test_relay.h"

#define WORDS      17u /* NavState */
#define LINES      3u
#define LINE_WORDS (SEQLOCK_LINE_OCTETS / 4u)

/* Stores of one write: the sequence, each word, the sequence. */
#define STORES (WORDS + 2u)

/* What both cores see in the end, and what the cache of the core under test holds. */
static uint32_t memory[LINES * LINE_WORDS], cache[LINES * LINE_WORDS];
static void (*before_each_line)(void);
static bool last_line_first;

static struct seqlock *lock_in(uint32_t *words)
{
    return (struct seqlock *)words;
}

/* Line by line from @from to @to, in either order, the other core in between. */
static void move(uint32_t *to, const uint32_t *from, const volatile void *start, uint32_t octets)
{
    if (before_each_line == NULL) {
        return;
    }
    const uint32_t first = (uint32_t)((const volatile uint32_t *)start - cache);
    const uint32_t lines = (octets / 4u + LINE_WORDS - 1u) / LINE_WORDS;
    for (uint32_t i = 0; i < lines; i++) {
        const uint32_t at = first + LINE_WORDS * (last_line_first ? lines - 1u - i : i);
        before_each_line();
        memcpy(to + at, from + at, SEQLOCK_LINE_OCTETS);
    }
}

void shared_publish(const volatile void *start, uint32_t octets)
{
    move(memory, cache, start, octets);
}

void shared_refresh(const volatile void *start, uint32_t octets)
{
    move(cache, memory, start, octets);
}

static void forget(void)
{
    memset(memory, 0, sizeof(memory));
    memset(cache, 0, sizeof(cache));
    before_each_line = NULL;
}

/* All words of a state are its number. */
static bool is_whole(const uint32_t words[WORDS], uint32_t number)
{
    for (uint32_t i = 0; i < WORDS; i++) {
        if (words[i] != number) {
            return false;
        }
    }
    return true;
}

static void fill(uint32_t words[WORDS], uint32_t number)
{
    for (uint32_t i = 0; i < WORDS; i++) {
        words[i] = number;
    }
}

static void what_is_written_is_read(void)
{
    uint32_t words[WORDS];

    forget();
    for (uint32_t number = 0; number < 5; number++) {
        CU_ASSERT_TRUE(seqlock_read(lock_in(memory), words, WORDS));
        CU_ASSERT_TRUE(is_whole(words, number));
        CU_ASSERT_EQUAL(memory[0], 2u * number);
        fill(words, number + 1u);
        seqlock_write(lock_in(memory), words, WORDS);
    }
}

static void nothing_is_read_between_begin_and_end(void)
{
    uint32_t words[WORDS];

    forget();
    seqlock_write_begin(lock_in(memory));
    CU_ASSERT_FALSE(seqlock_read(lock_in(memory), words, WORDS));
    seqlock_write_end(lock_in(memory), WORDS);
    CU_ASSERT_TRUE(seqlock_read(lock_in(memory), words, WORDS));
}

static void nothing_behind_the_words_is_touched(void)
{
    uint32_t words[WORDS + 1u];

    forget();
    words[WORDS] = memory[1u + WORDS] = 0x5a5a5a5au;
    fill(words, 1);
    seqlock_write(lock_in(memory), words, WORDS);
    CU_ASSERT_EQUAL(memory[1u + WORDS], 0x5a5a5a5au);
    CU_ASSERT_TRUE(seqlock_read(lock_in(memory), words, WORDS));
    CU_ASSERT_EQUAL(words[WORDS], 0x5a5a5a5au);
}

static void the_sequence_may_wrap(void)
{
    uint32_t words[WORDS];

    forget();
    memory[0] = UINT32_MAX - 1u;
    fill(words, 7);
    seqlock_write(lock_in(memory), words, WORDS);
    CU_ASSERT_EQUAL(memory[0], 0);
    CU_ASSERT_TRUE(seqlock_read(lock_in(memory), words, WORDS));
}

/* ---- a reader with a cache; the writer makes some stores before one line, some before another */

static uint32_t stored, line, first_line, first_stores, second_line, second_stores;

static void store_one(void)
{
    const uint32_t at = stored % STORES;

    if (at == 0 || at == STORES - 1u) {
        memory[0]++;
    } else {
        memory[at] = stored / STORES + 1u;
    }
    stored++;
}

static void writer_goes_on(void)
{
    const uint32_t stores =
        (line == first_line ? first_stores : 0) + (line == second_line ? second_stores : 0);

    for (uint32_t i = 0; i < stores; i++) {
        store_one();
    }
    line++;
}

static void try_all_moments(void)
{
    const uint32_t looks = 2u * LINES + 1u;
    uint32_t taken = 0, refused = 0, torn = 0, stale = 0;

    for (first_line = 0; first_line < looks; first_line++) {
        for (second_line = first_line; second_line < looks; second_line++) {
            for (first_stores = 0; first_stores <= 2u * STORES; first_stores++) {
                for (second_stores = 0; second_stores <= 2u * STORES; second_stores++) {
                    uint32_t words[WORDS];

                    forget();
                    stored = line = 0;
                    before_each_line = writer_goes_on;
                    if (seqlock_read(lock_in(cache), words, WORDS)) {
                        taken++;
                        torn += !is_whole(words, words[0]);
                        stale += words[0] < (first_line == 0 ? first_stores / STORES : 0);
                    } else {
                        refused++;
                    }
                }
            }
        }
    }
    CU_ASSERT_EQUAL(torn, 0);
    CU_ASSERT_EQUAL(stale, 0);
    CU_ASSERT_TRUE(taken > 100);
    CU_ASSERT_TRUE(refused > 1000);
}

/* A cache may fetch lines before they are asked for, so in any order. */
static void no_reader_takes_a_torn_state(void)
{
    last_line_first = false;
    try_all_moments();
    last_line_first = true;
    try_all_moments();
    last_line_first = false;
}

static void nothing(void) {}

static void a_finished_write_is_taken_at_the_first_try(void)
{
    uint32_t words[WORDS];

    forget();
    for (uint32_t number = 1; number <= 3u; number++) {
        before_each_line = NULL;
        fill(words, number);
        seqlock_write(lock_in(memory), words, WORDS);
        before_each_line = nothing;
        CU_ASSERT_TRUE(seqlock_read(lock_in(cache), words, WORDS));
        CU_ASSERT_TRUE(is_whole(words, number));
    }
}

/* ---- a writer with a cache; the other core reads memory before each line */

static uint32_t read_number, reader_took, reader_refused, reader_torn;

static void reader_looks(void)
{
    uint32_t words[WORDS];
    void (*const again)(void) = before_each_line;

    before_each_line = NULL;
    if (seqlock_read(lock_in(memory), words, WORDS)) {
        reader_took++;
        reader_torn += !is_whole(words, words[0]) || words[0] < read_number;
        read_number = words[0];
    } else {
        reader_refused++;
    }
    before_each_line = again;
}

static void no_writer_shows_a_torn_state(void)
{
    uint32_t words[WORDS];

    forget();
    read_number = reader_took = reader_refused = reader_torn = 0;
    before_each_line = reader_looks;
    for (uint32_t number = 1; number <= 10u; number++) {
        fill(words, number);
        seqlock_write(lock_in(cache), words, WORDS);
        CU_ASSERT_TRUE(is_whole(memory + 1, number));
        CU_ASSERT_EQUAL(memory[0], 2u * number);
    }
    CU_ASSERT_EQUAL(reader_torn, 0);
    CU_ASSERT_EQUAL(reader_took, 10u);
    CU_ASSERT_EQUAL(reader_refused, 10u * (LINES + 1u));
}

CU_TestInfo seqlock_tests[] = {
    {"what is written is read", what_is_written_is_read},
    {"nothing is read between begin and end", nothing_is_read_between_begin_and_end},
    {"nothing behind the words is touched", nothing_behind_the_words_is_touched},
    {"the sequence may wrap", the_sequence_may_wrap},
    {"a finished write is taken at the first try", a_finished_write_is_taken_at_the_first_try},
    {"no reader takes a torn state", no_reader_takes_a_torn_state},
    {"no writer shows a torn state", no_writer_shows_a_torn_state},
    CU_TEST_INFO_NULL,
};
