"""The settings: each by itself, and those that contradict each other.

Pure: facts -> results.
"""

import re
from collections.abc import Iterable

from bot.doctor.check import Check, Result, Said, fault, note, ok, warning
from bot.doctor.facts import Facts, have

_TOKENS = frozenset({"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"})
_ENV = Said("環境変数か .env で直してください", "Correct it in the environment or in .env")


def shapes(facts: Facts) -> Iterable[Result]:
    """Every setting is there and of its shape."""
    given = have(facts.configuration)
    for one in given.faults:
        reason = f"（{one.reason}）" if one.reason else ""
        why = f" ({one.reason})" if one.reason else ""
        yield fault(
            "未設定です" if one.is_missing else f"形が違います{reason}",
            "is missing" if one.is_missing else f"is not as it should be{why}",
            Said(*one.means),
            about=one.name,
        )
    if not given.faults:
        yield ok("すべて読めます", "all can be read")


def env_file(facts: Facts) -> Iterable[Result]:
    """`.env` can be read by us, and by nobody else."""
    given = have(facts.configuration)
    if not given.env_is_readable:
        yield fault(
            "読めません",
            "cannot be read",
            Said(
                "UTF-8 で保存し、ボットの利用者が読めるようにしてください",
                "Save it as UTF-8, and let the bot's user read it",
            ),
        )
    elif given.env_mode is not None and given.env_mode & 0o077:
        yield warning(
            f"ほかの利用者も読めます（{given.env_mode:03o}）。トークンが入るファイルです",
            f"other users of this machine may read it ({given.env_mode:03o}), and tokens stand in it",
            Said("chmod 600 .env", "chmod 600 .env"),
        )
    elif given.env_mode is not None:
        yield ok("自分だけが読めます", "only its owner can read it")


def mode(facts: Facts) -> Iterable[Result]:
    """Either HTTP or Socket Mode is set up. Without either nothing of a running bot was looked at."""
    given = have(facts.configuration)
    serve, socket = given.signing_secret != "none", given.has_app_token
    if any(one.name in _TOKENS for one in given.faults):
        return  # one is there and cannot be read: that is told by its shape
    if not given.has_slack:
        yield fault(
            "Slack の設定がここにないので、動いているボットのことは何も確かめていません",
            "Slack's settings are not here, so nothing of a running bot was looked at",
            Said(
                "サービスの設定で実行してください\n"
                "systemd: README「Commands beside the running bot」の helpdesk bot doctor\n"
                "コンテナ: docker exec certificate-helpdesk python -m bot doctor\n"
                "まだ Slack につないでいないとき: README「Install」\n"
                "make run で試すだけのとき: このままで構いません",
                "Run it with the service's settings\n"
                "systemd: helpdesk bot doctor, as in README, “Commands beside the running bot”\n"
                "A container: docker exec certificate-helpdesk python -m bot doctor\n"
                "Not connected to Slack yet: README, “Install”\n"
                "Only to try it by make run: nothing has to be mended",
            ),
        )
    elif serve and socket:
        yield warning(
            "HTTP（SLACK_SIGNING_SECRET）と Socket Mode（SLACK_APP_TOKEN）の両方が設定されています",
            "both HTTP (SLACK_SIGNING_SECRET) and Socket Mode (SLACK_APP_TOKEN) are set up",
            Said(
                "使わないほうの設定を消してください。"
                "1 つのアプリで serve と socket を同時に動かすことはできません",
                "Remove the one that is not used: one app cannot have serve and socket at the same time",
            ),
        )
    elif not (serve or socket):
        yield fault(
            "SLACK_SIGNING_SECRET も SLACK_APP_TOKEN もないので、serve も socket も動きません",
            "neither SLACK_SIGNING_SECRET nor SLACK_APP_TOKEN is there, so neither serve nor socket can run",
            Said(
                "api.slack.com/apps → アプリ → Basic Information にあります。"
                "HTTP なら Signing Secret を、Socket Mode なら App-Level Tokens を入れてください",
                "Both are at api.slack.com/apps → your app → Basic Information: for HTTP the Signing Secret, "
                "for Socket Mode one of App-Level Tokens",
            ),
        )
    elif not given.has_bot_token:
        yield fault(
            "SLACK_BOT_TOKEN がないので、返事ができません",
            "SLACK_BOT_TOKEN is not there, so nothing can be answered",
            Said(
                "api.slack.com/apps → アプリ → OAuth & Permissions → Bot User OAuth Token を入れてください",
                "Set it: api.slack.com/apps → your app → OAuth & Permissions → Bot User OAuth Token",
            ),
        )
    else:
        name = "serve" if serve else "socket"
        yield ok(f"python -m bot {name} で動きます", f"it runs by python -m bot {name}")


