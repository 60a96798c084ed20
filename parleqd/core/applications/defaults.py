"""The rules that are built in: where a text is better not rewritten, and nothing may be added to it.

Names of programs, of their window classes on X11, their app ids on Wayland and their bundles on macOS, as the
programs' own documentation and desktop files give them. Chat and mail have no rule: there the user's mode stands.
"""

from __future__ import annotations

import msgspec

from parleqd.core.settings.sections import AppRule, Newlines
from parleqd.protocol.names import Mode

_TERMINALS = """
alacritty org.alacritty blackbox com.raggesilver.blackbox contour cool-retro-term deepin-terminal foot footclient
com.mitchellh.ghostty ghostty gnome-terminal gnome-terminal-server org.gnome.terminal org.gnome.console kgx
org.gnome.ptyxis ptyxis guake hyper co.zeit.hyper io.elementary.terminal iterm2 com.googlecode.iterm2 kitty
net.kovidgoyal.kitty konsole org.kde.konsole lxterminal mate-terminal qterminal rio com.raphaelamorim.rio rxvt urxvt
st st-256color tabby org.tabby terminal com.apple.terminal terminator terminology tilda tilix com.gexperts.tilix tmux
warp warp-terminal dev.warp.warp* waveterm wezterm wezterm-gui org.wezfurlong.wezterm com.github.wez.wezterm
xfce4-terminal xterm uxterm yakuake org.kde.yakuake zellij
"""
_EDITORS = """
android-studio jetbrains-* com.jetbrains.* clion goland idea phpstorm pycharm rider rubymine rustrover webstorm
builder org.gnome.builder code code-oss code-url-handler com.microsoft.vscode* codium vscodium com.vscodium cursor
com.visualstudio.code* eclipse org.eclipse.* emacs org.gnu.emacs geany helix hx kate org.kde.kate kdevelop
org.kde.kdevelop lapce dev.lapce.lapce micro neovide com.neovide.neovide netbeans nvim neovim nvim-qt vim gvim macvim
org.vim.macvim qtcreator org.qt-project.qtcreator rstudio spyder sublime_text sublime-text com.sublimetext.*
windsurf xcode com.apple.dt.xcode zed zed-editor dev.zed.zed*
"""
_SPREADSHEETS = """
com.microsoft.excel gnumeric org.gnome.gnumeric libreoffice-calc com.apple.iwork.numbers localc
"""


def _rules(name: str, names: str, newlines: Newlines | None) -> tuple[AppRule, ...]:
    """The program may be known by its own name, by its window's class, or by both."""
    rule = AppRule(name=name, mode=Mode.INSTANT, trailing_space=False, newlines=newlines)
    patterns = tuple(names.split())
    return msgspec.structs.replace(rule, app=patterns), msgspec.structs.replace(rule, window_class=patterns)


BUILT_IN: tuple[AppRule, ...] = (
    *_rules("terminals", _TERMINALS, Newlines.SPACE),
    *_rules("editors", _EDITORS, None),
    *_rules("spreadsheets", _SPREADSHEETS, Newlines.SPACE),
)
"""Their ``mode`` only ever lowers the user's own: nobody who chose raw or Instant is taken to the cloud by them.

A line break runs a command in a terminal, and leaves the cell in a spreadsheet.
"""
