"""`python -m checks`: the exit codes and the shape of its lines are a contract, its table is for people."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from checks.__main__ import _book, main
from checks.trust import Trust
from tests.certificates import ADDRESS, AT, DAY, SERVER, authority, p7b, pem, person, rsa_key, server

ROOT = authority()
AT_OPTION = f"--at={AT.isoformat()}"


@pytest.fixture
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine is in Japan."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    contents: dict[str, bytes] = {
        "root.pem": ROOT.pem,
        "good.cer": person(ROOT).der,
        "sign-only.cer": person(ROOT, bits=["digital_signature"]).der,
        "expired.cer": person(ROOT, end=AT - DAY).der,
        "server.crt": server(ROOT, SERVER).pem,
        "note.txt": "こんにちは".encode(),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def run(folder: Path, *arguments: str) -> int:
    known = [str(folder / one) if (folder / one).exists() else one for one in arguments]
    return main([*known, AT_OPTION, f"--trust={folder / 'root.pem'}"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["good.cer"], 0),
        (["good.cer", "--address", ADDRESS], 0),
        (["good.cer", "--address", "other@example.co.jp"], 1),
        (["sign-only.cer"], 1),
        (["expired.cer"], 1),
        (["server.crt", "--server", SERVER], 0),
        (["server.crt", "--server", "smtp.example.co.jp"], 1),
        (["good.cer", "--server", SERVER], 1),
        (["note.txt"], 2),
        (["no-such-file.cer"], 2),
        (["good.cer", "expired.cer"], 1),
        (["note.txt", "good.cer"], 2),
        (["."], 2),
    ],
)
def test_the_exit_code_is_that_of_the_worst_file(files: Path, arguments: list[str], code: int) -> None:
    assert run(files, *arguments) == code


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--json"],
        ["x", "--at", "tomorrow"],
        ["x", "--wrong"],
        ["x", "--trust"],
        ["x", "--crl"],
        ["x", "--address", "\udcff"],
    ],
)
def test_wrong_arguments_end_with_64(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 64
    assert capsys.readouterr().err.startswith("usage: ")


def test_a_root_that_cannot_be_read_is_a_wrong_argument(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(files / "good.cer"), "--trust", str(files / "note.txt")]) == 64
    assert capsys.readouterr().err == f"checks: {files / 'note.txt'}: no certificate is in it (text)\n"


def test_a_list_that_is_none_is_a_wrong_argument(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(files / "good.cer"), "--crl", str(files / "note.txt")]) == 64
    assert capsys.readouterr().err == f"checks: {files / 'note.txt'}: no revocation list is in it\n"


def test_a_wildcards_star_is_shown(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "wild.crt").write_bytes(server(ROOT, "*.example.com").der)
    run(files, "wild.crt", "--server", SERVER)
    assert "証明書は *.example.com 用です" in capsys.readouterr().out


def test_the_companys_own_words_count(
    files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = authority("Example Web Gateway CA")
    (files / "seen.crt").write_bytes(server(own, SERVER).der)
    monkeypatch.setenv("KNOWLEDGE_DIR", str(Path(__file__).parents[1] / "knowledge" / "example"))
    _book.cache_clear()
    run(files, "seen.crt", "--server", SERVER)
    _book.cache_clear()
    assert "（ウイルス対策・通信検査ソフト）" in capsys.readouterr().out


def test_one_line_of_json_per_file_in_the_agreed_shape(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(files, "--json", "good.cer", "note.txt", "no-such-file.cer") == 2
    out, err = capsys.readouterr()
    good, note, missing = map(json.loads, out.splitlines())
    assert list(good) == ["file", "verdict", "can_sign", "can_encrypt", "certificate", "findings"]
    assert (good["file"], good["verdict"]) == (str(files / "good.cer"), "usable")
    assert (good["can_sign"], good["can_encrypt"]) == (True, True)
    assert good["certificate"]["addresses"] == [ADDRESS]
    assert good["certificate"]["not_after"] == "2027-12-29T00:00:00Z"
    for finding in good["findings"]:
        assert list(finding) == ["code", "holds", "severity", "certificate", "detail"]
    assert note["findings"] == [
        {
            "code": "not_a_certificate",
            "holds": True,
            "severity": "refused",
            "certificate": None,
            "detail": {"kind": "text"},
        }
    ]
    assert (note["verdict"], note["certificate"]) == ("refused", None)
    assert (missing["file"], missing["verdict"], missing["findings"]) == ("no-such-file.cer", "refused", [])
    assert err == "no-such-file.cer: ファイルが見つかりません。\n"


def test_missing_files_and_folders_are_told_in_a_sentence(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (files / "folder").mkdir()
    assert run(files, "no-such-file.cer", "folder") == 2
    assert capsys.readouterr().err.splitlines() == [
        "no-such-file.cer: ファイルが見つかりません。",
        f"{files / 'folder'}: フォルダーです。ファイルを指定してください。",
    ]


def test_in_english_where_the_settings_say_so(
    files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEFAULT_LANGUAGE", "en")
    assert run(files, "no-such-file.cer") == 2
    assert capsys.readouterr().err == "no-such-file.cer: There is no such file.\n"


@pytest.mark.usefixtures("in_tokyo")
def test_the_whole_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    middle = authority("Example Issuing CA", ROOT)
    leaf = person(middle, bits=["digital_signature"], end=AT + 20 * DAY, key=rsa_key())
    (tmp_path / "chain.p7b").write_bytes(p7b(leaf, middle))
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    command = [str(tmp_path / "chain.p7b"), AT_OPTION, "--address", ADDRESS, "--trust"]
    assert main([*command, str(tmp_path / "root.pem")]) == 1
    table = capsys.readouterr().out.replace(str(tmp_path), "…")
    listed = Trust.load(programme="built-in").programme
    assert listed
    blanks = {"FINGERPRINT": leaf.certificate.fingerprint(SHA256()).hex(), "LIST": f"{listed:%Y-%m-%d}"}
    assert table == re.sub("FINGERPRINT|LIST", lambda blank: blanks[blank[0]], TABLE)


TABLE = """\
…/chain.p7b: 一部だけ使えます - 暗号化に使えない: このキーは、暗号化に使えないか、\
使うことを発行元が認めていません。
  用途            メール
  署名            できます
  暗号化          できません
  発行先          CN=Hanako Yamada, O=Example
  アドレス        user@example.co.jp
  発行元          CN=Example Issuing CA, O=Example
  有効期間        2026-08-16 09:00:00+09:00 - 2026-12-14 09:00:00+09:00
  キー            RSA 2048
  署名方式        SHA-256 with ECDSA
  シリアル番号    1267
  SHA-256         FINGERPRINT
  チェーン        Example Root CA
                  └ Example Issuing CA
                    └ Hanako Yamada
  信頼の根拠      会社の一覧
  Windows の一覧  LIST
  見つかったこと
    ✗ 暗号化に使えない: このキーは、暗号化に使えないか、使うことを発行元が認めていません。
    ! もうすぐ期限切れ: 2026-12-14に切れます。早めに更新してください。
    i 失効は未確認: 理由: 問い合わせない設定です。
  確かめて、当てはまらなかったこと
    秘密キーが入っている, 証明書ではない, 壊れている, 大きすぎる, 期限切れ, まだ有効ではない, \
