"""The pieces of text in a picture come in a person's order, and folded sentences whole."""

from bot.picture_lines import Piece, lines


def piece(text: str, left: float, middle: float, length: float, height: float = 20) -> Piece:
    return Piece(text, (left, middle), (left + length, middle), height)


def test_a_sentence_that_was_folded_is_one_line_again() -> None:
    folded = [
        piece("The target principal", 10, 10, 200),
        piece("name is incorrect.", 10, 34, 170),
        piece("Do you want to continue?", 10, 58, 220),
    ]
    assert lines(folded) == ("The target principal name is incorrect.", "Do you want to continue?")


def test_a_short_line_is_not_continued_by_the_next() -> None:
    listed = [
        piece("mail.example.co.jp", 10, 10, 120),
        piece("The certificate was issued by somebody", 10, 34, 300),
        piece("Issuer", 10, 58, 40),
        piece("発行先: mail", 10, 82, 300),
    ]
    assert lines(listed) == tuple(one.text for one in listed)


def test_pieces_of_one_line_are_joined_and_buttons_are_not() -> None:
    side_by_side = [
        piece("いいえ(N)", 300, 12, 80),
        piece("は", 100, 10, 20),
        piece("い(Y)", 122, 11, 50),
        piece("Yes", 500, 10, 40),
        piece("please", 550, 10, 60),
    ]
    assert lines(side_by_side) == ("はい(Y)", "いいえ(N)", "Yes please")


def test_lines_of_a_skewed_picture_keep_their_order() -> None:
    # 8 degrees: the second line's left end is higher than the first line's right end
    rows = [("上の行です。", 100.0), ("下の行です。", 130.0)]
    skewed = [Piece(text, (0, y), (400, y + 56.0), 20) for text, y in rows]
    aside = Piece("右", (700, 100 + 98.0), (730, 100 + 102.2), 20)
    assert lines([skewed[1], aside, skewed[0]]) == ("上の行です。", "右", "下の行です。")


def test_no_pieces_are_no_lines() -> None:
    assert lines([]) == ()
