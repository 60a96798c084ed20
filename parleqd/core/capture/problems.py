"""Says why no microphone can be heard, and which command or package helps."""

from __future__ import annotations

from parleqd.core.errors import OutsideError
from parleqd.protocol.names import Reason

_PLUGIN = "the ALSA plugin of the sound server (Debian and Ubuntu: libasound2-plugins, or pipewire-alsa with PipeWire)"


def no_portaudio(detail: str) -> OutsideError:
    """The library that reaches the sound hardware cannot be loaded."""
    return OutsideError(
        Reason.NO_PORTAUDIO,
        f"PortAudio cannot be loaded: {detail}",
        "install it: libportaudio2 on Debian and Ubuntu, portaudio on Fedora and Arch; no restart is needed",
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


def muted(name: str) -> tuple[str, str]:
    """Message and hint for a microphone that the sound server mutes."""
    return f"the microphone {name!r} is muted", "unmute it in the sound settings"
