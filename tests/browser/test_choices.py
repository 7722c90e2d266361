"""Choosing between jobs with the keyboard, with and without JavaScript, to the end and back."""

import pytest

from tests.browser.test_accessible import faults

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript, width, dark", [(True, 360, True), (False, 1280, False)])
def test_pairs_are_chosen_with_the_keyboard_to_an_honest_summary(open_browser, javascript, width, dark):
    page = open_browser(width=width, dark=dark, javascript=javascript)
    page.goto("/cv/choose/")
    for at in range(1, 21):
        assert page.url.endswith(f"/cv/choose/{at}/")
        buttons = page.get_by_role("button", name="Dit trekt me meer")
        assert buttons.count() == 2
        buttons.nth(at % 2).focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if at == 2:
            page.goto("/cv/choose/2/")
            assert page.get_by_role("button", name="Dit koos je").count() == 1
            page.goto("/cv/choose/")
        if page.url.endswith("/result/"):
            break
    assert page.get_by_role("heading", level=1).inner_text() == "Wat je keuzes zeggen"
    assert "als proef" in page.inner_text("main")
    if javascript:
        assert faults(page, "/cv/choose/result/") == []
    page.get_by_role("button", name="Begin opnieuw").click()
    page.wait_for_url("**/cv/choose/1/")