def signing_secret(facts: Facts) -> Iterable[Result]:
    """The signing secret looks as Slack's do: 32 hexadecimal digits. Only Slack's next event can prove it."""
    secret = have(facts.configuration).signing_secret
    if secret == "unusual":
        yield warning(
            "Slack のものは 16 進数 32 文字ですが、形が違います",
            "Slack's are 32 hexadecimal digits; this one is not",
            Said(
                "api.slack.com/apps → アプリ → Basic Information → Signing Secret → Show を写し直してください"
                "（Client Secret や Verification Token ではありません）",
                "Copy it again: api.slack.com/apps → your app → Basic Information → Signing Secret → Show "
                "(not the Client Secret, not the Verification Token)",
            ),
        )
    elif secret == "usual":
        yield ok("形は正しいです", "looks as it should")


def hand_over(facts: Facts) -> Iterable[Result]:
    """There is somebody to whom a case can be handed over."""
    given = have(facts.configuration)
    if not given.has_slack:
        return
    book = have(facts.knowledge).book
    if given.channel is None and not given.has_contact and not (book and book.company.helpdesk):
        yield fault(
            "HELPDESK_CHANNEL も HELPDESK_CONTACT もないので、引き継ぎがだれにも届きません",
            "neither HELPDESK_CHANNEL nor HELPDESK_CONTACT is set: a case that is handed over reaches nobody",
            Said(
                "Slack で担当者のチャンネル名を押し、いちばん下の ID を HELPDESK_CHANNEL に入れてください",
                "Press the helpdesk channel's name in Slack and set HELPDESK_CHANNEL to the ID at the bottom",
            ),
        )
    elif given.channel is None:
        yield note(
            "チャンネルがないので、担当者の代わりに連絡先を案内します",
            "without a channel, people are told whom to turn to",
            Said(
                "HELPDESK_CHANNEL を設定すると、カードで引き継げます",
                "With HELPDESK_CHANNEL cases become cards",
            ),
        )
    elif not re.fullmatch(r"[CG][A-Z0-9]{6,}", given.channel):
        yield fault(
            "HELPDESK_CHANNEL が ID ではありません（C か G で始まる英数字です）",
            "HELPDESK_CHANNEL is no ID (capitals and digits that begin with C or G)",
            Said(
                "Slack でチャンネル名を押し、いちばん下の ID を入れてください",
                "Press the channel's name in Slack: the ID is at the bottom",
            ),
        )
    else:
        yield ok("チャンネルがあります", "there is a channel")


def holidays(facts: Facts) -> Iterable[Result]:
    """Some of the holidays are still to come."""
    given = have(facts.configuration)
    today = facts.at.date()
    if given.holidays and max(given.holidays) < today:
        last = max(given.holidays).isoformat()
        yield warning(
            f"HOLIDAYS の日はすべて過ぎています（最後は {last}）",
            f"all days in HOLIDAYS are over (the last was {last})",
            Said("これからの休業日をファイルに書き足してください", "Add the coming holidays to the file"),
        )
    elif given.holidays:
        coming = sum(day >= today for day in given.holidays)
        yield ok(f"これからの休業日 {coming} 日", f"{coming} holidays to come")
    elif given.hours:
        yield note("休業日の登録がありません", "no holidays are known", Said("HOLIDAYS", "HOLIDAYS"))


