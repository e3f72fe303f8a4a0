"""What Slack says: the tokens, their scopes, the helpdesk's channel, the hosts of files.

Pure: facts -> results.
"""

from collections.abc import Iterable, Mapping

from bot.doctor.check import Check, Result, Said, fault, note, ok, warning
from bot.doctor.clocks import clock_results
from bot.doctor.facts import Answer, Facts, Slack, have
from bot.tokens import Kind, refusal

_SCOPES = Said(
    "api.slack.com/apps → アプリ → OAuth & Permissions → Scopes → Bot Token Scopes に足し、"
    "上の Reinstall to Workspace を押してください",
    "api.slack.com/apps → your app → OAuth & Permissions → Scopes → Bot Token Scopes: add them, then press "
    "Reinstall to Workspace above",
)
_INVITE = Said(
    "Slack のそのチャンネルで /invite @（ボットの名前）と入力してください",
    "In that channel in Slack type /invite @ and the bot's name",
)
_NETWORK = Said(
    "このマシンから slack.com の 443 番へ出られるか、HTTPS_PROXY が要らないかを確かめてください",
    "See whether this machine reaches slack.com on port 443, or needs HTTPS_PROXY",
)
_AWAY: Mapping[str, tuple[Said, Said]] = {
    "name": (
        Said("Slack のホスト名が引けません", "Slack's name cannot be resolved"),
        Said(
            "DNS の設定を確かめてください。社外へプロキシで出る場合は HTTPS_PROXY",
            "See the DNS; where a proxy leads outside: HTTPS_PROXY",
        ),
    ),
    "certificate": (
        Said("Slack の答えの証明書が信頼されていません", "the certificate of Slack's answer is not trusted"),
        Said(
            "通信を検査する製品の CA を SSL_CERT_FILE のファイルに入れてください",
            "Put the authority of the product that inspects the traffic into the file of SSL_CERT_FILE",
        ),
    ),
    "proxy": (
        Said("プロキシが通しません", "the proxy does not let it through"),
        Said(
            "HTTPS_PROXY のホスト、名前、パスワードを確かめてください",
            "See the host, name and password in HTTPS_PROXY",
        ),
    ),
    "timeout": (Said("時間内に答えません", "does not answer in time"), _NETWORK),
    "ratelimited": (
        Said("Slack が混み合っています（あとでと断られました）", "Slack is busy and says: later"),
        Said("数分後にもう一度試してください", "Try again in some minutes"),
    ),
}


# Who does without agent_view does without this one, too (README, "Connect a Slack workspace").
DISPENSABLE = frozenset({"assistant:write"})


def _slack(facts: Facts) -> Slack | None:
    return have(facts.slack)


def _not_there(answer: Answer) -> tuple[Said, Said]:
    if answer.away:
        return _AWAY.get(answer.away, (Said("つながりません", "cannot be reached"), _NETWORK))
    said = Said(f"Slack が断りました（{answer.error}）", f"Slack refused ({answer.error})")
    cure = Said(
        f"docs.slack.dev で {answer.error} の意味を確かめてください",
        f"See what {answer.error} means on docs.slack.dev",
    )
    return said, cure


def _refused(name: Kind, answer: Answer) -> Result:
    if found := refusal(name, answer.error):
        return fault(found.ja, found.en, Said(found.cure_ja, found.cure_en))
    said, cure = _not_there(answer)
    return fault(*said, cure)


def bot_token(facts: Facts) -> Iterable[Result]:
    """Slack takes the bot's token (auth.test)."""
    if (slack := _slack(facts)) is None:
        return
    if slack.bot.error or slack.bot.away:
        yield _refused("SLACK_BOT_TOKEN", slack.bot)
        return
    team, user = slack.bot.told.get("team", "?"), slack.bot.told.get("user", "?")
    yield ok(f"ワークスペース {team}、ボット {user}", f"workspace {team}, bot {user}")


def scopes(facts: Facts) -> Iterable[Result]:
    """The token has the scopes that the manifest asks for, and no more."""
    slack = _slack(facts)
    if slack is None or slack.bot.error or slack.bot.away:
        return
    if slack.scopes is None:
        yield note("Slack が権限を教えませんでした", "Slack did not tell them")
        return
    missing, more = sorted(slack.needed - slack.scopes), sorted(slack.scopes - slack.needed)
    if needed := [name for name in missing if name not in DISPENSABLE]:
        names = ", ".join(needed)
        yield fault(f"足りません: {names}", f"missing: {names}", _SCOPES)
    elif missing:
        yield note(
            "assistant:write がないので、DM を開いたときに相談の例が出ません",
            "without assistant:write no examples are offered in an empty talk",
            _SCOPES,
        )
    if more:
        names = ", ".join(more)
        yield warning(
            f"使わない権限があります: {names}",
            f"not needed: {names}",
            Said(
                "api.slack.com/apps → アプリ → OAuth & Permissions → Scopes から消し、入れ直してください",
                "Remove them: api.slack.com/apps → your app → OAuth & Permissions → Scopes; then reinstall",
            ),
        )
    if not missing and not more:
        yield ok(
            f"{len(slack.needed)} 個、manifest.json のとおり", f"{len(slack.needed)}, as in manifest.json"
        )


def app_token(facts: Facts) -> Iterable[Result]:
    """Slack takes the app-level token (apps.connections.open)."""
    slack = _slack(facts)
    if slack is None or slack.app is None:
        return
    if slack.app.error or slack.app.away:
        yield _refused("SLACK_APP_TOKEN", slack.app)
    else:
        yield ok("WebSocket を開けます", "a WebSocket may be opened")


