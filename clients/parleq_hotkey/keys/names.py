"""Names of keys and chords: as people write them, and as X11, evdev, pynput and the shortcuts portal call them."""

from __future__ import annotations

import difflib
import string
from dataclasses import dataclass

from parleq_hotkey.ports import DesktopError
from parleqd.protocol.names import Reason

MODIFIERS = ("ctrl", "alt", "shift", "super")
"""In the order in which a chord is written."""

_PORTAL_MODIFIERS = {"ctrl": "CTRL", "alt": "ALT", "shift": "SHIFT", "super": "LOGO"}
_MODIFIER_ALIASES = {"control": "ctrl", "option": "alt", "win": "super", "windows": "super", "logo": "super"}
_MODIFIER_ALIASES |= {"cmd": "super", "command": "super", "meta": "super", **{name: name for name in MODIFIERS}}


@dataclass(frozen=True, slots=True)
class Key:
    """One key. ``name``: the keysym's name in X11; ``evdev``: the code's in Linux's input-event-codes.h.

    ``pynput``: the member of its ``Key``, or the character itself; "" where it knows neither. ``modifier``: which of
    `MODIFIERS` it is.
    """

    name: str
    evdev: str
    pynput: str = ""
    modifier: str = ""


@dataclass(frozen=True, slots=True)
class Chord:
    """A key, with the modifiers that must be held. As text: the form that `parse` gives back unchanged."""

    key: Key
    modifiers: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return "+".join((*(name for name in MODIFIERS if name in self.modifiers), self.key.name))


def parse(written: str) -> Chord:
    """Reads "F9", "right ctrl", "Control_R", "ctrl+alt+space"… Raises DesktopError for a key that nobody knows.

    Capitals do not matter, and blanks, "_" and "-" may stand for one another within a name.
    """
    *modifiers, name = _parts(written)
    unknown = [text for text in modifiers if _plain(text) not in _MODIFIER_ALIASES]
    if unknown:
        known = f"what is held before the last + is one of {', '.join(MODIFIERS)}"
        raise DesktopError(Reason.KEY_UNKNOWN, f"{unknown[0]!r} in {written!r} is no modifier key", known)
    key = KEYS.get(_ALIASES.get(_plain(name), ""))
    if key is None:
        raise DesktopError(Reason.KEY_UNKNOWN, f"no key is called {name!r}", _likely(name))
    return Chord(key, frozenset(_MODIFIER_ALIASES[_plain(text)] for text in modifiers))


def portal_trigger(chord: Chord) -> str:
    """As the XDG shortcuts specification writes it: "CTRL+ALT+space"."""
    modifiers = (_PORTAL_MODIFIERS[name] for name in MODIFIERS if name in chord.modifiers)
    return "+".join((*modifiers, chord.key.name))


def warning(chord: Chord) -> str:
    """What a user of this chord should know; "" for nothing. It is no error."""
    if chord.key.name in _ALT_GR:
        return f"{chord.key.name} (AltGr) is needed to type characters on many layouts"
    if chord.key.name in _TYPING and not chord.modifiers - {"shift"}:
        return f"{chord} types a character: it is no longer to be had in texts, or appears in them"
    return ""


def _parts(written: str) -> list[str]:
    """The names between the plus signs; the last may be the plus sign itself."""
    text = written.strip()
    if text.endswith("+"):
        return [*(part for part in text[:-1].rstrip("+").split("+") if part.strip()), "plus"]
    return text.split("+")


def _plain(name: str) -> str:
    """A name without what people write in different ways; a lone character stays what it is."""
    text = name.strip().lower()
    return text if len(text) == 1 else "".join(part for part in text if part not in " _-")


def _likely(name: str) -> str:
    """The keys that may have been meant."""
    close = difflib.get_close_matches(_plain(name), list(_ALIASES), n=6, cutoff=0.6)
    meant = list(dict.fromkeys(_ALIASES[text] for text in close))[:3]
    return f"did you mean {' or '.join(meant)}?" if meant else "for example F9, Pause, Control_R, ctrl+alt+space"


