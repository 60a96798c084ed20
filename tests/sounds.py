"""Sounds that are no speech, made up from seeds: rooms, machines, hands, music; waves at 16 kHz, and PCM of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parleqd.protocol.names import SAMPLE_RATE

Wave = NDArray[np.float64]
Dice = np.random.Generator


def pcm(wave: Wave, level_dbfs: float) -> bytes:
    """The wave at this loudness (root of the mean square, below full scale), as signed 16-bit samples."""
    loud = wave / max(1e-9, float(np.sqrt(np.mean(np.square(wave))))) * 10 ** (level_dbfs / 20)
    return (loud.clip(-1, 1) * 32767).astype("<i2").tobytes()


def _time(seconds: float) -> Wave:
    return np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def shaped(seconds: float, dice: Dice, gain: Callable[[Wave], Any]) -> Wave:
    """Noise whose spectrum is ``gain`` (of the frequency in Hz)."""
    count = round(seconds * SAMPLE_RATE)
    spectrum = np.fft.rfft(dice.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE).astype(np.float64)
    wave: Wave = np.fft.irfft(spectrum * gain(hertz), count).astype(np.float64)
    wave /= np.abs(wave).max() + 1e-9
    return wave


def white(seconds: float, dice: Dice) -> Wave:
    return shaped(seconds, dice, np.ones_like)


def pink(seconds: float, dice: Dice) -> Wave:
    return shaped(seconds, dice, lambda hz: 1 / np.sqrt(np.maximum(hz, 20)))


def room(seconds: float, dice: Dice) -> Wave:
    """A quiet room: brown noise, and the mains in it."""
    return shaped(seconds, dice, lambda hz: 1 / np.maximum(hz, 20)) + 0.05 * hum(seconds, dice)


def hum(seconds: float, dice: Dice) -> Wave:
    """The mains, and its harmonics."""
    at = _time(seconds)
    mains = float(dice.choice([50.0, 60.0]))
    wave: Wave = np.sum([np.sin(2 * np.pi * mains * n * at) / n for n in range(1, 9)], axis=0) / 2
    return wave


def fan(seconds: float, dice: Dice) -> Wave:
    """Air under 900 Hz, with the blades' tone, slowly waxing and waning."""
    blades = dice.uniform(80, 160)
    air = shaped(seconds, dice, lambda hz: np.where(hz < 900, 1.0, 900 / np.maximum(hz, 1)) ** 2)
    swell = 1 + 0.2 * np.sin(2 * np.pi * 0.3 * _time(seconds))
    return (air + 0.1 * np.sin(2 * np.pi * blades * _time(seconds))) * swell


def _strewn(seconds: float, dice: Dice, a_second: float, one: Callable[[], Wave]) -> Wave:
    """``one`` after the other, at random moments."""
    wave = np.zeros(round(seconds * SAMPLE_RATE))
    for at in dice.uniform(0, seconds, round(seconds * a_second)):
        sound = one()
        start = round(at * SAMPLE_RATE)
        sound = sound[: len(wave) - start]
        wave[start : start + len(sound)] += sound
    return wave


def _decaying(dice: Dice, seconds: float, low_hz: float, high_hz: float) -> Wave:
    burst = shaped(seconds, dice, lambda hz: (hz > low_hz) & (hz < high_hz))
    return burst * np.exp(-_time(seconds) * 6 / seconds) * dice.uniform(0.4, 1)


def keyboard(seconds: float, dice: Dice) -> Wave:
    return _strewn(seconds, dice, 9, lambda: _decaying(dice, 0.04, 1500, 7000))


def mouse(seconds: float, dice: Dice) -> Wave:
    return _strewn(seconds, dice, 2, lambda: _decaying(dice, 0.015, 2500, 8000))


def knocks(seconds: float, dice: Dice) -> Wave:
    return _strewn(seconds, dice, 1.5, lambda: _decaying(dice, 0.18, 60, 500))


def paper(seconds: float, dice: Dice) -> Wave:
    return _strewn(seconds, dice, 4, lambda: _decaying(dice, 0.3, 2000, 8000))


def breath(seconds: float, dice: Dice) -> Wave:
    """In and out through an open mouth, three seconds each."""
    air = shaped(seconds, dice, lambda hz: np.exp(-(((hz - 1200) / 900) ** 2)))
    wave: Wave = air * np.maximum(0, np.sin(2 * np.pi * _time(seconds) / 3)) ** 2
    return wave


def telephone(seconds: float, dice: Dice) -> Wave:
    """A bell of two tones, one second on, two off."""
    at = _time(seconds)
    bell: Wave = np.sin(2 * np.pi * 440 * at) + np.sin(2 * np.pi * 480 * at)
    wave: Wave = bell * (1 + np.sign(np.sin(2 * np.pi * 20 * at))) * (at % 3 < 1) + 0.01 * white(seconds, dice)
    return wave


