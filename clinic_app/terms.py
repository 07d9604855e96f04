"""The closed lists of words that the record, the services and the window share."""

from enum import StrEnum


class Role(StrEnum):
    """What an account may do; one account may hold several."""

    FRONT_DESK = "front_desk"
    NURSE = "nurse"
    PHYSICIAN = "physician"
    MANAGER = "manager"


class LabelRegion(StrEnum):
    """Whose product labels the clinic works by."""

    US = "US"
    UK_EU = "UK_EU"


class PaperSize(StrEnum):
    """The paper in the clinic's printers."""

    LETTER = "Letter"
    A4 = "A4"


class Sex(StrEnum):
    """Recorded sex; unknown is an answer."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class PatientStatus(StrEnum):
    """Whether the clinic still follows the patient."""

    ACTIVE = "active"
    MOVED_AWAY = "moved_away"
    DIED = "died"


class EntryKind(StrEnum):
    """The plain lists of a patient's record."""

    ALLERGY = "allergy"
    CONDITION = "condition"
    MEDICINE = "medicine"
    TREATMENT = "treatment"
    SURGERY = "surgery"
    TEST = "test"


class Side(StrEnum):
    """The patient's own side, never the viewer's."""

    LEFT = "left"
    RIGHT = "right"
    MIDLINE = "midline"


class Guidance(StrEnum):
    """How the needle was guided."""

    PALPATION = "palpation"
    EMG = "EMG"
    ULTRASOUND = "ultrasound"
    STIMULATION = "electrical stimulation"


class DeviceKind(StrEnum):
    """What a device for guidance is; an appointment type says which it needs."""

    EMG = "EMG"
    ULTRASOUND = "ultrasound"
    STIMULATION = "electrical stimulation"


class ContactWay(StrEnum):
    """How somebody tried to reach a patient about the next visit."""

    TELEPHONE = "telephone"
    LETTER = "letter"
    EMAIL = "e-mail"
    TEXT = "text message"
    IN_PERSON = "in person"


class ContactOutcome(StrEnum):
    """What came of it. Declined and moved away end the calls until the day to ask again."""

    NO_ANSWER = "no_answer"
    LEFT_MESSAGE = "left_message"
    SENT = "sent"
    WILL_CALL = "will_call"
    BOOKED = "booked"
    DECLINED = "declined"
    MOVED_AWAY = "moved_away"


class WishEnd(StrEnum):
    """Why an entry of the waiting list is over."""

    BOOKED = "booked"
    WITHDRAWN = "withdrawn"


class AppointmentState(StrEnum):
    """Where an appointment stands on its day."""

    BOOKED = "booked"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    IN_ROOM = "in_room"
    INJECTED = "injected"
    CHECKED_OUT = "checked_out"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


GONE = frozenset({AppointmentState.CANCELLED, AppointmentState.NO_SHOW})
"""Those who do not come; their place is free."""
WAITING = frozenset({AppointmentState.ARRIVED, AppointmentState.IN_ROOM})
"""Those who are here and wait for their injection."""


