"""Says why no microphone can be heard, and which command or package helps."""

from __future__ import annotations

from parleqd.core.capture.choice import Input
from parleqd.core.errors import OutsideError
from parleqd.protocol.names import Reason

_PLUGIN = "the ALSA plugin of the sound server (Debian and Ubuntu: libasound2-plugins, or pipewire-alsa with PipeWire)"


def no_portaudio(detail: str) -> OutsideError:
    """The library that reaches the sound hardware cannot be loaded."""
    return OutsideError(
        Reason.NO_PORTAUDIO,
        f"PortAudio cannot be loaded: {detail}",
        "`sudo apt install libportaudio2` on Debian and Ubuntu, portaudio on Fedora and Arch; no restart is needed",
    )


def no_input(server: bool) -> OutsideError:
    """There is nothing to open. ``server``: a sound server answers."""
    if server:
        return OutsideError(
            Reason.NO_MICROPHONE,
            "there is no microphone: the sound server knows no source",
            "plug one in; `pactl list short sources` shows what the server knows",
        )
    return OutsideError(
        Reason.NO_MICROPHONE,
        "there is no microphone: no sound server answers, and PortAudio finds no device of its own",
        "start the sound server (`systemctl --user start pipewire-pulse`, or `pulseaudio --start`) or plug one in",
    )


def no_answer(hang: OutsideError) -> OutsideError:
    """There is a sound server, and ``hang``: it does not say which microphones it has."""
    return OutsideError(Reason.NO_MICROPHONE, f"no microphone can be chosen now: {hang.message}", hang.hint)


def no_route(name: str) -> OutsideError:
    """A sound server has the microphone, but PortAudio has no way to the server."""
    return OutsideError(
        Reason.NO_MICROPHONE, f"PortAudio has no way to {name!r} of the sound server", f"install {_PLUGIN}"
    )


def cannot_open(name: str, detail: str) -> OutsideError:
    """The device is there and refuses."""
    hint = "another program may hold it alone; `parleqctl devices` shows the others"
    return OutsideError(Reason.NO_MICROPHONE, f"{name!r} cannot be opened: {detail}", hint)


def no_such_channel(name: str, channel: int, channels: int) -> OutsideError:
    """The settings ask for a channel that the device lacks."""
    has = "1 channel" if channels == 1 else f"{channels} channels"
    right = "set audio.channel = 1" if channels == 1 else f"set audio.channel to 1 … {channels}"
    return OutsideError(Reason.NO_MICROPHONE, f"audio.channel is {channel}, but {name!r} has {has}", right)


def hangs(what: str, seconds: float) -> OutsideError:
    """A call of the library has not come back."""
    return OutsideError(
        Reason.DEVICE_LOST,
        f"{what} does not answer: a call has taken more than {seconds:g} s",
        "restart the sound server (`systemctl --user restart pipewire pipewire-pulse wireplumber`), then parleqd",
    )


def lost(name: str, how: str) -> OutsideError:
    """A microphone that was heard. ``how``: the end of the sentence."""
    hint = "plug it in again, or choose another with `parleqctl devices`; what was said before is kept"
    return OutsideError(Reason.DEVICE_LOST, f"the microphone {name!r} {how}", hint)


def muted(source: Input) -> OutsideError | None:
    """A microphone that the sound server mutes, or turns all the way down."""
    name, number = source.device.name, _quoted(source.device.id)
    default = source.device.default
    if source.muted:
        wireplumber = "; with WirePlumber also `wpctl set-mute @DEFAULT_AUDIO_SOURCE@ 0`" if default else ""
        hint = f"`pactl set-source-mute {number} 0` unmutes it{wireplumber}"
        return OutsideError(Reason.SOURCE_MUTED, f"the microphone {name!r} is muted", hint)
    if source.volume == 0:
        wireplumber = "; with WirePlumber also `wpctl set-volume @DEFAULT_AUDIO_SOURCE@ 1.0`" if default else ""
        hint = f"`pactl set-source-volume {number} 100%` turns it up{wireplumber}"
        return OutsideError(Reason.SOURCE_MUTED, f"the microphone {name!r} is turned down to nothing", hint)
    return None


def dead(name: str) -> OutsideError:
    """A microphone that gives frames with nothing in them, and is not muted as far as the sound server knows."""
    return OutsideError(
        Reason.DEAD_INPUT,
        f"the microphone {name!r} gives flat silence",
        "is a switch on it off? `parleqctl devices` lists the others, `parleqctl config set audio.device ID` takes one",
    )


def suspended(source: Input) -> OutsideError:
    """A microphone that the sound server keeps still although somebody listens to it."""
    return OutsideError(
        Reason.DEVICE_LOST,
        f"the sound server keeps the microphone {source.device.name!r} suspended",
        f"`pactl suspend-source {_quoted(source.device.id)} 0` wakes it up",
    )


def _quoted(name: str) -> str:
    """As a word of the shell."""
    plain = name.isascii() and all(character.isalnum() or character in "_-.:@+" for character in name)
    return name if plain and name else "'" + name.replace("'", "'\\''") + "'"
