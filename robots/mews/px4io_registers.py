"""Names of the registers of px4io-class firmware: pages, offsets, bits.

Firmware in the field has three sets of numbers under one protocol version:

px4-mixer    PX4's px4io while it had mixers and a safety switch of its own
px4          PX4's px4io since it has neither
ardupilot    ArduPilot's iofirmware; its status and RC pages hold packed octets, so their
             registers have numbers, not names

SPDX-License-Identifier: Apache-2.0
"""

from .errors import UsageError

COMMON_PAGES = {
    "CONFIG": 0,
    "STATUS": 1,
    "ACTUATORS": 2,
    "SERVOS": 3,
    "RAW_RC_INPUT": 4,
    "RC_INPUT": 5,
    "RAW_ADC_INPUT": 6,
    "PWM_INFO": 7,
    "SETUP": 50,
    "DIRECT_PWM": 54,
    "FAILSAFE_PWM": 55,
}
PX4_CONFIG = {
    "PROTOCOL_VERSION": 0,
    "HARDWARE_VERSION": 1,
    "BOOTLOADER_VERSION": 2,
    "MAX_TRANSFER": 3,
    "CONTROL_COUNT": 4,
    "ACTUATOR_COUNT": 5,
    "RC_INPUT_COUNT": 6,
    "ADC_INPUT_COUNT": 7,
}
PX4_RAW_RC = {
    "COUNT": 0,
    "FLAGS": 1,
    "NRSSI": 2,
    "DATA": 3,
    "FRAME_COUNT": 4,
    "LOST_FRAME_COUNT": 5,
    "BASE": 6,
}
PX4_STATUS = {"FREEMEM": 0, "CPULOAD": 1, "FLAGS": 2, "ALARMS": 3, "VSERVO": 6, "VRSSI": 7}
PX4_RAW_RC_BITS = {"FRAME_DROP": 0, "FAILSAFE": 1, "RC_DSM11": 2, "MAPPING_OK": 3, "RC_OK": 4}
SETUP = {
    "FEATURES": 0,
    "ARMING": 1,
    "PWM_RATES": 2,
    "PWM_DEFAULTRATE": 3,
    "PWM_ALTRATE": 4,
    "REBOOT_BL": 10,
    "CRC": 11,
}
SAFETY = {"FORCE_SAFETY_OFF": 12, "FORCE_SAFETY_ON": 14}
SAFETY_MAGIC = 22027

IO_ARM_OK, FMU_ARMED, RC_HANDLING_DISABLED = 1 << 0, 1 << 1, 1 << 6

