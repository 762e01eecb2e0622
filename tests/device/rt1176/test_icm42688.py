"""ICM-42688-P (DS-000347) on an LPSPI: serial interface, banks, reset, output data rates, data,
FIFO, interrupts, and where its samples come from.

SPDX-License-Identifier: Apache-2.0
"""

import math
import struct

import pytest

import qtest
import rt1176
from lpspi import CONT, RDR, TCR, TDR, Lpspi, frame

DEVICE_CONFIG, DRIVE_CONFIG, INT_CONFIG, FIFO_CONFIG = 0x11, 0x13, 0x14, 0x16
TEMP_DATA1, ACCEL_DATA_X1, GYRO_DATA_X1, INT_STATUS, FIFO_COUNTH, FIFO_DATA = (
    0x1d, 0x1f, 0x25, 0x2d, 0x2e, 0x30)
SIGNAL_PATH_RESET, INTF_CONFIG0, PWR_MGMT0, GYRO_CONFIG0, ACCEL_CONFIG0 = 0x4b, 0x4c, 0x4e, 0x4f, 0x50
TMST_CONFIG, FIFO_CONFIG1, FIFO_CONFIG2, FIFO_CONFIG3 = 0x54, 0x5f, 0x60, 0x61
INT_CONFIG0, INT_CONFIG1, INT_SOURCE0, INT_SOURCE3 = 0x63, 0x64, 0x65, 0x68
FIFO_LOST_PKT0, WHO_AM_I, REG_BANK_SEL = 0x6c, 0x75, 0x76
TMSTVAL0, OFFSET_USER0 = 0x62, 0x77
BOTH_ON = 0x0f
DATA_RDY, FIFO_THS, FIFO_FULL, RESET_DONE = 8, 4, 2, 0x10
KHZ = 6
START_NS = 30_000_000  # of the gyroscope
ACCEL_START_NS = 10_000_000
G = 9.80665
INVALID = -32768
FIFO_OCTETS = 2048


class Imu:
    def __init__(self, machine, bus=1, pcs=0):
        self.machine, self.spi, self.pcs = machine, Lpspi(machine, bus), pcs << 24
        self.spi.on(frame(8) | CONT | self.pcs)

    def transfer(self, *octets):
        """One transfer at 12 MHz; takes virtual time."""
        spi, answer = self.spi, []
        spi[TCR] = frame(8) | CONT | self.pcs
        for octet in octets:
            spi[TDR] = octet
            self.machine.step(1_000)
            answer.append(spi[RDR])
        spi[TCR] = frame(8) | self.pcs
        self.machine.step(1_000)
        return answer[1:]

    def read(self, address, count=1):
        answer = self.transfer(0x80 | address, *[0] * count)
        return answer[0] if count == 1 else answer

    def write(self, address, *values):
        self.transfer(address, *values)

    def bank(self, number):
        self.write(REG_BANK_SEL, number)

    def words(self, address, count):
        return list(struct.unpack(f">{count}h", bytes(self.read(address, 2 * count))))

    def run_on(self, ns):
        self.machine.step(ns)

    def switch_on(self, odr=KHZ, power=BOTH_ON):
        self.write(GYRO_CONFIG0, odr)
        self.write(ACCEL_CONFIG0, odr)
        self.write(PWR_MGMT0, power)
        self.run_on(START_NS)

    def push(self, text):
        self.machine.qmp.command("qom-set", path="/machine/peripheral/imu", property="push",
                                 value=text)


def start(folder, *options, samples=None):
    device = "icm-42688-p,bus=lpspi1,cs=0,id=imu"
    if samples is not None:
        (folder / "samples.csv").write_text(samples)
        device += f",samples={folder}/samples.csv"
    return rt1176.qtest_machine(folder, "-device", device, *options)


@pytest.fixture
def imu(tmp_path):
    with start(tmp_path) as machine:
        yield Imu(machine)


@pytest.fixture
def with_samples(tmp_path):
    machines = []

    def make(text):
        machines.append(start(tmp_path, samples=text))
        return Imu(machines[0].__enter__())

    yield make
    for machine in machines:
        machine.__exit__()


# ------------------------------------------------------- serial interface and register map

def test_who_am_i(imu):
    assert imu.read(WHO_AM_I) == 0x47


