"""GPT (IMXRT1170RM, chapter "General Purpose Timer").

SPDX-License-Identifier: Apache-2.0
"""

import pytest

import rt1176

GPT1, GPT1_IRQ = 0x400ec000, 119
GPT6, GPT6_IRQ = 0x40100000, 124
CR, PR, SR, IR, OCR1, OCR2, OCR3, CNT = 0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x24
EN, ENMOD, CLK_ROOT, FRR, SWR = 1 << 0, 1 << 1, 1 << 6, 1 << 9, 1 << 15
OF1, OF2, OF3, ROV = 1, 2, 4, 32
MICROSECOND = 24 - 1  # prescaler for 1 MHz from 24 MHz


def start(machine, base=GPT1, mode=0, prescaler=MICROSECOND):
    machine.write(base + PR, prescaler)
    machine.write(base + CR, EN | ENMOD | CLK_ROOT | mode)


def test_reset_values(machine):
    assert machine.read(GPT1 + CR) == 0
    assert [machine.read(GPT1 + r) for r in (OCR1, OCR2, OCR3)] == [0xffffffff] * 3
    machine.step(1000)
    assert machine.read(GPT1 + CNT) == 0


@pytest.mark.parametrize("prescaler, ticks", [(0, 24_000), (23, 1_000), (4095, 5)])
def test_counts_the_clock_root(machine, prescaler, ticks):
    start(machine, mode=FRR, prescaler=prescaler)
    machine.step(1_000_000)
    assert machine.read(GPT1 + CNT) in (ticks - 1, ticks)  # 24 MHz is no whole ns


def test_second_is_exact(machine):
    """No drift: after 10 s the count is off by the rounding of the period only."""
    start(machine, mode=FRR, prescaler=0)
    machine.step(10_000_000_000)
    assert abs(machine.read(GPT1 + CNT) - 240_000_000) <= 1


@pytest.mark.parametrize("source, hz", [(5, 16_000_000), (4, 32_768)])
def test_other_clock_sources(machine, source, hz):
    machine.write(GPT1 + CR, EN | ENMOD | FRR | source << 6 | 1 << 10)
    machine.step(1_000_000_000)
    assert abs(machine.read(GPT1 + CNT) - hz) <= 1


def test_no_clock_source_stands_still(machine):
    machine.write(GPT1 + CR, EN | ENMOD | FRR)
    machine.step(1_000_000)
    assert machine.read(GPT1 + CNT) == 0


def test_restart_mode_interrupts_with_its_period(machine):
    start(machine)
    machine.write(GPT1 + OCR1, 999)
    machine.write(GPT1 + IR, OF1)
    machine.step(998_000)
    assert not machine.irq(GPT1_IRQ)
    machine.step(2_000)
    assert machine.irq(GPT1_IRQ)
    machine.write(GPT1 + SR, OF1)
    assert not machine.irq(GPT1_IRQ)
    machine.step(995_000)
    assert not machine.irq(GPT1_IRQ)
    machine.step(5_000)
    assert machine.irq(GPT1_IRQ)
    machine.step(3_000)
    assert machine.read(GPT1 + CNT) < 10


def test_flags_without_interrupt_enable(machine):
    start(machine)
    machine.write(GPT1 + OCR2, 10)
    machine.step(20_000)
    assert machine.read(GPT1 + SR) == OF2
    assert not machine.irq(GPT1_IRQ)
    machine.write(GPT1 + IR, OF2)
    assert machine.irq(GPT1_IRQ)


def test_compare_above_ocr1_never_matches_in_restart_mode(machine):
    start(machine)
    machine.write(GPT1 + OCR1, 99)
    machine.write(GPT1 + OCR2, 100)
    machine.write(GPT1 + OCR3, 98)
    machine.step(10_000_000)
    assert machine.read(GPT1 + SR) == OF1 | OF3


def test_free_run_does_not_restart(machine):
    start(machine, mode=FRR)
    machine.write(GPT1 + OCR1, 100)
    machine.step(1_000_000)
    assert machine.read(GPT1 + CNT) in (999, 1000)
    assert machine.read(GPT1 + SR) == OF1


def test_rollover(machine):
    start(machine, mode=FRR, prescaler=0)
    machine.write(GPT1 + IR, ROV)
    machine.step(178_900_000_000)  # 2^32 / 24 MHz = 178.957 s
    assert not machine.irq(GPT1_IRQ)
    machine.step(100_000_000)
    assert machine.irq(GPT1_IRQ)