認証局の証明書, メール用ではない, アドレスがない, アドレスが違う, 署名に使えない, \
発行元の署名が合わない, 発行元の証明書が足りない, 自己署名, 発行元を信頼できない, \
発行のしかたに問題, キーが短い, Outlook が使えないキー, 署名方式が古い

"""


@pytest.mark.usefixtures("in_tokyo")
def test_a_day_is_that_of_the_machine_and_no_end_is_the_last_moment_that_there_is(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late, last = datetime(2026, 10, 31, 20, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    (files / "late.cer").write_bytes(person(ROOT, end=late).der)
    (files / "endless.cer").write_bytes(person(ROOT, end=last).der)
    run(files, "late.cer", "endless.cer")
    out = capsys.readouterr().out
    assert "有効だったのは 2026-11-01までです" in out
    assert "- 9999-12-31 23:59:59+00:00" in out


def test_a_finding_about_an_issuer_names_it(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    middle = authority("Example Issuing CA", ROOT, key=rsa_key(1024))
    (files / "chain.pem").write_bytes(pem(person(middle), middle))
    run(files, "chain.pem")
    assert re.search(r"^    ! キーが短い: .+ \[Example Issuing CA\]$", capsys.readouterr().out, re.MULTILINE)


def test_a_private_key_in_a_terminal_is_no_message_to_delete(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = b"-----BEGIN " + b"PRIVATE KEY-----\nMAAA\n-----END " + b"PRIVATE KEY-----\n"
    (files / "key.pem").write_bytes(key)
    assert run(files, "key.pem") == 2
    out = capsys.readouterr().out
    assert "このファイルを誰にも渡さないでください" in out
    assert "メッセージ" not in out


def test_an_address_that_stands_as_a_name_is_told_apart(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (files / "ip.crt").write_bytes(server(ROOT, "192.0.2.1").der)
    assert run(files, "ip.crt", "--server", "192.0.2.1") == 1
    assert "つないだ先は 192.0.2.1、証明書は DNS Name=192.0.2.1 用です" in capsys.readouterr().out


def test_what_a_certificate_needs_and_windows_does_not_know_is_not_its_issuers_fault(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
    (files / "odd.cer").write_bytes(person(ROOT, (odd, True)).der)
    assert run(files, "odd.cer") == 1
    assert "理由: Windows が解釈できない必須の項目が、証明書に入っているため" in capsys.readouterr().out
    assert "発行元" not in _book().findings["issuer_not_allowed"].headline["ja"]
    assert "issuer" not in _book().findings["issuer_not_allowed"].headline["en"].lower()


def test_a_name_in_a_certificate_does_not_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.cer").write_bytes(person(common_name="\x1b[2Jgood\u202e\n").der)
    main([str(tmp_path / "x.cer"), AT_OPTION])
    out = capsys.readouterr().out
    assert "CN=<U+001B>[2Jgood<U+202E><U+000A>, O=Example" in out
    assert "\x1b" not in out


def test_it_runs_as_a_program(files: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "checks",
        "--json",
        str(files / "good.cer"),
        "--trust",
        str(files / "root.pem"),
    ]
    done = subprocess.run([*command, AT_OPTION], capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["verdict"] == "usable"