RESET_VALUES = {
    0: {0x11: 0, 0x13: 5, 0x14: 0, 0x16: 0, 0x1d: 0x80, 0x1e: 0, 0x1f: 0x80, 0x20: 0, 0x25: 0x80,
        0x2e: 0, 0x2f: 0, 0x30: 0xff, 0x4b: 0, 0x4c: 0x30, 0x4d: 0x91, 0x4e: 0, 0x4f: 6, 0x50: 6,
        0x51: 0x16, 0x52: 0x11, 0x53: 0x0d, 0x54: 0x23, 0x56: 0x82, 0x57: 0, 0x5f: 0, 0x60: 0,
        0x61: 0, 0x62: 0x10, 0x63: 0, 0x64: 0x10, 0x65: 0x10, 0x66: 0, 0x68: 0, 0x69: 0, 0x6c: 0,
        0x6d: 0, 0x70: 0, 0x75: 0x47},
    1: {0x03: 0x80, 0x0b: 0xa0, 0x0c: 0x0d, 0x0d: 0xaa, 0x0e: 0x80, 0x7a: 0x83, 0x7b: 0, 0x7c: 0x5f},
    2: {0x03: 0x30, 0x04: 0x40, 0x05: 0x62},
    3: {0x06: 0x88, 0x0e: 0x20},
    4: {0x40: 0xa2, 0x41: 0x85, 0x42: 0x51, 0x43: 0xa4, 0x44: 0x8c, 0x45: 0x5c, 0x46: 0x45, 0x47: 0x5b,
        0x77: 0, 0x7f: 0},
}


@pytest.mark.parametrize("bank", RESET_VALUES)
def test_reset_values(imu, bank):
    imu.bank(bank)
    assert {a: imu.read(a) for a in RESET_VALUES[bank]} == RESET_VALUES[bank]
    assert imu.read(REG_BANK_SEL) == bank


@pytest.mark.parametrize("bank, address, mask", [
    (0, DRIVE_CONFIG, 0x3f), (0, INT_CONFIG, 0x3f), (0, FIFO_CONFIG, 0xc0), (0, INTF_CONFIG0, 0xf3),
    (0, GYRO_CONFIG0, 0xef), (0, TMST_CONFIG, 0x1f), (0, FIFO_CONFIG1, 0x7f), (0, FIFO_CONFIG2, 0xff),
    (0, FIFO_CONFIG3, 0x0f), (0, INT_CONFIG0, 0x3f), (0, INT_CONFIG1, 0x70), (0, INT_SOURCE0, 0x7f),
    (0, WHO_AM_I, 0), (0, FIFO_LOST_PKT0, 0), (1, 0x0c, 0x3f), (2, 0x03, 0x7f), (4, OFFSET_USER0, 0xff)])
def test_writable_bits(imu, bank, address, mask):
    imu.bank(bank)
    fixed = imu.read(address) & ~mask
    imu.write(address, 0xff)
    assert imu.read(address) == mask | fixed
    imu.write(address, 0)
    assert imu.read(address) == fixed


def test_banks_are_apart(imu):
    """REG_BANK_SEL"""
    imu.write(0x60, 0x12)
    imu.bank(4)
    imu.write(0x77, 0x34)
    assert imu.read(0x77) == 0x34 and imu.read(WHO_AM_I) == 0
    imu.bank(0)
    assert imu.read(0x60) == 0x12 and imu.read(0x77) == 0


def test_address_increments(imu):
    imu.write(0x60, 0x11, 0x02)
    assert imu.read(0x5f, 3) == [0, 0x11, 0x02]


def test_soft_reset_takes_1_ms(imu):
    """DEVICE_CONFIG: wait 1 ms"""
    imu.write(FIFO_CONFIG2, 0x55)
    imu.read(INT_STATUS)
    imu.write(DEVICE_CONFIG, 1)
    imu.run_on(900_000)
    assert imu.read(WHO_AM_I) == 0
    imu.write(FIFO_CONFIG3, 1)
    imu.run_on(100_000)
    assert imu.read(WHO_AM_I) == 0x47
    assert imu.read(FIFO_CONFIG2, 2) == [0, 0]
    assert imu.read(INT_STATUS) == RESET_DONE
    assert imu.read(INT_STATUS) == 0  # read clears
    assert imu.read(DEVICE_CONFIG) == 0


# ----------------------------------------------------------------- data and output data rate

def line(time_ns=0, accel=(0, 0, 0), gyro=(0, 0, 0), temperature=25):
    return ",".join(str(v) for v in (time_ns, *accel, *gyro, temperature)) + "\n"


def test_asleep_data_are_invalid(imu):
    imu.run_on(50_000_000)
    assert imu.words(ACCEL_DATA_X1, 6) == [INVALID] * 6
    assert not imu.read(INT_STATUS) & DATA_RDY


def test_at_rest_without_samples(imu):
    imu.switch_on()
    assert imu.words(ACCEL_DATA_X1, 6) == [0, 0, 2048, 0, 0, 0]
    assert imu.words(TEMP_DATA1, 1) == [0]


