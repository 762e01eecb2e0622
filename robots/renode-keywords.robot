*** Comments ***
What a Renode suite imports as ${RENODEKEYWORDS}: the names of its set-up and tear-down keywords,
in the meaning they have here (docs/gates.md, "Porting a Renode suite").
SPDX-License-Identifier: Apache-2.0

*** Settings ***
Library           MewsLibrary.py

*** Keywords ***
Setup
    [Documentation]    Nothing to start: the rig is started by `Start Rig` or `Execute Script`.
    No Operation

Teardown
    Reset Emulation

Test Teardown
    Reset Emulation
