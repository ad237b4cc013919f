"""An amount of yuan in Chinese capitals (人民币大写), as contracts and receipts write it."""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def capitals(amount: Decimal) -> str:
    """``1409.50`` → ``壹仟肆佰零玖元伍角``; non-negative, below 10¹⁶, two decimals.

    Source: 票据法 appendix 正确填写票据和结算凭证的基本规定 (general knowledge).
    """
    yuan, cents = divmod(int(amount * 100), 100)
    jiao, fen = divmod(cents, 10)
    head = f"{_whole(yuan)}元" if yuan else ""
    if not cents:
        return f"{head or '零元'}整"
    tail = f"{DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
    if not fen:
        return f"{head}{tail}整" if not yuan else head + tail
    return f"{head}{tail}{DIGITS[fen]}分"


def _whole(number: int) -> str:
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text, gap = "", False
    for place in reversed(range(len(groups))):
        group = groups[place]
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _group(group) + GROUPS[place]
        gap = False
    return text


def _group(number: int) -> str:
    text, gap = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + PLACES[place]
        gap = not digit
    return text