def test_sensors_start_apart(imu):
    """Tables 1 and 2: start-up times; GYRO_MODE and ACCEL_MODE"""
    imu.write(PWR_MGMT0, BOTH_ON)
    imu.run_on(ACCEL_START_NS + 100_000)
    assert imu.words(ACCEL_DATA_X1, 6) == [0, 0, 2048] + [INVALID] * 3
    imu.run_on(START_NS - ACCEL_START_NS)
    assert imu.words(GYRO_DATA_X1, 3) == [0] * 3


@pytest.mark.parametrize("fs", range(4))
def test_full_scale_of_the_accelerometer(with_samples, fs):
    """ACCEL_CONFIG0[ACCEL_FS_SEL]: 16, 8, 4, 2 g"""
    imu = with_samples(line(accel=(G, -G / 2, 20 * G)))
    imu.write(ACCEL_CONFIG0, fs << 5 | KHZ)
    imu.write(PWR_MGMT0, BOTH_ON)
    imu.run_on(START_NS)
    assert imu.words(ACCEL_DATA_X1, 3) == [2048 << fs, -1024 << fs, 32767]


@pytest.mark.parametrize("fs", range(8))
def test_full_scale_of_the_gyroscope(with_samples, fs):
    """GYRO_CONFIG0[GYRO_FS_SEL]: 2000 to 15.625 degrees per second"""
    dps = math.radians(10)
    imu = with_samples(line(gyro=(dps, -dps, 100)))
    imu.write(GYRO_CONFIG0, fs << 5 | KHZ)
    imu.write(PWR_MGMT0, BOTH_ON)
    imu.run_on(START_NS)
    expected = round(10 * 32768 * 2 ** fs / 2000)
    assert imu.words(GYRO_DATA_X1, 3) == [expected, -expected, 32767]


@pytest.mark.parametrize("celsius", [25, 85, -40, 26])
def test_temperature(with_samples, celsius):
    """TEMP_DATA / 132.48 + 25"""
    imu = with_samples(line(temperature=celsius))
    imu.switch_on()
    assert imu.words(TEMP_DATA1, 1) == [round((celsius - 25) * 132.48)]


def test_temperature_off(with_samples):
    """PWR_MGMT0[TEMP_DIS]"""
    imu = with_samples(line(temperature=85))
    imu.switch_on(power=BOTH_ON | 0x20)
    assert imu.words(TEMP_DATA1, 1) == [INVALID]
    assert imu.words(ACCEL_DATA_X1, 3) == [0, 0, 0]


def test_little_endian_data(imu):
    """INTF_CONFIG0[SENSOR_DATA_ENDIAN]"""
    imu.write(INTF_CONFIG0, 0x20)
    imu.switch_on()
    assert imu.read(ACCEL_DATA_X1 + 4, 2) == [0x00, 0x08]


def test_user_offsets(imu):
    """OFFSET_USER0 to 8: 1/32 degree per second, 0.5 mg"""
    imu.bank(4)
    imu.write(OFFSET_USER0, 0x20, 0xf0, 0xe0, 0x40, 0x40, 0x00, 0x20, 0xf0, 0x00)
    imu.bank(0)
    imu.switch_on()
    # accel x 0x400, y 0x020, z 0xf00; gyro x 0x020, y 0xfe0, z 0x040
    expected = [round(0x400 * 0.5e-3 * 2048), round(0x20 * 0.5e-3 * 2048),
                round((1 - 0x100 * 0.5e-3) * 2048),
                round(16.384), -round(16.384), round(2 * 16.384)]
    assert imu.words(ACCEL_DATA_X1, 6) == expected


PERIODS = {1: 31_250, 2: 62_500, 3: 125_000, 4: 250_000, 5: 500_000, 6: 1_000_000, 7: 5_000_000,
           8: 10_000_000, 9: 20_000_000, 10: 40_000_000, 11: 80_000_000, 15: 2_000_000}


@pytest.mark.parametrize("odr", PERIODS)
def test_output_data_rate(imu, odr):
    """ODR: samples in the FIFO over ten periods"""
    imu.write(FIFO_CONFIG, 0x40)
    imu.write(INTF_CONFIG0, 0x70)  # count packets
    imu.switch_on(odr)
    imu.write(FIFO_CONFIG1, 3)
    imu.run_on(PERIODS[odr] - 1)
    before = int.from_bytes(imu.read(FIFO_COUNTH, 2), "big")
    now = imu.machine.now_ns
    imu.run_on(10 * PERIODS[odr] - 5_000)
    after = int.from_bytes(imu.read(FIFO_COUNTH, 2), "big")
    passed = (imu.machine.now_ns - now) / PERIODS[odr]
    assert abs(after - before - passed) <= 1