def test_write_to_ocr1_restarts_the_counter(machine):
    start(machine)
    machine.step(500_000)
    machine.write(GPT1 + OCR1, 999)
    assert machine.read(GPT1 + CNT) == 0


def test_disabled_counter_freezes_and_goes_on(machine):
    start(machine, mode=FRR)
    machine.step(500_000)
    machine.write(GPT1 + CR, CLK_ROOT | FRR)
    frozen = machine.read(GPT1 + CNT)
    machine.step(500_000)
    assert machine.read(GPT1 + CNT) == frozen
    machine.write(GPT1 + CR, EN | CLK_ROOT | FRR)  # ENMOD = 0
    machine.step(100_000)
    assert machine.read(GPT1 + CNT) - frozen in (99, 100)


def test_enable_mode_1_counts_from_zero(machine):
    start(machine, mode=FRR)
    machine.step(500_000)
    machine.write(GPT1 + CR, CLK_ROOT | FRR | ENMOD)
    machine.write(GPT1 + CR, EN | CLK_ROOT | FRR | ENMOD)
    assert machine.read(GPT1 + CNT) == 0


def test_software_reset_keeps_clock_source_and_enable(machine):
    start(machine, mode=FRR)
    machine.write(GPT1 + OCR2, 5)
    machine.write(GPT1 + CR, machine.read(GPT1 + CR) | SWR)
    assert machine.read(GPT1 + CR) == EN | ENMOD | CLK_ROOT
    assert machine.read(GPT1 + OCR2) == 0xffffffff
    assert machine.read(GPT1 + PR) == 0


def test_sixth_timer_has_its_own_interrupt(machine):
    start(machine, base=GPT6)
    machine.write(GPT6 + OCR1, 9)
    machine.write(GPT6 + IR, OF1)
    machine.step(20_000)
    assert machine.irq(GPT6_IRQ)
    assert not machine.irq(GPT1_IRQ)


def test_closed_gate_stops_the_counter(machine):
    start(machine, mode=FRR)
    machine.step(100_000)
    count = machine.read(GPT1 + CNT)
    machine.write(rt1176.lpcg(64), 0)  # LPCG64: GPT1
    machine.step(100_000)
    machine.write(rt1176.lpcg(64), 1)
    assert machine.read(GPT1 + CNT) == count


# --------------------------------------------------------------------- pins

IF1, IF2 = 8, 16
ICR1, ICR2 = 0x1c, 0x20
RISING, FALLING, BOTH = 1, 2, 3
TOGGLE, CLEAR, SET, PULSE = 1, 2, 3, 4


def im(n, mode):
    return mode << 16 + 2 * (n - 1)


def om(n, mode):
    return mode << 20 + 3 * (n - 1)


def fo(n):
    return 1 << 28 + n


def capture(machine, n, level, gpt="gpt1"):
    machine.ask(f"set_irq_in /machine/{gpt} capture {n - 1} {level}")


def edges(machine, pin):
    return [(int(time), int(level)) for word, name, time, level in
            (line.split() for line in machine.qmp.wire_log().splitlines()
             if line.startswith("edge ")) if name == pin]


@pytest.mark.parametrize("n, register, flag", [(1, ICR1, IF1), (2, ICR2, IF2)])
@pytest.mark.parametrize("mode, captures", [(0, [0, 0, 0, 0]), (RISING, [1, 0, 1, 0]),
                                            (FALLING, [0, 1, 0, 1]), (BOTH, [1, 1, 1, 1])])
def test_input_capture(machine, n, register, flag, mode, captures):
    """Section "Input Capture": IMn choose the edges."""
    start(machine, mode=FRR | im(n, mode))
    machine.write(GPT1 + IR, flag)
    expected = 0
    for step, level in enumerate((1, 0, 1, 0)):
        machine.step(100_500)
        capture(machine, n, level)
        assert machine.irq(GPT1_IRQ) == bool(captures[step])
        assert machine.read(GPT1 + SR) & (IF1 | IF2) == (flag if captures[step] else 0)
        if captures[step]:
            expected = machine.now_ns // 1000
        assert machine.read(GPT1 + register) in (expected, expected - 1)
        machine.write(GPT1 + SR, flag)
        assert not machine.irq(GPT1_IRQ)
    assert machine.read(GPT1 + (ICR1 if n == 2 else ICR2)) == 0