def socket_mode(facts: Facts) -> Iterable[Result]:
    """The switch on the app's page is as the settings have it, so far as Slack tells."""
    slack = _slack(facts)
    if slack is None or slack.app is None or slack.app.error or slack.app.away:
        return
    if any("Socket Mode is not turned on" in warned for warned in slack.app.warnings):
        yield warning(
            "オフです。socket にはイベントが届きません",
            "is off: socket gets no events",
            Said(
                "api.slack.com/apps → アプリ → Socket Mode → Enable Socket Mode をオンにしてください",
                "Switch it on: api.slack.com/apps → your app → Socket Mode → Enable Socket Mode",
            ),
        )
    elif have(facts.configuration).signing_secret != "none":
        yield note(
            "オンです。serve にはイベントが届きません",
            "is on: serve gets no events",
            Said("HTTP で動かすならオフにしてください", "Switch it off to run over HTTP"),
        )
    else:
        yield ok("オンです", "is on")


def channel(facts: Facts) -> Iterable[Result]:
    """The helpdesk's channel is there, the bot is in it, and only the helpdesk reads it."""
    slack = _slack(facts)
    if slack is None or slack.channel is None or slack.bot.error or slack.bot.away:
        return
    answer = slack.channel
    if answer.error == "channel_not_found":
        yield fault(
            "その ID のチャンネルがないか、ボットの入っていない非公開チャンネルです",
            "there is none of this ID, or it is a private one that the bot is not in",
            Said(
                f"{_INVITE.ja}。ID はチャンネルの詳細のいちばん下です",
                f"{_INVITE.en}. The ID is at the bottom of its details",
            ),
        )
    elif answer.error == "missing_scope":
        yield fault("見る権限がありません", "may not be looked at: a scope is missing", _SCOPES)
    elif answer.error or answer.away:
        said, cure = _not_there(answer)
        yield fault(*said, cure)
    else:
        yield from _of_channel(answer)


def _of_channel(answer: Answer) -> Iterable[Result]:
    if answer.told.get("is_archived"):
        yield fault(
            "アーカイブされています",
            "is archived",
            Said(
                "Slack でアーカイブを解除するか、HELPDESK_CHANNEL を別のチャンネルにしてください",
                "Unarchive it in Slack, or set HELPDESK_CHANNEL to another one",
            ),
        )
    elif not answer.told.get("is_member"):
        yield fault("ボットが入っていません", "the bot is not in it", _INVITE)
    if answer.told.get("is_ext_shared") or answer.told.get("is_pending_ext_shared"):
        yield warning(
            "社外と共有されています。社外の人も担当者として扱われ、相談の中身を見ます",
            "is shared with another company: its people count as helpdesk and see the cases",
            Said(
                "社内だけのチャンネルを作り、その ID を HELPDESK_CHANNEL に入れてください",
                "Make one for the company alone and set HELPDESK_CHANNEL to its ID",
            ),
        )
    well = answer.told.get("is_member") and not answer.told.get("is_archived")
    if well and not (answer.told.get("is_ext_shared") or answer.told.get("is_pending_ext_shared")):
        if answer.told.get("is_private"):
            yield ok("ボットが入っています", "the bot is in it")
        else:
            yield warning(
                "パブリックチャンネルです。相談のカード（名前、PC 名、エラーの文）を"
                "社内のだれでも読め、参加すれば担当者として扱われます",
                "is public: anybody in the company can read the cases (names, PC names, what was pasted), "
                "and whoever joins counts as helpdesk",
                Said(
                    "Slack でチャンネル名を押し、"
                    "「設定」→「プライベートチャンネルに変更する」を選んでください"
                    "（ないときは、ワークスペースの管理者に頼みます）",
                    "Press the channel's name in Slack → Settings → Change to a private channel "
                    "(where that is missing, a workspace admin can do it)",
                ),
            )


def files(facts: Facts) -> Iterable[Result]:
    """The hosts of files answer, and Slack's own are among them."""
    slack = _slack(facts)
    if slack is None:
        return
    given = have(facts.configuration)
    if given.api_is_slacks and not any(host.startswith("files.slack.com") for host in given.file_hosts):
        yield warning(
            "SLACK_FILE_HOSTS に files.slack.com がないので、添付ファイルを受け取れません",
            "files.slack.com is not in SLACK_FILE_HOSTS, so no file can be fetched",
            Said("SLACK_FILE_HOSTS を消すと既定に戻ります", "Remove SLACK_FILE_HOSTS: the default is right"),
        )
    for host, why in slack.file_hosts.items():
        if why:
            said, cure = _AWAY.get(why, (Said("つながりません", "cannot be reached"), _NETWORK))
            yield fault(said.ja.replace("Slack の", ""), said.en.replace("Slack's", "its"), cure, about=host)
    if slack.file_hosts and not any(slack.file_hosts.values()):
        yield ok(f"つながります（{len(slack.file_hosts)}）", f"all answer ({len(slack.file_hosts)})")


def clock(facts: Facts) -> Iterable[Result]:
    """This machine's clock is Slack's: a request that is signed five minutes apart is refused."""
    slack = _slack(facts)
    if slack and slack.clock_ahead is not None:
        yield from clock_results(slack.clock_ahead, "Slack", "Slack")


CHECKS = (
    Check("slack.bot_token", Said("ボットのトークン", "Bot token"), bot_token),
    Check("slack.scopes", Said("権限（スコープ）", "Scopes"), scopes),
    Check("slack.app_token", Said("アプリのトークン", "App-level token"), app_token),
    Check("slack.socket_mode", Said("Socket Mode", "Socket Mode"), socket_mode),
    Check("slack.channel", Said("担当者のチャンネル", "Helpdesk channel"), channel),
    Check("slack.files", Said("ファイルのホスト", "File hosts"), files),
    Check("slack.clock", Said("Slack との時計の差", "Clock against Slack"), clock),
)