def test_samples_hold_until_the_next(with_samples):
    """Of the file: the last one at or before the time of the sample"""
    at_ns = 100_000_000
    imu = with_samples(line(0, (0, 0, G)) + "# comment\n\n" + line(at_ns, (G, 0, 0)))
    imu.switch_on()
    imu.run_on(at_ns - imu.machine.now_ns - 1_000_000)
    assert imu.words(ACCEL_DATA_X1, 3) == [0, 0, 2048]
    imu.run_on(2_000_000)
    assert imu.words(ACCEL_DATA_X1, 3) == [2048, 0, 0]


def test_a_transfer_sees_one_sample(with_samples):
    """Data registers are those of the transfer's beginning, even if a new sample comes within it."""
    at_ns = 100_000_000
    imu = with_samples(line(0, (G, G, G)) + line(at_ns, (-G, -G, -G)))
    imu.switch_on()
    imu.run_on(at_ns - imu.machine.now_ns - 500_000)
    imu.spi[TCR] = frame(8) | CONT
    octets = []
    for octet in (0x80 | ACCEL_DATA_X1, *[0] * 6):
        imu.spi[TDR] = octet
        imu.machine.step(500_000)
        octets.append(imu.spi[RDR])
    imu.spi[TCR] = frame(8)
    imu.machine.step(1_000)
    assert list(struct.unpack(">3h", bytes(octets[1:]))) == [2048] * 3
    assert imu.words(ACCEL_DATA_X1, 3) == [-2048] * 3


def test_before_the_first_sample_it_is_at_rest(with_samples):
    imu = with_samples(line(1_000_000_000, (G, 0, 0)))
    imu.switch_on()
    assert imu.words(ACCEL_DATA_X1, 3) == [0, 0, 2048]


def test_pushed_samples_replace_the_file(with_samples):
    imu = with_samples(line(0, (G, 0, 0)) + line(200_000_000, (2 * G, 0, 0)))
    imu.switch_on()
    assert imu.words(ACCEL_DATA_X1, 3) == [2048, 0, 0]
    imu.push(line(150_000_000, (0, G, 0)))
    imu.push(line(300_000_000, (0, 0, -G)))
    imu.run_on(149_000_000 - imu.machine.now_ns)
    assert imu.words(ACCEL_DATA_X1, 3) == [2048, 0, 0]
    imu.run_on(200_000_000)
    assert imu.words(ACCEL_DATA_X1, 3) == [0, 0, -2048]
    with pytest.raises(RuntimeError, match="comes after"):
        imu.push(line(imu.machine.now_ns - 1))


@pytest.mark.parametrize("text, error", [
    ("0,0,0,0,0,0,0\n", ":1: expected 8 numbers with commas between them, found 7"),
    ("# time\n0,0,0,x,0,0,0,25\n", ":2: accel_z: expected a number of at most 1e6, found 'x'"),
    ("-1,0,0,0,0,0,0,25\n", ":1: time_ns: expected nanoseconds from 0 on, found '-1'"),
    ("1.5,0,0,0,0,0,0,25\n", ":1: time_ns: expected nanoseconds from 0 on, found '1.5'"),
    ("0,0,0,nan,0,0,0,25\n", ":1: accel_z: expected a number of at most 1e6, found 'nan'"),
    (line(5) + line(5), ":2: time_ns: expected more than 5, the line before, found 5"),
    ("# nothing\n", ": no sample in it")])
def test_bad_files(tmp_path, text, error):
    path = tmp_path / "samples.csv"
    path.write_text(text)
    code, said = rt1176.try_image(None, "-device",
                                  f"icm-42688-p,bus=lpspi1,cs=0,samples={path}")
    assert code and f"{path}{error}" in said


def test_missing_file(tmp_path):
    code, said = rt1176.try_image(None, "-device",
                                  f"icm-42688-p,bus=lpspi1,cs=0,samples={tmp_path}/none.csv")
    assert code and "none.csv" in said


@pytest.mark.parametrize("options, error", [
    ("imu=lpspi7", "imu: there is no bus 'lpspi7'"),
    ("imu=lpspi1,imu-pcs=4", "imu-pcs: '4' is none of 0 to 3, and no pad"),
    ("imu=lpspi1,imu-int1=GPIO_AD_99", "imu-int1: there is no pad 'GPIO_AD_99'"),
    ("imu=lpspi1,imu-int2=X", "imu-int2: there is no pad 'X'"),
    ("imu=lpspi1,imu-samples=none.csv", "none.csv")])
def test_bad_board(options, error):
    """Machine properties of docs/devices/icm42688.md"""
    code, said = rt1176.try_image(None, machine=f"mimxrt1176,{options}")
    assert code and error in said


@pytest.mark.parametrize("bus, pcs, pad, psr", [(1, 0, None, (0x40c64008, 26)),
                                                (3, 2, "GPIO_AD_05", (0x40c64008, 4))])
