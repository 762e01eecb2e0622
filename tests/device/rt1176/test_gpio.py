"""GPIO and pads (IMXRT1170RM, chapters "General Purpose Input/Output", "External Signals and
Pin Multiplexing", "IOMUX Controller").

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import qtest
import rt1176

DR, GDIR, PSR, ICR1, ICR2, IMR, ISR, EDGE_SEL = range(0, 0x20, 4)
DR_SET, DR_CLEAR, DR_TOGGLE = 0x84, 0x88, 0x8c
IOMUXC, LPSR, SNVS, GPR = 0x400e8000, 0x40c08000, 0x40c94000, 0x400e4000
SION = 1 << 4
LOW, HIGH, RISING, FALLING = range(4)
# SW_PAD_CTL_PAD: pulls of pads with PULL, and of those with PUE and PUS
PULL_UP, PULL_DOWN, NO_PULL = 1 << 2, 2 << 2, 3 << 2
PUE, PUS, ODE = 1 << 2, 1 << 3, 1 << 4

MAIN = ([f"GPIO_EMC_B1_{n:02}" for n in range(42)] + [f"GPIO_EMC_B2_{n:02}" for n in range(21)] +
        [f"GPIO_AD_{n:02}" for n in range(36)] + [f"GPIO_SD_B1_{n:02}" for n in range(6)] +
        [f"GPIO_SD_B2_{n:02}" for n in range(12)] + [f"GPIO_DISP_B1_{n:02}" for n in range(12)] +
        [f"GPIO_DISP_B2_{n:02}" for n in range(16)])
LPSR_PADS = [f"GPIO_LPSR_{n:02}" for n in range(16)]
SNVS_PADS = ["WAKEUP", "PMIC_ON_REQ", "PMIC_STBY_REQ"] + [f"GPIO_SNVS_{n:02}" for n in range(10)]

BASE = {**{n: 0x4012c000 + 0x4000 * (n - 1) for n in range(1, 7)},
        **{n: 0x40c5c000 + 0x4000 * (n - 7) for n in range(7, 13)},
        13: 0x40ca0000, "CM7_2": 0x42008000, "CM7_3": 0x4200c000}


def pads_of(port):
    if port in (6, 12):
        return LPSR_PADS
    if port == 13:
        return SNVS_PADS
    number = int(port[-1]) if isinstance(port, str) else (port - 1) % 6 + 1
    return MAIN[32 * (number - 1):32 * number]


class Port(qtest.Block):
    def __init__(self, machine, number):
        super().__init__(machine, BASE[number])


def mux_address(pad):
    if pad in MAIN:
        return IOMUXC + 0x10 + 4 * MAIN.index(pad)
    return (LPSR + 4 * LPSR_PADS.index(pad) if pad in LPSR_PADS
            else SNVS + 4 * SNVS_PADS.index(pad))


def control_address(pad):
    if pad in MAIN:
        return IOMUXC + 0x254 + 4 * MAIN.index(pad)
    return (LPSR + 0x40 + 4 * LPSR_PADS.index(pad) if pad in LPSR_PADS
            else SNVS + 0x40 + 4 * SNVS_PADS.index(pad))


def mux(machine, pad, value):
    machine.write(mux_address(pad), value)


def control(machine, pad, value):
    machine.write(control_address(pad), value)


def number_of(pad):
    return (MAIN + LPSR_PADS + SNVS_PADS).index(pad)


def drive(machine, pad, level):
    """From outside; -1: released."""
    machine.ask(f"set_irq_in /machine/pads unnamed-gpio-in {number_of(pad)}"
                f" {int(level)}")


def edges(machine, pad):
    return [(int(time), int(level)) for word, name, time, level in
            (line.split() for line in machine.qmp.wire_log().splitlines()
             if line.startswith("edge ")) if name == pad]


def levels(machine, pad):
    return [level for _, level in edges(machine, pad)]


# ---------------------------------------------------------------- registers

@pytest.mark.parametrize("number", BASE)
def test_registers(machine, number):
    port = Port(machine, number)
    assert [port[r] for r in (GDIR, ICR1, ICR2, IMR, EDGE_SEL)] == [0] * 5
    assert port[DR] == port[PSR], "inputs: what the pads' pulls give"
    for register in (GDIR, ICR1, ICR2, IMR, EDGE_SEL, DR):
        port[register] = 0xa5a5a5a5
        assert port[register] & (port[GDIR] if register == DR else 0xffffffff) == 0xa5a5a5a5
    port[GDIR] = 0xffffffff
    assert port[DR] == 0xa5a5a5a5
    port[DR_SET] = 0x0000ffff
    assert port[DR] == 0xa5a5ffff
    port[DR_CLEAR] = 0xff0000ff
    assert port[DR] == 0x00a5ff00
    port[DR_TOGGLE] = 0x0f0f0f0f
    assert port[DR] == 0x0faaf00f
    assert [port[r] for r in (DR_SET, DR_CLEAR, DR_TOGGLE)] == [0] * 3
    psr = port[PSR]
    port[PSR] = ~psr & 0xffffffff
    assert port[PSR] == psr, "read-only"


# ------------------------------------------------------- outputs and the mux

@pytest.mark.parametrize("number", BASE)
def test_every_output_reaches_its_pad(machine, number):
    """Signal n of the port at the pad that the multiplexer's table gives it."""
    port = Port(machine, number)
    pads = pads_of(number)
    alt = 10 if number in range(7, 13) else 5
    for pad in pads:
        mux(machine, pad, alt)
    for register in range(40, 44):
        machine.write(GPR + 4 * register, 0xffff if isinstance(number, str) else 0)
    port[GDIR] = 0xffffffff
    for bit, pad in enumerate(pads):
        machine.step(1000)
        port[DR_SET] = 1 << bit
        assert edges(machine, pad)[-1] == (machine.now_ns, 1)
        port[DR_CLEAR] = 1 << bit
        assert edges(machine, pad)[-1] == (machine.now_ns, 0)
    assert len(pads) == 32 or number in (5, 6, 11, 12, 13)