def asking_outside(facts: Facts) -> Iterable[Result]:
    """What certificates' issuers are asked fits the hosts and the proxy that are given for it."""
    given = have(facts.configuration)
    on = given.asks_revocation or given.fetches_issuers
    names = " / ".join(
        name
        for name, is_on in (("REVOCATION", given.asks_revocation), ("FETCH_ISSUERS", given.fetches_issuers))
        if is_on
    )
    if not on and (given.allowed_hosts or given.has_proxy_for_fetching):
        yield note(
            "REVOCATION も FETCH_ISSUERS も off なので、FETCH_… の設定は使われません",
            "REVOCATION and FETCH_ISSUERS are off, so the FETCH_… settings are not used",
        )
    elif given.has_proxy_for_fetching and not given.allowed_hosts:
        yield warning(
            "FETCH_PROXY は FETCH_ALLOWED_HOSTS のホストだけに使われますが、そのホストがありません",
            "FETCH_PROXY is used for FETCH_ALLOWED_HOSTS alone, and there are none",
            Said(
                "発行元の問い合わせ先を FETCH_ALLOWED_HOSTS に入れてください",
                "Put the hosts that the issuers name into FETCH_ALLOWED_HOSTS",
            ),
        )
    elif on and not given.allowed_hosts:
        yield note(
            f"{names} が on で、社外のホストだけに問い合わせます",
            f"{names} on: only hosts outside the company are asked",
            Said(
                "社内の認証局に聞くには FETCH_ALLOWED_HOSTS",
                "To ask the company's own authority: FETCH_ALLOWED_HOSTS",
            ),
        )
    elif on:
        yield ok(
            f"{names} on、許したホスト {given.allowed_hosts}",
            f"{names} on, hosts allowed: {given.allowed_hosts}",
        )
    else:
        yield ok("社外には何も問い合わせません", "nothing is asked outside")


def retention(facts: Facts) -> Iterable[Result]:
    """Records are kept long enough for a case, and not for years."""
    days = have(facts.configuration).retention_days
    if days < 7:
        yield warning(
            f"記録は {days} 日で消えます。証明書の発行を待つ相談が途中で消えます",
            f"records are erased after {days} days, before somebody who waits for a certificate is done",
            Said("RETENTION_DAYS を 7 以上にしてください", "Set RETENTION_DAYS to 7 or more"),
        )
    elif days > 400:
        yield warning(
            f"記録を {days} 日残します。人が書いた文も残ります",
            f"records are kept for {days} days, and what people wrote with them",
            Said("RETENTION_DAYS を短くしてください（既定は 30）", "Set RETENTION_DAYS lower (usually 30)"),
        )
    else:
        yield ok(f"{days} 日", f"{days} days")


def log_level(facts: Facts) -> Iterable[Result]:
    """The log is neither flooded nor silent."""
    level = have(facts.configuration).log_level
    if level == "DEBUG":
        yield note("DEBUG です。ログが大きくなります", "DEBUG: the log grows quickly", _ENV)
    elif level in ("ERROR", "CRITICAL"):
        yield note(f"{level} です。注意のログが出ません", f"{level}: warnings are not logged", _ENV)


CHECKS = (
    Check("settings.shape", Said("設定の形", "Settings"), shapes),
    Check("settings.env_file", Said(".env", ".env"), env_file),
    Check("settings.mode", Said("動かし方", "How it runs"), mode),
    Check("settings.signing_secret", Said("Signing Secret", "Signing secret"), signing_secret),
    Check("settings.hand_over", Said("引き継ぎ先", "Hand-over"), hand_over),
    Check("settings.holidays", Said("休業日", "Holidays"), holidays),
    Check("settings.asking", Said("社外への問い合わせ", "Asking issuers"), asking_outside),
    Check("settings.retention", Said("記録の保存", "Retention"), retention),
    Check("settings.log_level", Said("ログ", "Log"), log_level),
)
