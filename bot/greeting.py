"""The first word to a person, and the examples in it. PURE."""

from bot.button_ids import button_id
from bot.replies import Button, Buttons, Message, Part, Text
from knowledge.book import Book
from knowledge.rows import Language

EXAMPLES = (1, 2, 3)


def greeting(book: Book, language: Language, days: int) -> Message:
    """The first word to a person: what one can do here, who reads it, how long it is kept (`days`), what
    never to send, and three examples to press."""
    other: Language = "en" if language == "ja" else "ja"
    buttons = tuple(
        Button(button_id("example", str(number)), book.say(f"button_example_{number}", language))
        for number in EXAMPLES
    )
    switch = Button(button_id("language", other), book.say("button_this_language", other))
    parts: tuple[Part, ...] = (
        Text(book.say("greeting", language)),
        Text(book.say("greeting_privacy", language, days=str(days))),
        Text(book.say("greeting_examples", language)),
        Buttons((*buttons, switch)),
    )
    return Message(parts, language)


def examples(book: Book, language: Language) -> dict[str, str]:
    """What stands on each example's button, and the text that it stands for."""
    return {
        book.say(f"button_example_{number}", language): book.say(f"example_{number}", language)
        for number in EXAMPLES
    }