def test_pad_of_another_function_does_not_follow(machine):
    port = Port(machine, 3)
    mux(machine, "GPIO_AD_04", 0)
    port[GDIR] = port[DR] = 1 << 3
    assert edges(machine, "GPIO_AD_04") == []
    mux(machine, "GPIO_AD_04", 5)
    assert levels(machine, "GPIO_AD_04") == [1]
    control(machine, "GPIO_AD_04", 0)
    mux(machine, "GPIO_AD_04", 1)
    assert levels(machine, "GPIO_AD_04") == [1, 0]


@pytest.mark.parametrize("pad, first, second, bit", [("GPIO_AD_04", 3, 9, 3), ("GPIO_LPSR_05", 6, 12, 5),
                                                     ("GPIO_DISP_B2_15", 5, 11, 16)])
def test_alt5_and_alt10_are_two_ports(machine, pad, first, second, bit):
    for number in (first, second):
        Port(machine, number)[GDIR] = 1 << bit
    control(machine, pad, 0)
    mux(machine, pad, 5)
    Port(machine, second)[DR] = 1 << bit
    assert 1 not in levels(machine, pad)
    mux(machine, pad, 10)
    assert levels(machine, pad)[-1] == 1
    Port(machine, first)[DR] = 1 << bit
    Port(machine, second)[DR] = 0
    assert levels(machine, pad)[-1] == 0


@pytest.mark.parametrize("gpr, slow, fast, pad, bit", [
    (40, 2, "CM7_2", "GPIO_EMC_B1_35", 3), (41, 2, "CM7_2", "GPIO_AD_00", 31),
    (42, 3, "CM7_3", "GPIO_AD_04", 3), (43, 3, "CM7_3", "GPIO_AD_32", 31)])
def test_gpr40_to_43_choose_the_fast_port(machine, gpr, slow, fast, pad, bit):
    control(machine, pad, 0)
    mux(machine, pad, 5)
    for number in (slow, fast):
        Port(machine, number)[GDIR] = 1 << bit
    Port(machine, fast)[DR] = 1 << bit
    assert 1 not in levels(machine, pad)
    machine.write(GPR + 4 * gpr, 1 << bit % 16)
    assert levels(machine, pad)[-1] == 1
    machine.write(GPR + 4 * gpr, 0xffff & ~(1 << bit % 16))
    assert levels(machine, pad)[-1] == 0


@pytest.mark.parametrize("pad, port, bit, ode", [("GPIO_AD_04", 3, 3, 1 << 4), ("GPIO_EMC_B1_02", 1, 2, 1 << 4),
                                                 ("GPIO_LPSR_05", 6, 5, 1 << 5), ("GPIO_SNVS_02", 13, 5, 1 << 6)])