def test_no_capture_while_disabled(machine):
    machine.write(GPT1 + CR, im(1, BOTH) | FRR)
    capture(machine, 1, 1)
    assert machine.read(GPT1 + SR) == 0


def test_capture_registers_are_read_only(machine):
    machine.write(GPT1 + ICR1, 5)
    assert machine.read(GPT1 + ICR1) == 0


@pytest.mark.parametrize("n, register", [(1, OCR1), (2, OCR2), (3, OCR3)])
def test_output_toggles_at_every_match(machine, n, register):
    """No flag and no interrupt is asked for: edges come at their times."""
    machine.write(GPT1 + OCR1, 99)
    machine.write(GPT1 + register, 99)
    start(machine, mode=om(n, TOGGLE))
    machine.step(450_000)
    seen = edges(machine, f"GPT1_COMPARE{n}")
    assert [level for _, level in seen] == [0, 1, 0, 1, 0]
    times = [time for time, _ in seen[1:]]
    assert times[0] in range(99_000, 99_003)
    assert all(b - a in range(99_999, 100_003) for a, b in zip(times, times[1:]))


@pytest.mark.parametrize("mode, levels", [(SET, [0, 1]), (CLEAR, [0]), (0, [])])
def test_output_modes(machine, mode, levels):
    start(machine, mode=FRR | om(2, mode))
    machine.write(GPT1 + OCR2, 10)
    machine.step(100_000)
    assert [level for _, level in edges(machine, "GPT1_COMPARE2")] == levels


def test_output_pulse_is_one_clock(machine):
    start(machine, mode=FRR | om(3, PULSE))
    machine.write(GPT1 + OCR3, 10)
    machine.step(100_000)
    (_, idle), (low_ns, low), (high_ns, high) = edges(machine, "GPT1_COMPARE3")
    assert (idle, low, high) == (1, 0, 1)
    assert high_ns - low_ns == 42  # 24 MHz


def test_forced_compare(machine):
    """FOn: the output's action without its flag; reads 0."""
    machine.write(GPT1 + CR, om(1, TOGGLE) | om(2, SET))
    machine.write(GPT1 + CR, om(1, TOGGLE) | om(2, SET) | fo(1))
    assert [level for _, level in edges(machine, "GPT1_COMPARE1")] == [0, 1]
    assert [level for _, level in edges(machine, "GPT1_COMPARE2")] == [0]
    machine.write(GPT1 + CR, om(1, TOGGLE) | om(2, SET) | fo(1) | fo(2))
    assert [level for _, level in edges(machine, "GPT1_COMPARE1")] == [0, 1, 0]
    assert [level for _, level in edges(machine, "GPT1_COMPARE2")] == [0, 1]
    assert machine.read(GPT1 + SR) == 0
    assert machine.read(GPT1 + CR) == om(1, TOGGLE) | om(2, SET)


def test_software_reset_takes_outputs_back(machine):
    machine.write(GPT1 + CR, om(1, SET) | fo(1))
    machine.write(GPT1 + CR, om(1, SET) | SWR)
    assert edges(machine, "GPT1_COMPARE1")[-1][1] == 0


def test_external_clock_stands_still(machine):
    machine.write(GPT1 + CR, EN | ENMOD | FRR | 3 << 6)
    machine.step(1_000_000)
    assert machine.read(GPT1 + CNT) == 0


@pytest.mark.parametrize("number", range(1, 7))
def test_pins_of_each_timer(machine, number):
    base = GPT1 + 0x4000 * (number - 1)
    start(machine, base=base, mode=FRR | im(1, RISING) | om(1, SET))
    machine.write(base + OCR1, 5)
    machine.step(10_000)
    capture(machine, 1, 1, f"gpt{number}")
    assert machine.read(base + SR) == OF1 | IF1
    assert edges(machine, f"GPT{number}_COMPARE1")[-1][1] == 1


@pytest.mark.parametrize("register, writable", [(CR, 0x1fff07ff), (PR, 0xffff), (IR, 0x3f)])
def test_writable_bits(machine, register, writable):
    machine.write(GPT1 + register, 0xffffffff & ~(SWR if register == CR else 0))
    assert machine.read(GPT1 + register) == writable