def alarm(seconds: float, dice: Dice) -> Wave:
    """Beeps, and a siren that rises and falls."""
    at = _time(seconds)
    beeps: Wave = np.sin(2 * np.pi * 1000 * at) * (at % 0.5 < 0.1)
    siren: Wave = np.sin(2 * np.pi * np.cumsum(700 + 300 * np.sin(2 * np.pi * 0.5 * at)) / SAMPLE_RATE)
    return beeps + 0.5 * siren + 0.01 * white(seconds, dice)


def _note(hz: float, seconds: float, harmonics: int, vibrato: float = 0.0) -> Wave:
    at = _time(seconds)
    phase = 2 * np.pi * hz * at + vibrato * np.sin(2 * np.pi * 5.5 * at)
    tone = np.sum([np.sin(n * phase) / n**1.3 for n in range(1, harmonics + 1)], axis=0)
    wave: Wave = tone * np.minimum(1, at / 0.02) * np.exp(-2.5 * at / seconds)
    return wave


_SCALE = 220 * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16]) / 12)


def _melody(seconds: float, dice: Dice, harmonics: int, vibrato: float) -> Wave:
    notes: list[Wave] = []
    while sum(map(len, notes)) < seconds * SAMPLE_RATE:
        notes.append(_note(float(dice.choice(_SCALE)), float(dice.choice([0.25, 0.5, 1.0])), harmonics, vibrato))
    return np.concatenate(notes)[: round(seconds * SAMPLE_RATE)]


def chords(seconds: float, dice: Dice) -> Wave:
    bars: list[Wave] = []
    while sum(map(len, bars)) < seconds * SAMPLE_RATE:
        root = float(dice.choice(_SCALE[:6]))
        bars.append(np.sum([_note(root * ratio, 2.0, 6) for ratio in (1, 1.26, 1.5)], axis=0))
    return np.concatenate(bars)[: round(seconds * SAMPLE_RATE)]


def piano(seconds: float, dice: Dice) -> Wave:
    return _melody(seconds, dice, 6, 0.0)


def violin(seconds: float, dice: Dice) -> Wave:
    """Many harmonics, and a vibrato: as near to a singing voice as an instrument comes."""
    return _melody(seconds, dice, 20, 0.3)


def band(seconds: float, dice: Dice) -> Wave:
    """Chords, a melody, and drums."""
    drums = np.zeros(round(seconds * SAMPLE_RATE))
    for beat in np.arange(0, seconds, 0.5):
        start = round(beat * SAMPLE_RATE)
        hit = _decaying(dice, 0.15, 40, 200) if beat % 1 == 0 else _decaying(dice, 0.1, 1000, 7000)
        drums[start : start + len(hit)] += hit[: len(drums) - start]
    return chords(seconds, dice) + 0.7 * piano(seconds, dice) + drums


def _around(centre: float, hz: Wave) -> Wave:
    gain: Wave = np.exp(-(((hz - centre) / 250) ** 2))
    return gain


def babble(seconds: float, dice: Dice) -> Wave:
    """A crowd afar: noise in the band of voices, that comes and goes as syllables do; no word in it.

    Of sixty people: with eight, the sum is a voice to the voice detector (0.98) and now and then words to the model.
    """
    crowd = np.zeros(round(seconds * SAMPLE_RATE))
    for _ in range(60):
        centre = dice.uniform(300, 2500)
        band = shaped(seconds, dice, partial(_around, centre))
        rate, shift = dice.uniform(2, 5), dice.uniform(0, 6)
        crowd += band * np.maximum(0, np.sin(2 * np.pi * rate * _time(seconds) + shift))
    return crowd


def traffic(seconds: float, dice: Dice) -> Wave:
    """Cars that pass."""
    road = shaped(seconds, dice, lambda hz: np.exp(-hz / 400))
    return road * (0.2 + np.maximum(0, np.sin(2 * np.pi * _time(seconds) / 7)) ** 3)


def rain(seconds: float, dice: Dice) -> Wave:
    drops = _strewn(seconds, dice, 60, lambda: _decaying(dice, 0.02, 800, 6000))
    return drops + 0.3 * shaped(seconds, dice, lambda hz: hz > 1500)


KINDS: dict[str, Callable[[float, Dice], Wave]] = {
    kind.__name__: kind
    for kind in (
        white, pink, room, hum, fan, keyboard, mouse, knocks, paper, breath, telephone, alarm,
        chords, piano, violin, band, babble, traffic, rain,
    )
}  # fmt: skip