# pages; registers by page; bits by (page, register); what arms
LAYOUTS = {
    "px4-mixer": {
        "pages": {
            **COMMON_PAGES,
            "CONTROLS": 51,
            "MIXERLOAD": 52,
            "RC_CONFIG": 53,
            "SENSORS": 56,
            "CONTROL_MIN_PWM": 106,
            "CONTROL_MAX_PWM": 107,
            "DISARMED_PWM": 108,
            "TEST": 127,
        },
        "registers": {
            "CONFIG": PX4_CONFIG,
            "STATUS": {**PX4_STATUS, "VBATT": 4, "IBATT": 5, "PRSSI": 8, "MIXER": 9},
            "RAW_RC_INPUT": PX4_RAW_RC,
            "SETUP": {**SETUP, **SAFETY, "VSERVO_SCALE": 6, "DSM": 7, "SET_DEBUG": 9},
        },
        "bits": {
            ("STATUS", "FLAGS"): {
                "OUTPUTS_ARMED": 0,
                "OVERRIDE": 1,
                "RC_OK": 2,
                "RC_PPM": 3,
                "RC_DSM": 4,
                "RC_SBUS": 5,
                "FMU_OK": 6,
                "RAW_PWM": 7,
                "MIXER_OK": 8,
                "ARM_SYNC": 9,
                "INIT_OK": 10,
                "FAILSAFE": 11,
                "SAFETY_OFF": 12,
                "FMU_INITIALIZED": 13,
                "RC_ST24": 14,
                "RC_SUMD": 15,
            },
            ("STATUS", "ALARMS"): {
                "VBATT_LOW": 0,
                "TEMPERATURE": 1,
                "SERVO_CURRENT": 2,
                "ACC_CURRENT": 3,
                "FMU_LOST": 4,
                "RC_LOST": 5,
                "PWM_ERROR": 6,
                "VSERVO_FAULT": 7,
            },
            ("RAW_RC_INPUT", "FLAGS"): PX4_RAW_RC_BITS,
        },
        "arming": IO_ARM_OK | FMU_ARMED | RC_HANDLING_DISABLED,
        "safety": True,
    },
    "px4": {
        "pages": {**COMMON_PAGES, "DISARMED_PWM": 109, "TEST": 127},
        "registers": {
            "CONFIG": PX4_CONFIG,
            "STATUS": PX4_STATUS,
            "RAW_RC_INPUT": PX4_RAW_RC,
            "SETUP": {
                **SETUP,
                "VSERVO_SCALE": 5,
                "DSM": 6,
                "SET_DEBUG": 9,
                "SAFETY_BUTTON_ACK": 14,
                "SBUS_RATE": 16,
                "THERMAL": 17,
                "ENABLE_FLIGHTTERMINATION": 18,
                "PWM_RATE_GROUP0": 19,
                "PWM_RATE_GROUP1": 20,
                "PWM_RATE_GROUP2": 21,
                "PWM_RATE_GROUP3": 22,
            },
        },
        "bits": {
            ("STATUS", "FLAGS"): {
                "OUTPUTS_ARMED": 0,
                "RC_OK": 1,
                "RC_PPM": 2,
                "RC_DSM": 3,
                "RC_SBUS": 4,
                "FMU_OK": 5,
                "RAW_PWM": 6,
                "ARM_SYNC": 7,
                "INIT_OK": 8,
                "FAILSAFE": 9,
                "SAFETY_BUTTON_EVENT": 10,
                "FMU_INITIALIZED": 11,
                "RC_ST24": 12,
                "RC_SUMD": 13,
            },
            ("STATUS", "ALARMS"): {"RC_LOST": 0, "PWM_ERROR": 1},
            ("RAW_RC_INPUT", "FLAGS"): PX4_RAW_RC_BITS,
        },
        "arming": IO_ARM_OK | FMU_ARMED,
        "safety": False,
    },
    "ardupilot": {
        "pages": {**COMMON_PAGES, "MIXING": 200, "GPIO": 201},
        "registers": {
            "CONFIG": {"PROTOCOL_VERSION": 0, "PROTOCOL_VERSION2": 1},
            "SETUP": {**SETUP, **SAFETY, "SBUS_RATE": 19, "IGNORE_SAFETY": 20},
        },
        "bits": {},
        "arming": IO_ARM_OK | FMU_ARMED | RC_HANDLING_DISABLED,
        "safety": True,
    },
}


def layout_of(value):
    """A layout's name, checked."""
    if str(value) not in LAYOUTS:
        raise ValueError(f"no layout '{value}'; layouts: {', '.join(LAYOUTS)}")
    return str(value)


class Names:
    """Names to numbers of one layout; numbers go through as they are."""

    def __init__(self, layout):
        self.layout = LAYOUTS[layout]

    def page(self, value):
        """The number of a page."""
        return _number(value, self.layout["pages"], "page", 255)

    def offset(self, page, value):
        """The offset of a register of a page."""
        name = self.page_name(page)
        known = self.layout["registers"].get(name, {})
        return _number(value, known, f"register of page {name}", 255)

    def page_name(self, number):
        """A page's name, or its number as text."""
        for name, known in self.layout["pages"].items():
            if known == number:
                return name
        return str(number)

    def mask(self, page, register, bits):
        """The mask of names of bits, or of a number."""
        known = self.layout["bits"].get((page, register), {})
        mask = 0
        for bit in bits:
            if str(bit).upper() in known:
                mask |= 1 << known[str(bit).upper()]
            else:
                mask |= _number(bit, {}, f"bit of {page}.{register} ({', '.join(known)})", 0xFFFF)
        return mask

    def bits(self, page, register, value):
        """A value as names of bits."""
        known = self.layout["bits"].get((page, register), {})
        return [name for name, bit in known.items() if value >> bit & 1]


def _number(value, known, what, most):
    word = str(value).strip().upper()
    if word in known:
        return known[word]
    try:
        number = int(word, 0)
    except ValueError:
        names = f"; known: {', '.join(known)}" if known else ""
        raise UsageError(f"'{value}' is no {what}{names}") from None
    if not 0 <= number <= most:
        raise UsageError(f"{value} is no {what} (0..{most})")
    return number