def test_board(tmp_path, bus, pcs, pad, psr):
    """imu, imu-pcs, imu-int1: the pulse of data ready is on the pad (GPIO9, ALT10)."""
    model = f"mimxrt1176,imu=lpspi{bus},imu-pcs={pcs}" + (f",imu-int1={pad}" if pad else "")
    with qtest.QtestMachine(tmp_path, model) as machine:
        imu = Imu(machine, bus, pcs)
        assert imu.read(WHO_AM_I) == 0x47
        machine.write(0x400e810c + 4 * ((psr[1] + 1)), 10)
        run_with_interrupts(imu)
        machine.step(START_NS)
        levels = set()
        for _ in range(100):
            machine.step(10_000)
            levels.add(machine.read(psr[0]) >> psr[1] & 1)
        assert levels == {0, 1}


def test_chip_select_by_a_pad(tmp_path):
    """imu-pcs: a GPIO (GPIO9_IO07, ALT10 of GPIO_AD_08) instead of a PCS of the LPSPI"""
    with qtest.QtestMachine(tmp_path, "mimxrt1176,imu=lpspi2,imu-pcs=GPIO_AD_08") as machine:
        imu = Imu(machine, 2, 0)
        assert imu.read(WHO_AM_I) == 0xff  # PCS0 does not reach it
        machine.write(0x400e810c + 4 * 8, 10)
        machine.write(0x40c64000, 1 << 7)      # DR: high
        machine.write(0x40c64004, 1 << 7)      # GDIR
        assert imu.read(WHO_AM_I) == 0xff
        machine.write(0x40c64000, 0)
        assert imu.read(WHO_AM_I) == 0x47
        assert imu.read(WHO_AM_I) != 0x47      # still the same transfer
        machine.write(0x40c64000, 1 << 7)
        machine.write(0x40c64000, 0)
        assert imu.read(WHO_AM_I) == 0x47


# ----------------------------------------------------------------------------------- FIFO

