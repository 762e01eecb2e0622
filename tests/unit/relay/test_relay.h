/*
 * Suites of the relay tests.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_RELAY_TEST_RELAY_H
#define TESTS_RELAY_TEST_RELAY_H

#include <CUnit/CUnit.h>
#include <stdint.h>

extern CU_TestInfo crypto_tests[], window_tests[], frame_tests[], session_tests[], framing_tests[],
    node_tests[], seqlock_tests[];

/* A generator of test data, the same in every run (xorshift64). */
uint64_t test_random(void);

#endif
