"""A home for tests of proof pages: copies of all kinds, records that were rejected, hostile and right-to-left text."""

from pathlib import Path

from tests.conftest import ARTICLES, PROSE, SHIPPED, load

HOSTILE = (
    'Pier <script>alert(1)</script> opens "early" \x1b[31mnow\x1b[0m says \u202edraob eht'
    "'>\"<img src=x onerror=alert(2)>"
)
BODY = (
    "The board said on Tuesday that the pier in Selwick, closed since March, would open in May after repairs that "
    "took eleven weeks, and that no boat had lost its berth <b onclick=alert(3)>while</b> the work went on."
)
ARABIC = (
    "افتتح مجلس المدينة يوم الثلاثاء الجسر الجديد فوق النهر بعد ثلاث سنوات من العمل\n\n"
    "قال رئيس المجلس إن الجسر سيخفف الازدحام في وسط المدينة وإن أول الحافلات عبرته في الصباح وسط تصفيق السكان "
    "الذين انتظروا هذا اليوم طويلا. وأضاف أن كلفة المشروع بلغت أربعين مليونا دفعت الدولة نصفها.\n"
)
FACTS = {"name": "Dana Whitlock", "cost": 7, "weeks": 11, "beams": 40}
MORE = (
    "Three families who run stalls on the pier moved to the market hall for the winter. They paid half of the usual "
    "rent, and two of them say that they will stay there, because the roof keeps out the rain and the till is dry.",
    "The county will decide on the grant in April. Until then a guard walks the quay at night, paid by the sailing "
    "club, which lost a dinghy in the first week and has not found out who took it.",
)
SWAPS = ("residents", "promised", "walkway", "visitors", "reopening", "basin", "spring")


def build(folder: Path) -> Path:
    """Load it all; return the home."""
    text = "\n\n".join(line.format(**FACTS) for line in PROSE)
    files = {
        "desk/hostile.txt": f"{HOSTILE}\n\n{BODY}\n\nTweet\nPrint\nEmail\n",
        "desk/arabic.txt": ARABIC,
        "desk/longer.txt": f"Harbour board asks for help\n\n{text}\n\n{MORE[0]}\n\n{MORE[1]}\n",
        "post/byte-copy.txt": f"Harbour board asks for help\n\n{text}\n\n{MORE[0]}\n\n{MORE[1]}\n",
        "wire/inside.txt": f"Repairs to last eleven weeks\n\n{text}\n",
        "desk/subscribe.html": "<html><body><ul><li>Home</li><li>Sport</li></ul><p>Accept all cookies</p></body>",
    }
    whole = f"{text}\n\n{MORE[0]}\n\n{MORE[1]}"
    files |= {
        f"mirror{n}/copy.txt": f"Harbour news {n}\n\n{whole.replace(word, 'townspeople')}\n"
        for n, word in enumerate(SWAPS)
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "desk" / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    sample = ("metro-wire/selwick-grain-deal-signed.txt", "northern-post/harbour-bridge-closure.txt")
    folders = sorted({folder / name.split("/")[0] for name in files})
    load(folder / "home", *folders, *(ARTICLES / name for name in sample), **SHIPPED)
    return folder / "home"
