"""Make articles out of word lists, the same for the same seed: the ordinary input of the benchmarks. Pure.

An article has 3,000 to 6,000 bytes of UTF-8, a title, a paragraph a line, and one language of nine. One in ten names
Twitter in its prose, one in five prints a few ordinary URLs, one in twenty-five names Xavier; none holds a tweet.
The sentences mean nothing: what counts is that letters, blanks, lines, quotation marks, slashes, @ and words that begin
with X are about as frequent as in the news.
"""

from __future__ import annotations

from random import Random

__all__ = ["LANGUAGES", "articles"]

LANGUAGES = {
    "en": (
        """the of and to in a is that for on with as by at from it was were had not this which their after over
        about more minister council harbour bread winter bridge company market river teacher school committee
        budget village road workers vote report judge hospital morning evening yesterday together between
        against without million percent""",
        "she wrote on Twitter on Monday",
    ),
    "fr": (
        """le la les de des du et à un une en que qui dans pour sur au avec par plus ne pas est sont été cette leur
        après boulanger conseil marché hiver école rivière société budget village pont ouvriers vote rapport
        juge hôpital mairie matin soir hier ensemble entre contre sans millions d'abord qu'il l'année c'était""",
        "a-t-elle écrit sur Twitter lundi",
    ),
    "de": (
        """der die das und in den von zu mit ist des im für nicht ein eine auf dem sich auch es an werden aus er
        hat dass Bäcker Gemeinderat Markt Winter Schule Fluss Gesellschaft Haushalt Dorf Brücke Arbeiter
        Abstimmung Bericht Richter Krankenhaus Morgen Abend gestern zusammen zwischen gegen ohne Millionen
        Prozent Bürgermeisterin""",
        "schrieb sie am Montag auf Twitter",
    ),
    "es": (
        """el la los las de y a en un una que por con para del se no es al lo más como su pero sobre entre cuando
        también panadero concejo mercado invierno escuela río sociedad presupuesto pueblo puente obreros
        votación informe juez hospital mañana tarde ayer juntos contra sin millones año según además""",
        "escribió el lunes en su cuenta de Twitter",
    ),
    "it": (
        """il lo la i gli le di e a in un una che per con del non è al più come suo ma anche dopo quando sono stato
        della fornaio consiglio mercato inverno scuola fiume società bilancio paese ponte operai voto rapporto
        giudice ospedale mattina sera ieri insieme tra contro senza milioni l'anno dell'accordo""",
        "ha scritto lunedì su Twitter",
    ),
    "pt": (
        """o a os as de e em um uma que por com para do da não se é ao mais como seu mas também sobre quando depois
        foi padeiro conselho mercado inverno escola rio sociedade orçamento aldeia ponte operários votação
        relatório juiz hospital manhã tarde ontem juntos contra sem milhões ano segundo além""",
        "escreveu ela no Twitter na segunda-feira",
    ),
    "ru": (
        """и в не на что с по как это из к за от для до у о же но при его она они был была также после между пекарь
        совет рынок зима школа река общество бюджет деревня мост рабочие голосование доклад судья больница утро
        вечер вчера вместе против без миллионов процентов год согласно""",
        "написала она в Twitter в понедельник",
    ),
    "ar": (
        """في من على إلى أن عن مع هذا هذه التي الذي كان كانت بعد قبل بين حتى لم لا ما كما أو ثم قد كل الخباز المجلس
        السوق الشتاء المدرسة النهر الشركة الميزانية القرية الجسر العمال التصويت التقرير القاضي المستشفى الصباح
        المساء أمس معا ضد دون مليون""",
        "كتبت على Twitter يوم الاثنين",
    ),
    "ja": (
        """は が を に で と の も から まで より へ や した して いる ある なる この その 市議会 市場 冬 学校 川
        会社 予算 村 橋 労働者 投票 報告 裁判官 病院 朝 夕方 昨日 一緒に 反対 百万 年 によると パン屋 町長
        発表した""",
        "月曜日にTwitterに書いた",
    ),
}
"""For each language its words, and a clause that names Twitter."""
_NAMES = ("Anna", "Tomas", "Leila", "Marek", "Ines", "Otto", "Sara")
_ODDITIES = ("24/7", "km/h", "9.5", "1,200", "2016", "(1998)", "A/B", "info@bakery.example", "U.S.", "–", "—")
_QUOTES = ("“”", "«»", '""', "„“")
_URLS = (
    "https://www.bakery.example/2016/09/28/bread-and-rain.html?page=2",
    "http://harbour.example/news/1204",
    "https://market.example/",
    "www.school.example",
)


def articles(count: int, *, seed: int = 1) -> list[str]:
    """Return that many articles, their languages in turn."""
    rng = Random(seed)  # noqa: S311  the same articles every time
    languages = list(LANGUAGES)
    return [
        _article(rng, languages[n % len(languages)], twitter=n % 10 == 0, urls=2 + n % 3 if n % 5 == 2 else 0)
        for n in range(count)
    ]


def _article(rng: Random, language: str, *, twitter: bool, urls: int) -> str:
    size = rng.randint(3_200, 5_600)
    words = LANGUAGES[language][0].split()
    lines = [_sentence(rng, words, language)[:-1]]
    while sum(len(line.encode()) for line in lines) < size:
        lines.append(" ".join(_sentence(rng, words, language) for _ in range(rng.randint(1, 4))))
    for _ in range(urls):
        lines[rng.randrange(1, len(lines))] += f" ({rng.choice(_URLS)})."
    if twitter:
        lines[rng.randrange(1, len(lines))] += f" “{_sentence(rng, words, language)}”, {LANGUAGES[language][1]}."
    if rng.random() < 0.04:
        lines[-1] += " " + _sentence(rng, [*words[:5], "Xavier"], language)
    return "\n".join(lines) + "\n"


def _sentence(rng: Random, words: list[str], language: str) -> str:
    chosen = rng.choices(words, k=rng.randint(8, 22))
    chosen[rng.randrange(len(chosen))] = rng.choice(_NAMES if rng.random() < 0.75 else _ODDITIES)
    chosen[len(chosen) // 2] += "、" if language == "ja" else ","
    sentence = ("" if language == "ja" else " ").join(chosen)
    sentence = sentence[0].upper() + sentence[1:]
    if rng.random() < 0.2:
        opening, closing = rng.choice(_QUOTES)
        sentence = opening + sentence + closing
    return sentence + ("。" if language == "ja" else ".")