# name in X11 → name in evdev without KEY_, name in pynput, the modifier that it is; ~ for none
_TABLE = """
    Control_L LEFTCTRL ctrl_l ctrl          Control_R RIGHTCTRL ctrl_r ctrl
    Shift_L LEFTSHIFT shift_l shift         Shift_R RIGHTSHIFT shift_r shift
    Alt_L LEFTALT alt_l alt                 Alt_R RIGHTALT alt_r alt
    Super_L LEFTMETA cmd_l super            Super_R RIGHTMETA cmd_r super
    ISO_Level3_Shift RIGHTALT alt_gr ~      Multi_key COMPOSE ~ ~
    Caps_Lock CAPSLOCK caps_lock ~          Num_Lock NUMLOCK num_lock ~
    Scroll_Lock SCROLLLOCK scroll_lock ~    Pause PAUSE pause ~
    Print SYSRQ print_screen ~              Menu COMPOSE menu ~
    Escape ESC esc ~                        Insert INSERT insert ~
    Delete DELETE delete ~                  BackSpace BACKSPACE backspace ~
    Return ENTER enter ~                    Tab TAB tab ~
    Home HOME home ~                        End END end ~
    Prior PAGEUP page_up ~                  Next PAGEDOWN page_down ~
    Left LEFT left ~                        Right RIGHT right ~
    Up UP up ~                              Down DOWN down ~
    space SPACE space ~                     Help HELP ~ ~
    XF86AudioPlay PLAYPAUSE media_play_pause ~
    XF86Tools CONFIG ~ ~                    XF86Calculator CALC ~ ~
    KP_Enter KPENTER ~ ~                    KP_Add KPPLUS ~ ~
    KP_Subtract KPMINUS ~ ~                 KP_Multiply KPASTERISK ~ ~
    KP_Divide KPSLASH ~ ~
    minus MINUS - ~                         equal EQUAL = ~
    bracketleft LEFTBRACE [ ~               bracketright RIGHTBRACE ] ~
    semicolon SEMICOLON ; ~                 apostrophe APOSTROPHE ' ~
    grave GRAVE ` ~                         backslash BACKSLASH \\ ~
    comma COMMA , ~                         period DOT . ~
    slash SLASH / ~                         less 102ND < ~
    plus ~ + ~                              section ~ § ~
"""
_ALT_GR = {"ISO_Level3_Shift", "Alt_R"}
_CHARACTERS = {"minus": "-", "equal": "=", "bracketleft": "[", "bracketright": "]", "semicolon": ";", "apostrophe": "'"}
_CHARACTERS |= {"grave": "`", "backslash": "\\", "comma": ",", "period": ".", "slash": "/", "less": "<", "plus": "+"}
_CHARACTERS |= {"section": "§", "space": " "}
_SPOKEN = {
    "Control_L": "ctrl,control,leftctrl,leftcontrol,lctrl,ctrll",
    "Control_R": "rightctrl,rightcontrol,rctrl,ctrlr",
    "Shift_L": "shift,leftshift,lshift",
    "Shift_R": "rightshift,rshift",
    "Alt_L": "alt,leftalt,lalt,option,leftoption",
    "Alt_R": "rightalt,ralt,rightoption",
    "Super_L": "super,win,windows,leftsuper,leftwin,lwin,leftmeta,meta,cmd,command,leftcmd,leftcommand,cmdl",
    "Super_R": "rightsuper,rightwin,rwin,rightmeta,rightcmd,rightcommand,cmdr",
    "ISO_Level3_Shift": "altgr,level3shift",
    "Multi_key": "compose",
    "Caps_Lock": "caps",
    "Scroll_Lock": "scroll",
    "Pause": "pausebreak,break",
    "Print": "printscreen,prtsc,prtscn,prtscr,sysrq",
    "Menu": "apps,application,contextmenu",
    "Escape": "esc",
    "Insert": "ins",
    "Delete": "del",
    "Return": "enter",
    "Prior": "pageup,pgup",
    "Next": "pagedown,pgdn,pgdown",
    "Left": "leftarrow",
    "Right": "rightarrow",
    "Up": "uparrow",
    "Down": "downarrow",
    "space": "spacebar",
    "KP_Enter": "keypadenter",
    "XF86AudioPlay": "playpause",
}


def _keys() -> dict[str, Key]:
    """Every key by its name in X11."""
    words = iter(_TABLE.split())
    known = [Key(name, *_filled(next(words), next(words), next(words))) for name in words]
    known += [Key(f"F{number}", f"KEY_F{number}", f"f{number}" if number <= 20 else "") for number in range(1, 25)]
    known += [Key(letter, f"KEY_{letter.upper()}", letter) for letter in string.ascii_lowercase + string.digits]
    known += [Key(f"KP_{digit}", f"KEY_KP{digit}") for digit in string.digits]
    return {key.name: key for key in known}


def _filled(evdev: str, pynput: str, modifier: str) -> tuple[str, str, str]:
    """The words of a line of the table, where "~" stands for none."""
    return (f"KEY_{evdev}" if evdev != "~" else "", pynput.strip("~"), modifier.strip("~"))


KEYS = _keys()
"""Every key by its name in X11."""

_ALIASES = {_plain(name): name for name in KEYS}
_ALIASES |= {alias: name for name, aliases in _SPOKEN.items() for alias in aliases.split(",")}
_ALIASES |= {character: name for name, character in _CHARACTERS.items() if character != " "}
_TYPING = {*string.ascii_lowercase, *string.digits, *_CHARACTERS, "Return", "Tab", "BackSpace", "Delete"}
_TYPING |= {name for name in KEYS if name.startswith("KP_")}