def test_open_drain(machine, pad, port, bit, ode):
    control(machine, pad, ode)
    mux(machine, pad, 5 | SION)
    Port(machine, port)[DR] = 1 << bit
    Port(machine, port)[GDIR] = 1 << bit
    assert not Port(machine, port)[PSR] & 1 << bit, "it cannot drive high"
    drive(machine, pad, 1)
    assert Port(machine, port)[PSR] & 1 << bit
    Port(machine, port)[DR] = 0
    assert not Port(machine, port)[PSR] & 1 << bit
    drive(machine, pad, -1)
    Port(machine, port)[DR] = 1 << bit
    control(machine, pad, 0)
    assert Port(machine, port)[PSR] & 1 << bit, "push-pull it can"


# ------------------------------------------------------------------- inputs

@pytest.mark.parametrize("number", BASE)
def test_every_input_comes_from_its_pad(machine, number):
    port = Port(machine, number)
    alt = 10 if number in range(7, 13) else 5
    for register in range(40, 44):
        machine.write(GPR + 4 * register, 0xffff if isinstance(number, str) else 0)
    for bit, pad in enumerate(pads_of(number)):
        mux(machine, pad, alt)
        drive(machine, pad, 1)
        assert port[PSR] >> bit & 1
        assert port[DR] >> bit & 1, "DR reads inputs"
        drive(machine, pad, 0)
        assert not port[PSR] >> bit & 1
        drive(machine, pad, -1)


@pytest.mark.parametrize("pad, port, bit, values", [
    ("GPIO_EMC_B1_02", 1, 2, {PULL_UP: 1, PULL_DOWN: 0, NO_PULL: 0}),
    ("GPIO_EMC_B2_20", 2, 30, {PULL_UP: 1, PULL_DOWN: 0}),
    ("GPIO_AD_00", 2, 31, {PUE | PUS: 1, PUE: 0, PUS: 0}),
    ("GPIO_AD_35", 4, 2, {PUE | PUS: 1, PUE: 0, PUS: 0}),
    ("GPIO_SD_B1_00", 4, 3, {PULL_UP: 1, PULL_DOWN: 0}),
    ("GPIO_DISP_B1_11", 5, 0, {PULL_UP: 1, PULL_DOWN: 0}),
    ("GPIO_DISP_B2_00", 5, 1, {PUE | PUS: 1, PUE: 0, PUS: 0}),
    ("GPIO_LPSR_00", 6, 0, {PUE | PUS: 1, PUE: 0, PUS: 0}),
    ("WAKEUP", 13, 0, {PUE | PUS: 1, PUE: 0, PUS: 0}),
])
def test_pulls(machine, pad, port, bit, values):
    mux(machine, pad, 5)
    for value, level in values.items():
        control(machine, pad, value)
        assert Port(machine, port)[PSR] >> bit & 1 == level
        drive(machine, pad, not level)
        assert Port(machine, port)[PSR] >> bit & 1 != level, "weaker than what drives it"
        drive(machine, pad, -1)


def test_input_of_a_pad_that_is_not_muxed_reads_0(machine):
    drive(machine, "GPIO_AD_04", 1)
    mux(machine, "GPIO_AD_04", 0)
    assert not Port(machine, 3)[PSR] & 8
    mux(machine, "GPIO_AD_04", SION)
    assert Port(machine, 3)[PSR] & 8, "GPIO capture by SION"
    mux(machine, "GPIO_AD_04", 5)
    assert Port(machine, 3)[PSR] & 8


def test_output_reads_back_in_psr_with_sion_only(machine):
    port = Port(machine, 3)
    mux(machine, "GPIO_AD_04", 5)
    port[GDIR] = port[DR] = 8
    assert port[DR] & 8
    assert not port[PSR] & 8
    mux(machine, "GPIO_AD_04", 5 | SION)
    assert port[PSR] & 8


# --------------------------------------------------------------- interrupts

IRQS = {1: (100, 101), 2: (102, 103), 3: (104, 105), 4: (106, 107), 5: (108, 109), 6: (61, 62),
        7: (99, 99), 8: (99, 99), 9: (99, 99), 10: (99, 99), 11: (99, 99), 12: (61, 62),
        13: (93, 93), "CM7_2": (99, 99), "CM7_3": (99, 99)}


