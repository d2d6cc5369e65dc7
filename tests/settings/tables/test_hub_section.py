"""The hub's settings: the paths that agents dial, and the secret in them."""

from mdxdash.settings.tables.hub_section import HubSettings

SECRET = "0123456789abcdef"


def test_without_a_secret_the_path_is_dialled_as_it_is() -> None:
    settings = HubSettings(path="/chat")
    assert (settings.dial_path, settings.shown_path) == ("/chat", "/chat")


def test_the_secret_is_the_last_segment_and_never_shown() -> None:
    for path in ("/chat", "/chat/"):
        settings = HubSettings(path=path, secret=SECRET)
        assert (settings.dial_path, settings.shown_path) == (f"/chat/{SECRET}", "/chat/***")
    assert settings.hide(f"a{SECRET}b") == "a***b"


def test_its_repr_holds_no_secret() -> None:
    assert repr(HubSettings(secret=SECRET)) == "HubSettings(localhost:9001/chat/***)"


def test_a_certificate_means_tls() -> None:
    assert not HubSettings().has_tls
    assert HubSettings(tls_cert="cert.pem").has_tls
