"""The states of a transfer and of a wave, in groups that the steps ask for."""

MOVING_ON = ("planned", "announced", "reminded", "postponed")
BEFORE = (*MOVING_ON, "held")
OPEN = (*BEFORE, "transferring", "failed")
AFTER = ("transferred", "activated", "settled")
DONE = (*AFTER, "failed", "rolled_back", "cancelled")
ALL = (*BEFORE, "transferring", *DONE)

WAVE_CAN_ACT = ("scheduled", "running", "completed")
WAVE_HAS_WORK = (*WAVE_CAN_ACT, "cancelled")
"""Who had moved before a wave was called off is followed up like everybody else."""

WAVE_IS_OVER = ("completed", "cancelled")