def quiet(port):
    """No flag is set: of all inputs only edges count."""
    port[ICR1] = port[ICR2] = 0xaaaaaaaa
    port[ISR] = 0xffffffff
    assert port[ISR] == 0


@pytest.mark.parametrize("number", IRQS)
def test_interrupts_are_combined_per_half(machine, number):
    port = Port(machine, number)
    pads = pads_of(number)
    for register in range(40, 44):
        machine.write(GPR + 4 * register, 0xffff if isinstance(number, str) else 0)
    for half, bit in ((0, 2), (1, 16 if number in (5, 11) else 18)):
        if bit >= len(pads):
            continue
        mux(machine, pads[bit], 10 if number in range(7, 13) else 5)
        drive(machine, pads[bit], 0)
        quiet(port)
        drive(machine, pads[bit], 1)
        assert port[ISR] == 1 << bit
        assert not machine.irq(IRQS[number][half])
        port[IMR] = 1 << bit
        assert machine.irq(IRQS[number][half])
        if IRQS[number][0] != IRQS[number][1]:
            assert not machine.irq(IRQS[number][1 - half])
        port[ISR] = 1 << bit
        assert port[ISR] == 0
        assert not machine.irq(IRQS[number][half])
        port[IMR] = 0


@pytest.mark.parametrize("icr, edge_sel, flags", [
    (RISING, 0, [1, 0, 1]), (FALLING, 0, [0, 1, 0]), (RISING, 1, [1, 1, 1]), (LOW, 1, [1, 1, 1])])
@pytest.mark.parametrize("bit", [3, 20])
def test_edges(machine, icr, edge_sel, flags, bit):
    port = Port(machine, 3)
    pad = pads_of(3)[bit]
    mux(machine, pad, 5)
    drive(machine, pad, 0)
    quiet(port)
    shift = 2 * (bit % 16)
    port[ICR1 + 4 * (bit // 16)] = 0xaaaaaaaa & ~(3 << shift) | icr << shift
    port[EDGE_SEL] = edge_sel << bit
    port[ISR] = 0xffffffff
    seen = []
    for level in (1, 0, 1):
        drive(machine, pad, level)
        seen.append(port[ISR] >> bit & 1)
        port[ISR] = 1 << bit
        assert not port[ISR] >> bit & 1
    assert seen == flags


@pytest.mark.parametrize("icr, active", [(LOW, 0), (HIGH, 1)])
def test_levels_come_back_until_they_are_gone(machine, icr, active):
    port = Port(machine, 3)
    mux(machine, "GPIO_AD_04", 5)
    drive(machine, "GPIO_AD_04", not active)
    quiet(port)
    port[ICR1] = 0xaaaaaa2a | icr << 6
    assert port[ISR] == 0
    drive(machine, "GPIO_AD_04", active)
    assert port[ISR] == 8
    port[ISR] = 8
    assert port[ISR] == 8
    drive(machine, "GPIO_AD_04", not active)
    assert port[ISR] == 8, "it stays until software clears it"
    port[ISR] = 8
    assert port[ISR] == 0


def test_pad_that_was_never_an_output_shows_no_edges(machine):
    drive(machine, "GPIO_AD_04", 1)
    assert edges(machine, "GPIO_AD_04") == []


def test_vmstate(tmp_path):
    state = tmp_path / "state"
    with rt1176.qtest_machine(tmp_path) as source:
        port = Port(source, 3)
        mux(source, "GPIO_AD_04", 5)
        mux(source, "GPIO_AD_05", 5)
        port[GDIR] = port[DR] = 1 << 4
        drive(source, "GPIO_AD_04", 1)
        port[ICR1], port[ICR2], port[IMR], port[EDGE_SEL] = 0x55, 0x66, 0x77, 0x88
        before = [port[r] for r in (DR, GDIR, PSR, ICR1, ICR2, IMR, ISR, EDGE_SEL)]
        source.qmp.save_state(state)
    (tmp_path / "there").mkdir()
    with rt1176.qtest_machine(tmp_path / "there", "-incoming", f"file:{state}") as target:
        target.resume(1000)
        port = Port(target, 3)
        assert [port[r] for r in (DR, GDIR, PSR, ICR1, ICR2, IMR, ISR, EDGE_SEL)] == before
        assert port[PSR] & 8
        port[DR_CLEAR] = 1 << 4
        assert levels(target, "GPIO_AD_05")[-1] == 0