def packets_of(imu, size):
    count = int.from_bytes(imu.read(FIFO_COUNTH, 2), "big")
    assert count % size == 0
    return [bytes(imu.read(FIFO_DATA, size)) for _ in range(count // size)]


SAMPLE = line(0, (G, 2 * G, -G), (math.radians(100), 0, math.radians(-100)), 35)
RAW = (2048, 4096, -2048, round(1638.4), 0, -round(1638.4))


@pytest.mark.parametrize("enabled, size, header, values", [
    (0x01, 8, 0x40, RAW[:3]), (0x02, 8, 0x20, RAW[3:]), (0x03, 16, 0x60, RAW)])
def test_packets_1_to_3(with_samples, enabled, size, header, values):
    """FIFO packet structures: header, data, temperature of 8 bits, timestamp"""
    imu = with_samples(SAMPLE)
    imu.switch_on()
    imu.write(FIFO_CONFIG1, enabled)
    imu.write(FIFO_CONFIG, 0x40)
    imu.run_on(3_000_000)
    packets = packets_of(imu, size)
    assert len(packets) >= 3
    for packet in packets:
        assert packet[0] == header
        assert struct.unpack_from(f">{len(values)}h", packet, 1) == values
        assert struct.unpack_from("b", packet, 1 + 2 * len(values))[0] == round(10 * 2.07)


def test_timestamps(with_samples):
    """FIFO_TMST_FSYNC_EN: 1 us, bits 10 in the header"""
    imu = with_samples(SAMPLE)
    imu.switch_on()
    imu.write(FIFO_CONFIG1, 0x0b)
    imu.write(FIFO_CONFIG, 0x40)
    imu.run_on(5_000_000)
    packets = packets_of(imu, 16)
    stamps = [struct.unpack_from(">H", packet, 14)[0] for packet in packets]
    assert all(packet[0] == 0x68 for packet in packets)
    assert {b - a for a, b in zip(stamps, stamps[1:])} == {1000}


@pytest.mark.parametrize("config, stamps", [(0x25, {1000}), (0x2d, {62, 63}), (0x20, {0})])
def test_timestamps_as_differences(with_samples, config, stamps):
    """TMST_CONFIG[TMST_DELTA_EN], [TMST_RES], [TMST_EN]"""
    imu = with_samples(SAMPLE)
    imu.write(TMST_CONFIG, config)
    imu.switch_on()
    imu.write(FIFO_CONFIG1, 0x0b)
    imu.write(FIFO_CONFIG, 0x40)
    imu.run_on(5_000_000)
    packets = packets_of(imu, 16)
    assert {struct.unpack_from(">H", packet, 14)[0] for packet in packets[1:]} == stamps


def test_packet_4(with_samples):
    """FIFO_HIRES_EN: 20 bits, 8192 LSB/g of 18 bits and 131 LSB/dps of 19 bits"""
    imu = with_samples(SAMPLE)
    imu.switch_on()
    imu.write(FIFO_CONFIG1, 0x1b)
    imu.write(FIFO_CONFIG, 0x40)
    imu.run_on(2_000_000)
    packet = packets_of(imu, 20)[0]
    assert packet[0] == 0x78
    high = struct.unpack_from(">6h", packet, 1)
    low = [packet[17 + n] >> 4 for n in range(3)] + [packet[17 + n] & 0xf for n in range(3)]
    values = [h << 4 | l for h, l in zip(high, low)]
    dps = round(100 * 131.072) * 2
    assert values == [8192 * 4, 2 * 8192 * 4, -8192 * 4, dps, 0, -dps]
    assert struct.unpack_from(">h", packet, 13)[0] == round(10 * 132.48)


def test_slower_sensor_is_invalid_in_between(with_samples):
    imu = with_samples(SAMPLE)
    imu.write(GYRO_CONFIG0, 15)  # 500 Hz
    imu.write(ACCEL_CONFIG0, KHZ)
    imu.write(FIFO_CONFIG1, 3)
    imu.write(PWR_MGMT0, BOTH_ON)
    imu.run_on(START_NS - 100_000)
    imu.write(FIFO_CONFIG, 0x40)
    imu.run_on(8_000_000)
    gyro_x = [struct.unpack_from(">h", packet, 7)[0] for packet in packets_of(imu, 16)]
    assert gyro_x[:5] in ([RAW[3], INVALID] * 2 + [RAW[3]], [INVALID, RAW[3]] * 2 + [INVALID])


@pytest.mark.parametrize("first, pause_ns", [(0x0c, 5_300_000), (0x03, 5_300_000), (0x03, 77_700_000)])
def test_sensors_are_in_step(with_samples, first, pause_ns):
    """Whichever is switched on first, and when the other one follows: one packet for both"""
    imu = with_samples(SAMPLE)
    imu.write(PWR_MGMT0, first)
    imu.run_on(pause_ns)
    imu.write(PWR_MGMT0, BOTH_ON)
    imu.run_on(START_NS + 2_000_000)
    imu.write(FIFO_CONFIG1, 3)
    imu.write(FIFO_CONFIG, 0x40)
    imu.run_on(10_000_000)
    packets = packets_of(imu, 16)
    assert len(packets) in (10, 11)
    assert {struct.unpack_from(">6h", packet, 1) for packet in packets} == {RAW}


def test_header_tells_a_change_of_odr(imu):
    imu.switch_on()
    imu.write(FIFO_CONFIG1, 3)
    imu.write(FIFO_CONFIG, 0x40)
    imu.write(GYRO_CONFIG0, 5)
    imu.run_on(3_000_000)
    headers = [packet[0] for packet in packets_of(imu, 16)]
    assert headers.count(0x61) == 1 and set(headers) == {0x60, 0x61}


def test_stream_drops_the_oldest_and_stop_the_newest(with_samples):
    """FIFO_MODE, FIFO_LOST_PKT, INT_STATUS[FIFO_FULL]"""
    imu = with_samples(line(0, (G, 0, 0)) + line(400_000_000, (2 * G, 0, 0)))
    imu.switch_on()
    imu.write(FIFO_CONFIG1, 3)
    for mode, oldest in ((0x40, 4096), (0x80, 2048)):
        imu.write(FIFO_CONFIG, 0)
        imu.write(FIFO_CONFIG, mode)
        imu.read(INT_STATUS)
        if mode == 0x80:
            imu.push(line(imu.machine.now_ns + 3_000, (G, 0, 0)))
            imu.push(line(imu.machine.now_ns + 140_000_000, (2 * G, 0, 0)))
            imu.run_on(5_000)
            imu.write(FIFO_CONFIG, 0)
            imu.run_on(1_000_000)
            imu.write(FIFO_CONFIG, mode)
        imu.run_on(600_000_000)
        assert imu.read(INT_STATUS) & FIFO_FULL
        assert int.from_bytes(imu.read(FIFO_COUNTH, 2), "big") == FIFO_OCTETS
        assert int.from_bytes(bytes(imu.read(FIFO_LOST_PKT0, 2)), "little") in range(471, 474)
        packet = bytes(imu.read(FIFO_DATA, 16))
        assert struct.unpack_from(">h", packet, 1)[0] == oldest


def test_flush_and_bypass_empty_the_fifo(imu):
    imu.switch_on()
    imu.write(FIFO_CONFIG1, 3)
    imu.write(FIFO_CONFIG, 0x40)
    imu.run_on(5_500_000)
    assert imu.read(FIFO_COUNTH, 2) != [0, 0]
    imu.write(SIGNAL_PATH_RESET, 2)
    assert imu.read(FIFO_COUNTH, 2) == [0, 0]
    assert imu.read(SIGNAL_PATH_RESET) == 0
    assert imu.read(FIFO_DATA) == 0xff
    imu.run_on(5_000_000)
    assert imu.read(FIFO_COUNTH, 2) != [0, 0]
    imu.write(FIFO_CONFIG, 0)
    assert imu.read(FIFO_COUNTH, 2) == [0, 0]


@pytest.mark.parametrize("resume", [False, True])
def test_packet_read_in_part(with_samples, resume):
    """FIFO_CONFIG1[FIFO_RESUME_PARTIAL_RD]"""
    imu = with_samples(SAMPLE)
    imu.switch_on()
    imu.write(FIFO_CONFIG1, 3 | resume << 6)
    imu.write(FIFO_CONFIG, 0x40)
    imu.run_on(2_000_000)
    assert imu.read(FIFO_DATA, 2) == [0x60, 0x08]
    assert imu.read(FIFO_DATA, 2) == ([0x00, 0x10] if resume else [0x60, 0x08])


def test_count_in_packets_and_little_endian(imu):
    """INTF_CONFIG0[FIFO_COUNT_REC], [FIFO_COUNT_ENDIAN]"""
    imu.switch_on()
    imu.write(FIFO_CONFIG1, 3)
    imu.write(FIFO_CONFIG, 0x40)
    imu.run_on(20_500_000)
    imu.write(PWR_MGMT0, 0)
    high, low = imu.read(FIFO_COUNTH, 2)
    octets = high << 8 | low
    imu.write(INTF_CONFIG0, 0x50)
    assert imu.read(FIFO_COUNTH, 2) == [octets // 16, 0]


# ------------------------------------------------------------------------------ interrupts

class Pins:
    """Levels of INT1 and INT2 with times, as they leave the sensor."""

    def __init__(self, machine):
        self.machine, self.level, self.edges = machine, {}, []
        self.lines = machine.process.stdout
        machine.process.stdout = self
        machine.ask("irq_intercept_out /machine/peripheral/imu int")

    def readline(self):
        text = self.lines.readline()
        word = text.split()
        if word and word[0] == "IRQ":
            level = word[1] == "raise"
            if self.level.get(int(word[2])) != level:
                self.level[int(word[2])] = level
                self.edges.append((int(word[2]), level))
        return text

    def restore(self):
        self.machine.process.stdout = self.lines


@pytest.fixture
def pins(imu):
    pins = Pins(imu.machine)
    yield pins
    pins.restore()


def run_with_interrupts(imu, config=0x1b, source0=DATA_RDY, source3=0, config1=0):
    imu.write(INT_CONFIG, config)
    imu.write(INT_CONFIG1, config1)
    imu.write(INT_SOURCE0, source0)
    imu.write(INT_SOURCE3, source3)
    imu.write(GYRO_CONFIG0, KHZ)
    imu.write(ACCEL_CONFIG0, KHZ)
    imu.write(PWR_MGMT0, BOTH_ON)


def to_next_edge(imu, pins, pin=0, level=True, limit_ns=40_000_000, step_ns=1_000):
    end = imu.machine.now_ns + limit_ns
    count = len(pins.edges)
    while imu.machine.now_ns < end:
        imu.machine.step(step_ns)
        if (pin, level) in pins.edges[count:]:
            return imu.machine.now_ns
    return None


@pytest.mark.parametrize("config1, length_ns", [(0, 100_000), (0x40, 8_000)])
def test_data_ready_pulses_at_the_odr(imu, pins, config1, length_ns):
    """INT_SOURCE0[UI_DRDY_INT1_EN]; INT_CONFIG1[INT_TPULSE_DURATION]: 100 us or 8 us"""
    run_with_interrupts(imu, config1=config1)
    imu.run_on(START_NS - 1_000_000)
    first = to_next_edge(imu, pins)
    end = to_next_edge(imu, pins, level=False)
    second = to_next_edge(imu, pins)
    assert end - first == length_ns
    assert second - first == 1_000_000


def test_polarity_and_second_pin(imu, pins):
    """INT_CONFIG[INT1_POLARITY], INT_SOURCE3"""
    run_with_interrupts(imu, config=0x18, source0=0, source3=DATA_RDY)
    assert pins.level[0] is True and pins.level.get(1, False) is False
    imu.run_on(START_NS - 1_000_000)
    assert to_next_edge(imu, pins, 1)
    assert pins.level[0] is True


@pytest.mark.parametrize("how, by_status, by_data", [(0, True, False), (1, True, False),
                                                     (2, False, True), (3, True, True)])
def test_latched_until_read(imu, pins, how, by_status, by_data):
    """INT_CONFIG[INT1_MODE], INT_CONFIG0[UI_DRDY_INT_CLEAR]"""
    imu.write(INT_CONFIG0, how << 4)
    run_with_interrupts(imu, config=0x07)
    for clears, read in ((by_status, INT_STATUS), (by_data, ACCEL_DATA_X1)):
        imu.write(PWR_MGMT0, 0)
        imu.read(INT_STATUS)
        imu.read(ACCEL_DATA_X1)
        assert not pins.level.get(0)
        imu.write(PWR_MGMT0, BOTH_ON)
        imu.run_on(START_NS)
        imu.write(PWR_MGMT0, 0)
        assert pins.level[0]
        imu.read(read)
        assert pins.level[0] != clears


def test_pins_need_async_reset_cleared(imu, pins):
    """INT_CONFIG1[INT_ASYNC_RESET]: for proper operation software has to clear it."""
    run_with_interrupts(imu, config1=0x10)
    imu.run_on(2 * START_NS)
    assert imu.read(INT_STATUS) & DATA_RDY
    assert not pins.level.get(0)


@pytest.mark.parametrize("octets, packets", [(64, 4), (65, 5)])
def test_watermark(imu, pins, octets, packets):
    """FIFO_WM, INT_SOURCE0[FIFO_THS_INT1_EN]"""
    imu.write(FIFO_CONFIG2, octets, 0)
    imu.write(FIFO_CONFIG1, 3)
    imu.write(FIFO_CONFIG, 0x40)
    run_with_interrupts(imu, source0=FIFO_THS)
    imu.run_on(ACCEL_START_NS - 1_000_000)
    start_ns = imu.machine.now_ns
    at_ns = to_next_edge(imu, pins)
    assert (at_ns - start_ns) // 1_000_000 == packets - 1 or at_ns - start_ns < packets * 1_000_000
    imu.write(PWR_MGMT0, 0)
    assert int.from_bytes(imu.read(FIFO_COUNTH, 2), "big") in (16 * packets, 16 * packets + 16)
    assert imu.read(INT_STATUS) & FIFO_THS


def test_watermark_repeats_or_not(imu, pins):
    """FIFO_CONFIG1[FIFO_WM_GT_TH]: at each sample above it, or once"""
    for repeats in (False, True):
        imu.write(FIFO_CONFIG, 0)
        imu.write(FIFO_CONFIG2, 32, 0)
        imu.write(FIFO_CONFIG1, 3 | repeats << 5)
        imu.write(FIFO_CONFIG, 0x40)
        run_with_interrupts(imu, source0=FIFO_THS)
        imu.run_on(START_NS)
        pins.edges.clear()
        imu.run_on(10_000_000)
        assert (len(pins.edges) > 10) == repeats


def test_status_without_a_pin(imu):
    imu.switch_on()
    imu.run_on(2_000_000)
    assert imu.read(INT_STATUS) == RESET_DONE | DATA_RDY
    assert imu.read(INT_STATUS) in (0, DATA_RDY)


# ----------------------------------------------------------------------------- odds and ends

def test_timestamp_strobe(imu):
    """SIGNAL_PATH_RESET[TMST_STROBE]: 20 bits to TMSTVAL; TMST_CONFIG[TMST_RES]: 1 or 16 us"""
    for res, unit in ((0, 1_000), (8, 16_000)):
        imu.write(TMST_CONFIG, 0x21 | res)
        imu.run_on(40_000_000)
        imu.write(SIGNAL_PATH_RESET, 4)
        now = imu.machine.now_ns
        imu.bank(1)
        value = int.from_bytes(bytes(imu.read(TMSTVAL0, 3)), "little")
        imu.bank(0)
        assert abs(value - now // unit) <= 10


def test_saved_with_its_fifo_and_samples(tmp_path):
    """The rest of a run is the same with and without a move in between."""
    state = tmp_path / "state"

    def begin(machine):
        imu = Imu(machine)
        imu.write(INT_CONFIG1, 0)
        imu.write(FIFO_CONFIG1, 0x0b)
        imu.write(FIFO_CONFIG, 0x40)
        imu.switch_on()
        imu.push(line(machine.now_ns + 4_000_000, (0, 2 * G, 0)))
        imu.run_on(2_300_000)
        return machine.now_ns

    def rest(machine):
        imu = Imu.__new__(Imu)
        imu.machine, imu.spi, imu.pcs = machine, Lpspi(machine), 0
        machine.step(5_000_000)
        return imu.read(INT_STATUS), packets_of(imu, 16)

    with start(tmp_path, samples=SAMPLE) as machine:
        begin(machine)
        expected = rest(machine)
        machine.quit()
    with start(tmp_path, samples=SAMPLE) as machine:
        now_ns = begin(machine)
        machine.qmp.save_state(state)
        machine.quit()
    with start(tmp_path, "-incoming", f"file:{state}", samples=SAMPLE) as machine:
        machine.resume(now_ns)
        assert rest(machine) == expected
    assert len(expected[1]) >= 7
