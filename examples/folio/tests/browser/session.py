"""What a reader does, and what has to come of it."""

import http.server
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

import tree
from chromium import Chromium


def check(is_right, what):
    if not is_right:
        raise AssertionError(what)
    print(f"  {what}")


def reading(page, address):
    page.open(f"{address}/")
    page.until("document.title === 'The Handbook'", "the first page is the README")
    page.evaluate("document.querySelector('main p a').click()")
    page.until("location.pathname === '/guide/start'", "a link leads to a clean address")
    page.until("document.readyState === 'complete'", "the page is there")
    check(page.evaluate("document.querySelector('a.broken').title") == "there is no `guide/unwritten.md`", "a broken link says why")
    page.evaluate("document.querySelector('img').scrollIntoView()")
    page.until("document.querySelector('img').naturalWidth === 480", "the image is shown")
    check(page.evaluate("document.querySelector('img').getAttribute('width')") == "480", "its size is known before it is there")
    check(page.evaluate("document.querySelectorAll('pre span[class*=s-]').length > 5"), "code has colours")
    check(page.evaluate("[...document.querySelectorAll('.backlinks a')].map(a => a.innerText).join()") == "The Handbook,Reference,An idea", "backlinks are listed")
    check(page.evaluate("document.querySelector('nav.tree [aria-current]').innerText") == "Getting started", "the navigation shows where one is")
    check(page.evaluate("[...document.querySelectorAll('nav.toc a')].map(a => a.innerText).join()") == "Install,A picture,Next steps", "the sections are listed")
    page.evaluate("document.querySelector('main a[href=\"/guide/reference#tables\"]').click()")
    page.until("location.hash === '#tables' && document.querySelector('#tables') !== null", "a link leads to a section")


def searching(page, first, expected):
    page.evaluate("document.querySelector('.search input').focus()")
    page.call("Input.insertText", text=first)
    page.until("document.querySelector('.search li a') !== null", "a search finds something")
    found = page.evaluate("document.querySelector('.search li a').getAttribute('href')")
    check(found.endswith(expected), f"{first!r} finds {expected}")
    page.evaluate("document.querySelector('.search li a').click()")
    page.until(f"location.pathname.endsWith({expected!r}) && document.readyState === 'complete'", "what is found opens")


def editing(page, address, root):
    start, other = root / "guide/start.md", root / "notes/idea.md"
    page.open(f"{address}/guide/start")
    page.evaluate("window.mark = 'same'")
    # An edit that this page does not show, then one that it does: it has to come with the second, not the first.
    other.write_text(other.read_text() + "\nMore of the idea.\n")
    page.until("fetch('/notes/idea').then(a => a.text()).then(t => t.includes('More of the idea.'))", "the other page is new")
    check(page.evaluate("window.mark") == "same", "an edit elsewhere reloads nothing")
    start.write_text(start.read_text().replace("A first paragraph", "A changed paragraph"))
    page.until("document.querySelector('main').innerText.includes('A changed paragraph')", "the page shows the edit")
    check(page.evaluate("window.mark === undefined"), "it was loaded anew by itself")
    (root / "guide/unwritten.md").write_text("# Written now\n")
    page.until("!document.querySelector('a.broken')", "a link is no more broken when its page is written")
    page.open(f"{address}/guide/later")
    check("Nothing here" in page.evaluate("document.body.innerText"), "a page that is not there says so")
    (root / "guide/later.md").write_text("# Later\n")
    page.until("document.querySelector('h1').innerText.startsWith('Later')", "and comes when somebody writes it")
    page.open(f"{address}/guide/strat")
    check(page.evaluate("document.querySelector('main li a').getAttribute('href')") == "/guide/start", "a misspelt address is understood")


def looks(page, address, shots):
    for name, width, height, dark in (("light", 1280, 900, False), ("dark", 1280, 900, True), ("narrow", 390, 844, False)):
        page.look(width, height, dark)
        page.open(f"{address}/guide/start")
        page.screenshot(shots / f"{name}.png")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        check(wide <= 0, f"nothing sticks out of the {name} page")
    page.look(1280, 900, False)
    for name, path in (("missing", "guide/strat"), ("folder", "guide/")):
        page.open(f"{address}/{path}")
        page.screenshot(shots / f"{name}.png")


def published(page, site):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=site)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page.open(f"http://127.0.0.1:{server.server_port}/index.html")
    page.evaluate("document.querySelector('main p a').click()")
    page.until("location.pathname === '/guide/start.html' && document.readyState === 'complete'", "links of a published site are files")
    searching(page, "zanzi", "/guide/reference.html")
    server.shutdown()


def main(folio, shots=None):
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        root, site = work / "docs", work / "site"
        shots = pathlib.Path(shots) if shots else work
        shots.mkdir(parents=True, exist_ok=True)
        tree.write(root)
        subprocess.run([folio, "build", root, "-o", site], check=True)
        server = subprocess.Popen([folio, "serve", root, "--port", "0"], stderr=subprocess.PIPE, text=True)
        page = Chromium(work / "profile")
        try:
            line = server.stderr.readline()
            address = re.search(r"http://[\d.:]+", line).group()
            page.look(1280, 900, False)
            print("reading")
            reading(page, address)
            print("searching")
            searching(page, "zanzibar", "/guide/reference")
            print("looks")
            looks(page, address, shots)
            print("editing")
            editing(page, address, root)
            print("published")
            published(page, site)
            errors = [error for error in page.errors if "404" not in error]
            check(not errors, f"no script failed {errors or ''}")
        finally:
            page.close()
            server.terminate()
            server.wait()


main(*sys.argv[1:])
