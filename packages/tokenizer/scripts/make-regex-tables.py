"""Writes src/patterns/unicode/*.ts: character properties and case folding of the Oniguruma inside the Rust `tokenizers`.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python packages/tokenizer/scripts/make-regex-tables.py

The engine is asked about every code point (`Split` by `\\p{…}`), so that the tables carry its Unicode version. Names are
those that it accepts, without case, spaces, hyphens and underscores.
"""

import pathlib
import sys

import tokenizers
from tokenizers import Regex, pre_tokenizers

TARGET = pathlib.Path(__file__).parent.parent / "src/patterns/unicode"
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
EVERYTHING = "".join(map(chr, CODE_POINTS))

# Name and its aliases.
CATEGORIES = """
Cc:control Cf:format Cn:unassigned Co:privateuse Ll:lowercaseletter Lm:modifierletter Lo:otherletter
Lt:titlecaseletter Lu:uppercaseletter Mc:spacingmark Me:enclosingmark Mn:nonspacingmark Nd:decimalnumber
Nl:letternumber No:othernumber Pc:connectorpunctuation Pd:dashpunctuation Pe:closepunctuation Pf:finalpunctuation
Pi:initialpunctuation Po:otherpunctuation Ps:openpunctuation Sc:currencysymbol Sk:modifiersymbol Sm:mathsymbol
So:othersymbol Zl:lineseparator Zp:paragraphseparator Zs:spaceseparator
"""

SCRIPTS = """
Adlam:adlm Ahom Anatolian_Hieroglyphs:hluw Arabic:arab Armenian:armn Avestan:avst Balinese:bali Bamum:bamu
Bassa_Vah:bass Batak:batk Bengali:beng Bhaiksuki:bhks Bopomofo:bopo Brahmi:brah Braille:brai Buginese:bugi
Buhid:buhd Canadian_Aboriginal:cans Carian:cari Caucasian_Albanian:aghb Chakma:cakm Cham Cherokee:cher
Chorasmian:chrs Common:zyyy Coptic:copt:qaac Cuneiform:xsux Cypriot:cprt Cypro_Minoan:cpmn Cyrillic:cyrl
Deseret:dsrt Devanagari:deva Dives_Akuru:diak Dogra:dogr Duployan:dupl Egyptian_Hieroglyphs:egyp Elbasan:elba
Elymaic:elym Ethiopic:ethi Garay:gara Georgian:geor Glagolitic:glag Gothic:goth Grantha:gran Greek:grek
Gujarati:gujr Gunjala_Gondi:gong Gurmukhi:guru Gurung_Khema:gukh Han:hani Hangul:hang Hanifi_Rohingya:rohg
Hanunoo:hano Hatran:hatr Hebrew:hebr Hiragana:hira Imperial_Aramaic:armi Inherited:qaai:zinh
Inscriptional_Pahlavi:phli Inscriptional_Parthian:prti Javanese:java Kaithi:kthi Kannada:knda Katakana:kana Kawi
Kayah_Li:kali Kharoshthi:khar Khitan_Small_Script:kits Khmer:khmr Khojki:khoj Khudawadi:sind Kirat_Rai:krai Lao:laoo
Latin:latn Lepcha:lepc Limbu:limb Linear_A:lina Linear_B:linb Lisu Lycian:lyci Lydian:lydi Mahajani:mahj
Makasar:maka Malayalam:mlym Mandaic:mand Manichaean:mani Marchen:marc Masaram_Gondi:gonm Medefaidrin:medf
Meetei_Mayek:mtei Mende_Kikakui:mend Meroitic_Cursive:merc Meroitic_Hieroglyphs:mero Miao:plrd Modi Mongolian:mong
Mro:mroo Multani:mult Myanmar:mymr Nabataean:nbat Nag_Mundari:nagm Nandinagari:nand New_Tai_Lue:talu Newa Nko:nkoo
Nushu:nshu Nyiakeng_Puachue_Hmong:hmnp Ogham:ogam Ol_Chiki:olck Ol_Onal:onao Old_Hungarian:hung Old_Italic:ital
Old_North_Arabian:narb Old_Permic:perm Old_Persian:xpeo Old_Sogdian:sogo Old_South_Arabian:sarb Old_Turkic:orkh
Old_Uyghur:ougr Oriya:orya Osage:osge Osmanya:osma Pahawh_Hmong:hmng Palmyrene:palm Pau_Cin_Hau:pauc Phags_Pa:phag
Phoenician:phnx Psalter_Pahlavi:phlp Rejang:rjng Runic:runr Samaritan:samr Saurashtra:saur Sharada:shrd Shavian:shaw
Siddham:sidd SignWriting:sgnw Sinhala:sinh Sogdian:sogd Sora_Sompeng:sora Soyombo:soyo Sundanese:sund Sunuwar:sunu
Syloti_Nagri:sylo Syriac:syrc Tagalog:tglg Tagbanwa:tagb Tai_Le:tale Tai_Tham:lana Tai_Viet:tavt Takri:takr
Tamil:taml Tangsa:tnsa Tangut:tang Telugu:telu Thaana:thaa Thai Tibetan:tibt Tifinagh:tfng Tirhuta:tirh Todhri:todr
Toto Tulu_Tigalari:tutg Ugaritic:ugar Unknown:zzzz Vai:vaii Vithkuqi:vith Wancho:wcho Warang_Citi:wara Yezidi:yezi
Yi:yiii Zanabazar_Square:zanb
"""

