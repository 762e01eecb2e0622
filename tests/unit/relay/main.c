/*
 * Unit tests of firmware/relay and firmware/apps.
 *
 * usage: test_relay VECTORS
 * exit: 0 passed, 1 failed, 2 could not run
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <CUnit/Basic.h>
#include <stdio.h>

#include "kat.h"
#include "test_relay.h"

uint64_t test_random(void)
{
    static uint64_t state = 0x9e3779b97f4a7c15u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: test_relay VECTORS\n");
        return 2;
    }
    kat_directory = argv[1];
    CU_SuiteInfo suites[] = {
        {.pName = "crypto", .pTests = crypto_tests},
        {.pName = "replay window", .pTests = window_tests},
        {.pName = "frames", .pTests = frame_tests},
        {.pName = "session", .pTests = session_tests},
        {.pName = "framing and packets", .pTests = framing_tests},
        {.pName = "decisions of the nodes", .pTests = node_tests},
        {.pName = "sequence lock", .pTests = seqlock_tests},
        CU_SUITE_INFO_NULL,
    };
    if (CU_initialize_registry() != CUE_SUCCESS || CU_register_suites(suites) != CUE_SUCCESS) {
        return 2;
    }
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    const unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures > 0;
}