class Severity(StrEnum):
    """The grades of ``resources/reference/side_effects.yaml``."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
    LIFE_THREATENING = "life_threatening"
    FATAL = "fatal"


class Learned(StrEnum):
    """How the clinic came to know of a side effect."""

    VISIT = "visit"
    TELEPHONE = "telephone"


class ReportState(StrEnum):
    """Where the report of a side effect to the regulator stands."""

    NOT_NEEDED = "not_needed"
    TO_BE_REPORTED = "to_be_reported"
    REPORTED = "reported"


class StockKind(StrEnum):
    """Why the number of vials of a lot changed."""

    RECEIVED = "received"
    #: Left the shelf for a visit; ``drawn`` and ``wasted`` say in units where its contents went.
    OPENED = "opened"
    DRAWN = "drawn"
    WASTED = "wasted"
    RETURNED = "returned"
    EXPIRED = "expired"
    #: Broken, frozen, lost: gone without having been opened.
    DISCARDED = "discarded"
    CORRECTED = "corrected"
    QUARANTINED = "quarantined"
    RECALLED = "recalled"
    RELEASED = "released"


class LotHold(StrEnum):
    """Why no vial of a lot may be used for now."""

    QUARANTINED = "quarantined"
    RECALLED = "recalled"


class ImportKind(StrEnum):
    """What a spreadsheet that is brought in holds, one in each line."""

    PATIENTS = "patients"
    INJECTIONS = "injections"
    APPOINTMENTS = "appointments"
    SIDE_EFFECTS = "side_effects"


class Cause(StrEnum):
    """The cause of a dystonia, as the 2013 consensus groups it."""

    IDIOPATHIC = "idiopathic"
    INHERITED = "inherited"
    ACQUIRED = "acquired"


class BodyRegion(StrEnum):
    """Where a dystonia began."""

    EYELIDS = "eyelids"
    FACE = "face"
    JAW = "jaw"
    TONGUE = "tongue"
    VOICE = "voice"
    NECK = "neck"
    SHOULDER = "shoulder"
    TRUNK = "trunk"
    ARM = "arm"
    HAND = "hand"
    LEG = "leg"
    FOOT = "foot"


class Relief(StrEnum):
    """What eases a dystonia: sensory tricks and the rest."""

    TOUCH_FACE = "touch_face"
    TOUCH_BACK_OF_HEAD = "touch_back_of_head"
    HEAD_SUPPORT = "head_support"
    LYING_DOWN = "lying_down"
    REST = "rest"
    SLEEP = "sleep"
    CONCENTRATION = "concentration"
    SPEAKING_OR_SINGING = "speaking_or_singing"
    ALCOHOL = "alcohol"


class Aggravation(StrEnum):
    """What makes a dystonia worse."""

    STRESS = "stress"
    FATIGUE = "fatigue"
    ANXIETY = "anxiety"
    WALKING = "walking"
    SITTING = "sitting"
    READING = "reading"
    WRITING = "writing"
    SCREEN_WORK = "screen_work"
    DRIVING = "driving"
    SPEAKING = "speaking"
    EATING = "eating"
    BRIGHT_LIGHT = "bright_light"
    COLD = "cold"


class DailyTask(StrEnum):
    """What has become hard to do."""

    READING = "reading"
    WRITING = "writing"
    SCREEN_WORK = "screen_work"
    DRIVING = "driving"
    WALKING = "walking"
    EATING = "eating"
    SPEAKING = "speaking"
    WASHING_AND_DRESSING = "washing_and_dressing"
    HOUSEWORK = "housework"
    WORK = "work"
    SLEEP = "sleep"
    COMPANY = "company"


class Complication(StrEnum):
    """What a dystonia has led to, after ``general_patient_facts`` of the indications."""

    VISION = "vision"
    JAW = "jaw"
    SWALLOWING = "swallowing"
    SPEECH = "speech"
    PAIN_AND_FATIGUE = "pain_and_fatigue"
    MOOD = "mood"


class ExaminationKind(StrEnum):
    """The kinds of tests in the record."""

    BLOOD_AND_URINE = "blood_and_urine"
    MRI = "mri"
    CT = "ct"
    EMG = "emg"
    GENETIC = "genetic"


class TherapyKind(StrEnum):
    """Treatments beside medicine, toxin and operation."""

    PHYSIOTHERAPY = "physiotherapy"
    OCCUPATIONAL_THERAPY = "occupational_therapy"
    SPEECH_THERAPY = "speech_therapy"
    STRETCHING = "stretching"
    SENSORY_TRICK = "sensory_trick"
    PSYCHOTHERAPY = "psychotherapy"


class SurgeryKind(StrEnum):
    """Operations for dystonia."""

    DEEP_BRAIN_STIMULATION = "deep_brain_stimulation"
    SELECTIVE_DENERVATION = "selective_denervation"


IMPRESSIONS = {
    1: "very much better",
    2: "much better",
    3: "a little better",
    4: "no change",
    5: "a little worse",
    6: "much worse",
    7: "very much worse",
}
"""The steps of the global impression of change, as the reference anchors them."""