BINARY = """
Alphabetic Case_Ignorable:ci Cased Changes_When_Casefolded:cwcf Changes_When_Casemapped:cwcm
Changes_When_Lowercased:cwl Changes_When_Titlecased:cwt Changes_When_Uppercased:cwu Default_Ignorable_Code_Point:di
Grapheme_Base:grbase Grapheme_Extend:grext Grapheme_Link:grlink ID_Continue:idc ID_Start:ids InCB Lowercase Math
Uppercase XID_Continue:xidc XID_Start:xids ASCII_Hex_Digit:ahex Bidi_Control:bidic Dash Deprecated:dep Diacritic:dia
Extender:ext Hex_Digit:hex Hyphen IDS_Binary_Operator:idsb IDS_Trinary_Operator:idst IDS_Unary_Operator:idsu
ID_Compat_Math_Continue ID_Compat_Math_Start Ideographic:ideo Join_Control:joinc Logical_Order_Exception:loe
Modifier_Combining_Mark:mcm Noncharacter_Code_Point:nchar Other_Alphabetic:oalpha
Other_Default_Ignorable_Code_Point:odi Other_Grapheme_Extend:ogrext Other_ID_Continue:oidc Other_ID_Start:oids
Other_Lowercase:olower Other_Math:omath Other_Uppercase:oupper Pattern_Syntax:patsyn Pattern_White_Space:patws
Prepended_Concatenation_Mark:pcm Quotation_Mark:qmark Radical Regional_Indicator:ri Sentence_Terminal:sterm
Soft_Dotted:sd Terminal_Punctuation:term Unified_Ideograph:uideo Variation_Selector:vs White_Space:wspace Emoji
Emoji_Component:ecomp Emoji_Modifier:emod Emoji_Modifier_Base:ebase Emoji_Presentation:epres
Extended_Pictographic:extpict
"""

POSIX = "Alpha Blank Cntrl Digit Graph Lower NEWLINE PosixPunct Print Space Upper XDigit Word Alnum ASCII"


def names(table):
    return [[n.lower().replace("_", "") for n in entry.split(":")] for entry in table.split()]


def matches(pattern, text):
    """Start and end of every match, in code points."""
    split = pre_tokenizers.Split(Regex(pattern), "removed", invert=True)
    return [span for _, span in split.pre_tokenize_str(text)]


def members(name):
    """Ranges (end exclusive) of the code points with the property; surrogates go with what stands around them."""
    out = []
    for a, b in matches(r"\p{%s}+" % name, EVERYTHING):
        a, b = CODE_POINTS[a], CODE_POINTS[b - 1] + 1
        if out and out[-1][1] == a:
            out[-1][1] = b
        else:
            out.append([a, b])
    return out


def base36(n):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    out = ""
    while True:
        n, r = divmod(n, 36)
        out = digits[r] + out
        if n == 0:
            return out


def partition(table, symbol):
    """The class of every code point as runs: the class's symbol and, where it is not 1, the length in base 36."""
    classes = bytearray(0x110000)
    for k, name in enumerate(table):
        for a, b in members(name[0]):
            classes[a:b] = bytes([k]) * (b - a)
    out, start = [], 0
    for c in range(1, 0x110001):
        if c == 0x110000 or classes[c] != classes[start]:
            out.append(symbol(classes[start]) + ("" if c - start == 1 else base36(c - start)))
            start = c
    return classes, "".join(out)


def gaps(numbers):
    out, last = [], 0
    for n in numbers:
        out.append(base36(n - last))
        last = n
    return " ".join(out)


