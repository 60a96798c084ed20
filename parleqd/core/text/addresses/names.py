"""Closed lists of what addresses are made of and what is said around them.

Top-level domains after the IANA root zone: the generic ones in common use and those of countries. File name
extensions, directories and commands: those in everyday use on Linux, macOS and Windows.
"""

from __future__ import annotations

from parleqd.core.text.lexicon import words

DOMAINS = words(
    "com net org edu gov mil int info biz name pro io ai dev app cloud tech online site shop store blog tv fm "
    "gg xyz eu asia mobi museum aero coop jobs travel local internal test example invalid localhost space "
    "website page wiki ac ad ae af ag al ao ar au aw az ba bb bd bg bh bi bj bm bn bo br bs bt bw bz ca cc cd "
    "cf cg ch ci ck cl cm cn co cr cu cv cy cz de dj dk dm dz ec ee eg er es et fi fj fo fr ga gd ge gh gi gl "
    "gm gn gr gt gu gy hk hn hr ht hu id ie il im iq ir jm jo jp ke kg kh ki km kp kr kw ky kz lb lc li lk lr "
    "ls lt lu lv ly md mg mh mk ml mm mn mo mp mr ms mt mu mv mw mx mz nc ne ng ni nl np nr nu nz om pe pg ph "
    "pk pl pn ps pt pw py qa ro rs ru rw sa sb sc sd se sg si sk sl sm sn sr st sv sy sz tc td tf tg tj tk tl "
    "tm tn tr tt tw tz ua ug uk uy uz va vc ve vn vu ws ye yt za zm zw"
)
DOMAINS_THAT_ARE_WORDS = words("am as at be by do in is it la ma me my no pa re so to us")
"""Domains of countries that read as English words: only where the rest is an address beyond doubt."""

MAIL_HOSTS = words("gmail googlemail outlook hotmail yahoo icloud proton protonmail gmx aol live msn fastmail zoho")
HALVES = {
    ("g", "mail"), ("hot", "mail"), ("proton", "mail"), ("fast", "mail"), ("git", "hub"), ("git", "lab"),
    ("linked", "in"), ("you", "tube"), ("face", "book"), ("stack", "overflow"), ("out", "look"), ("drop", "box"),
    ("read", "me"),
}  # fmt: skip
"""Names that are heard as two words."""

EXTENSIONS = words(
    "py pyi ipynb txt md rst json jsonl yaml yml toml ini cfg conf csv tsv xml html htm css scss js jsx ts tsx "
    "mjs vue c h cpp cc hpp cs java kt rs go rb php pl lua swift scala sh bash zsh ps bat exe dll so dylib jar "
    "war pdf doc docx xls xlsx ppt pptx odt ods rtf tex bib log lock env sql db sqlite png jpg jpeg gif svg "
    "webp bmp ico mp3 mp4 wav flac ogg mov avi mkv webm zip gz tar tgz bz xz rar iso img deb rpm dmg apk bin "
    "dat bak tmp key pem crt service desktop gitignore dockerfile wasm proto tf patch diff"
)
EXTENSIONS_THAT_ARE_WORDS = words("so go service desktop key patch diff test example page space store shop jobs name")

HIDDEN = words("env gitignore gitattributes dockerignore editorconfig bashrc zshrc vimrc npmrc")
"""Files whose names begin with a dot."""

DIRECTORIES = words("home etc usr var tmp opt dev mnt proc sys root srv boot media bin sbin lib users applications")
"""What stands right below the root of a file system."""

COMMANDS = words(
    "git cd ls cat grep egrep find sed awk curl wget ssh scp rsync tar chmod chown mkdir rmdir rm cp mv touch "
    "docker podman kubectl helm npm npx yarn pnpm pip pip3 uv pipx poetry python python3 pytest ruff mypy node "
    "deno cargo rustc make cmake gcc sudo apt dnf brew pacman systemctl journalctl terraform ansible psql "
    "mysql sqlite3 vim nano emacs less tail head sort uniq xargs echo export ping ps kill killall df du mount "
    "unzip zip ffmpeg jq man bash zsh sh java javac mvn gradle dotnet az aws gcloud gh code pwd whoami"
)
COMMANDS_THAT_ARE_WORDS = words(
    "find cat make less head tail sort touch kill man code echo export ping helm yarn node mount sudo java "
    "python brew uv"
)
"""Commands that are words too: a command only where the sentence begins with them, or behind "run"."""
SURE_COMMANDS = COMMANDS - COMMANDS_THAT_ARE_WORDS
RUN = words("run running execute type typed then command sudo try with do use called")

MAIL_CUES = words("email mail e-mail cc bcc contact mailto")
"""Right before an address: "email anna at …"."""
MAIL_WORDS = MAIL_CUES | words(
    "emails mails e-mails emailed mailed e-mailed send sends sent sending write writes wrote writing forward "
    "forwarded reply replied message messages address addresses inbox reach invite invited invoice invoices "
    "copy share mailbox"
)
"""Somewhere before it: "send it to info at …"."""

CODE_WORDS = words(
    "rename renamed variable variables function method field column flag parameter argument property attribute "
    "import return def class module table call calls called set named constant key env identifier"
)
"""Words that speak about names in program code."""
OBJECTS = words("self this os sys np pd plt math json re document window console app request response session user")
"""What a spoken dot follows in program code: "self dot name"."""

PLAIN_ADJECTIVES = words(
    "polka red blue green black white yellow orange pink purple grey gray brown small little big large tiny "
    "huge old new early late first second last next single quantum laser connecting connect failed successful "
    "famous former top best leading biggest hottest"
)
"""What describes a dot, or a company that traded on the web: never the name of a host or a file."""
DOT_COM_NOUNS = words(
    "bubble boom bust era crash crisis craze company companies business businesses startup startups stock "
    "stocks age days years world mania millionaire millionaires billionaire billionaires thing guy"
)
NOT_HOSTS = words("use uses using used write writes writing wrote learn know like love build built a in with for")
"""What stands before the framework: "we use dot net"."""
SITES = words(
    "address addresses account accounts domain domains site website page link url email e-mail mailbox server"
)