def binary(table, categories):
    """A line per property: names, the categories that are mostly of it, where membership differs from these."""
    sizes = [categories.count(k) for k in range(30)]
    lines = []
    for entry in table:
        flags = bytearray(0x110000)
        counts = [0] * 30
        for a, b in members(entry[0]):
            flags[a:b] = b"\1" * (b - a)
            for k in range(30):
                counts[k] += categories[a:b].count(k)
        base = [k for k in range(30) if 2 * counts[k] > sizes[k]]
        differs = [flags[c] ^ (categories[c] in base) for c in range(0x110000)]
        changes = [c for c in range(0x110000) if differs[c] != (differs[c - 1] if c else 0)]
        lines.append("|".join([" ".join(entry), "".join(map(category_symbol, base)), gaps(changes)]))
    return lines


def category_symbol(k):
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%"[k]


def script_symbol(k):
    return chr(65 + k // 26) + chr(65 + k % 26)


def fold_classes():
    """Lists of code points that match each other without regard to case."""
    cased = sorted({c for name in ("changeswhencasefolded", "changeswhencasemapped") for a, b in members(name) for c in range(a, b)})
    text = "\n".join(map(chr, cased))
    alike = {c: [cased[a // 2] for a, b in matches(r"(?i:\x{%x})" % c, text) if b == a + 1] for c in cased}
    for c, others in alike.items():
        assert all(alike[o] == others for o in others), hex(c)
    return sorted({tuple(others) for others in alike.values() if len(others) > 1}), cased


def fold_runs(classes):
    """Pairs of the first of a class and another, as runs: gap, count, step, distance."""
    pairs = sorted((c[0], other) for c in classes for other in c[1:])
    runs = []
    for a, b in pairs:
        run = runs[-1] if runs else None
        if run and b - a == run[3] and (run[1] == 1 and 0 < a - run[0] <= 2 or run[1] > 1 and a == run[0] + run[1] * run[2]):
            run[2] = a - run[0] if run[1] == 1 else run[2]
            run[1] += 1
        else:
            runs.append([a, 1, 1, b - a])
    out, last = [], 0
    for start, count, step, distance in runs:
        out += [base36(start - last), base36(count), base36(step), base36(distance)]
        last = start
    return " ".join(out)


def fold_sequences(cased):
    """What folds to several code points: the sequence, then the single ones."""
    table = {}
    for c in cased:
        sequence = chr(c).casefold()
        if len(sequence) > 1 and matches(r"(?i:\x{%x})" % c, sequence) == [(0, len(sequence))]:
            table.setdefault(sequence, []).append(c)
    return ";".join(
        "=".join([" ".join(base36(ord(s)) for s in sequence), " ".join(map(base36, singles))])
        for sequence, singles in sorted(table.items())
    )


def write(name, parts):
    out = ["// Made by scripts/make-regex-tables.py from tokenizers %s; do not edit." % tokenizers.__version__, ""]
    for comment, constant, value in parts:
        quoted = "`\n%s\n`" % value if "\n" in value else "'%s'" % value
        out += ["/** %s */" % comment, "export const %s =\n  %s;" % (constant, quoted), ""]
    (TARGET / name).write_text("\n".join(out))
    print(name, (TARGET / name).stat().st_size, file=sys.stderr)


def main():
    TARGET.mkdir(exist_ok=True)
    categories, scripts, others = names(CATEGORIES), names(SCRIPTS), names(BINARY + POSIX)
    scripts.sort(key=lambda entry: entry[0] != "unknown")
    classes, category_runs = partition(categories, category_symbol)
    write("categories.ts", [
        ("General categories and their aliases; the symbols A, B, … of the runs stand for them in this order.", "CATEGORY_NAMES", " ".join(map(":".join, categories))),
        ("The category of every code point: symbol and, where it is not 1, length in base 36.", "CATEGORY_RUNS", category_runs),
    ])
    write("scripts.ts", [
        ("Scripts and their aliases; the symbols AA, AB, … of the runs stand for them in this order.", "SCRIPT_NAMES", " ".join(map(":".join, scripts))),
        ("The script of every code point: symbol and, where it is not 1, length in base 36.", "SCRIPT_RUNS", partition(scripts, script_symbol)[1]),
    ])
    write("binary.ts", [
        ("One property a line: names, the categories taken for it, gaps between the code points where being different from these begins and ends.", "BINARY_PROPERTIES", "\n".join(binary(others, classes))),
    ])
    folds, cased = fold_classes()
    write("folds.ts", [
        ("Pairs that differ in case only, as runs in base 36: gap since the last run's start, count, step, distance of the pair.", "FOLD_RUNS", fold_runs(folds)),
        ("Sequences of code points, in base 36, and the single ones that fold to them.", "FOLD_SEQUENCES", fold_sequences(cased)),
    ])


main()
