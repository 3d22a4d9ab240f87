"""Uses the inspector's page as a person would, through chromedriver, and fails with the sentence that does not hold.

Run by `browser.sh`, with the demo and a folder for screenshots. Needs nothing but Python's own library.
"""

import base64
import json
import re
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

# How long anything may take that is not measured.
PATIENCE = 30
# How long an edit may take to show up, and an answer to a keystroke.
SOON = 1.0


class Browser:
    """A session of chromedriver, in its plain JSON over HTTP."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        options = {
            "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1600,1000"],
        }
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        self.session = f"/session/{self.ask('POST', '/session', {'capabilities': {'alwaysMatch': wanted}})['sessionId']}"

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["value"]

    def go(self, url):
        self.ask("POST", f"{self.session}/url", {"url": url})

    def run(self, script, *arguments):
        return self.ask("POST", f"{self.session}/execute/sync", {"script": script, "args": arguments})

    def wait(self, claim, script, *arguments, within=PATIENCE):
        """Waits until a script gives something, and says how long that took."""
        began = time.monotonic()
        while not (value := self.run(script, *arguments)):
            if time.monotonic() - began > within:
                raise AssertionError(f"does not hold within {within} s: {claim}\nthe page: {self.text('body')[:2000]}")
            time.sleep(0.02)
        took = time.monotonic() - began
        print(f"{took * 1000:6.0f} ms  {claim}")
        return value

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0]).innerText", selector)

    def element(self, selector):
        found = self.ask("POST", f"{self.session}/element", {"using": "css selector", "value": selector})
        return next(iter(found.values()))

    def click(self, selector):
        self.ask("POST", f"{self.session}/element/{self.element(selector)}/click", {})

    def type(self, selector, text):
        self.ask("POST", f"{self.session}/element/{self.element(selector)}/value", {"text": text})

    def clear(self, selector):
        self.ask("POST", f"{self.session}/element/{self.element(selector)}/clear", {})

    def click_at(self, selector, x, y):
        """A click so far from the middle of an element, by a real pointer."""
        origin = {"element-6066-11e4-a52e-4f735466cecf": self.element(selector)}
        moves = [
            {"type": "pointerMove", "duration": 0, "origin": origin, "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        actions = [{"type": "pointer", "id": "mouse", "actions": moves}]
        self.ask("POST", f"{self.session}/actions", {"actions": actions})

    def settle(self):
        """Waits until nothing on the drawn graph moves any more."""
        self.wait("the graph has come to rest", IS_STILL)

    def screenshot(self, path):
        path.write_bytes(base64.b64decode(self.ask("GET", f"{self.session}/screenshot")))
        print(f"           {path}")

    def dark(self, is_dark):
        feature = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        body = {"cmd": "Emulation.setEmulatedMedia", "params": {"features": [feature]}}
        self.ask("POST", f"{self.session}/goog/cdp/execute", body)

    def leave(self):
        """Leaves the page, before its program goes, and looks at what the console has of it."""
        self.go("about:blank")
        log = self.ask("POST", f"{self.session}/se/log", {"type": "browser"})
        complaints = [entry["message"] for entry in log if entry["level"] in ("SEVERE", "WARNING")]
        check("the console has no errors", complaints == [], complaints)


@contextmanager
def browser():
    driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
    opened = None
    try:
        port = next(found[1] for line in driver.stdout if (found := re.search(r"successfully on port (\d+)", line)))
        opened = Browser(port)
        yield opened
    finally:
        if opened:
            opened.ask("DELETE", opened.session)
        driver.terminate()
        driver.wait()


class Demo:
    """The demo, which changes only when it is told to."""

    def __init__(self, program, stations):
        command = [program, "--still", "--stations", str(stations)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def set(self, station, tenths):
        self.process.stdin.write(f"set {station} {tenths}\n")
        self.process.stdin.flush()


@contextmanager
def demo(program, stations):
    started = Demo(program, stations)
    try:
        yield started
    finally:
        started.process.stdin.close()
        started.process.wait(PATIENCE)


IS_LIVE = "return document.querySelector('#status').innerText.startsWith('live')"
HAS = "return document.querySelector(arguments[0])?.innerText.includes(arguments[1])"
IS = "return document.querySelector(arguments[0])?.innerText === arguments[1]"
COLOURS = """
const canvas = document.querySelector(arguments[0]);
const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
const met = new Set();
for (let at = 0; at < data.length; at += 4) met.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
return met.size;
"""


IS_STILL = """
const now = document.querySelector("#canvas").toDataURL();
const before = window.seen;
window.seen = now;
return now === before;
"""


def check(claim, holds, seen=None):
    if not holds:
        raise AssertionError(f"does not hold: {claim}\nseen: {seen}")
    print(f"       ok  {claim}")


def small(page, program, shots):
    with demo(program, 18) as world:
        page.go(world.url)
        page.wait("the page is live", IS_LIVE)
        page.wait("all nodes are drawn", HAS, "#part", "nodes")
        page.wait("the graph has been painted", f"return (() => {{ {COLOURS} }})() > 20", "#canvas")
        page.wait("the first revision tells what ran", HAS, "#revision", "front_page()")

        world.set(3, -400)
        page.wait("an edit shows up within a second", HAS, "#revision", "Station(3)", within=SOON)
        page.wait("with what ran because of it", HAS, "#revision", "mean(0)", within=SOON)
        page.wait("and why, down to the input", HAS, "#revision", "Station(3) changed", within=SOON)
        for step in range(12):
            world.set(step % 18, 100 + 37 * step)
            page.wait(f"edit {step} shows up within a second", HAS, "#revision", f"Station({step % 18})", within=SOON)
        page.screenshot(shots / "revision.png")

        page.type("#search", "WARNING(1")
        page.wait("a search finds a node", HAS, "#found", "warning(1)", within=SOON)
        page.type("#search", "\ue007")
        page.wait("the node found is shown", HAS, "#node h2", "warning(1)", within=SOON)
        page.wait("with why it ran", HAS, "#node pre", "mean(1)", within=SOON)
        page.clear("#search")
        page.type("#search", "front_page")
        page.wait("so is the front page", HAS, "#found", "front_page()", within=SOON)
        page.type("#search", "\ue007")
        page.wait("with what it waited for", HAS, "#node pre", " for forecast(1)", within=SOON)
        page.screenshot(shots / "node.png")

        page.clear("#search")
        page.type("#search", "<script>")
        page.wait("a name that is markup is shown as it is", HAS, "#found", "<script>alert(", within=SOON)
        check("and has made no element", page.run("return document.scripts.length") == 1)
        page.type("#search", "\ue00c")

        page.click("#colour button[value=cost]")
        page.click("#tabs button[value=queries]")
        page.wait("the hottest query is the forecast", "return document.querySelector('#queries tbody td').innerText === 'forecast'")
        page.screenshot(shots / "cost.png")
        page.dark(True)
        page.screenshot(shots / "dark.png")
        page.dark(False)

        page.click_at("#timeline", -page.run("return document.querySelector('#timeline').clientWidth") / 2 + 31, 0)
        page.wait("a click on a bar shows that revision", IS, "#revision h2", "r1")
        page.click("#newest")
        page.wait("and back to the newest", IS, "#revision h2", "r13")
        page.click("#graph #fit")
        page.click_at("#canvas", 0, 0)
        foreign = page.run("return performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => !name.startsWith(location.href))")
        check("nothing was asked of anybody else", foreign == [], foreign)
        page.leave()


def large(page, program, shots):
    with demo(program, 50_000) as world:
        page.go(world.url)
        page.wait("a page of 100,000 nodes is live", IS_LIVE)
        page.wait("a part of them is drawn", HAS, "#part", "of 10")
        page.settle()
        page.screenshot(shots / "large.png")
        page.type("#search", "degrees(31234)")
        page.wait("a search among 100,000 nodes answers within a second", HAS, "#found", "degrees(31234)", within=SOON)
        page.type("#search", "\ue007")
        page.wait("the node found is shown", HAS, "#node h2", "degrees(31234)")
        page.wait("with what is around it", HAS, "#around", "around one node")
        world.set(31234, 999)
        page.wait("an edit among 100,000 nodes shows up within a second", IS, "#status", "live · r2", within=SOON)
        page.click("#tabs button[value=revision]")
        page.wait("with its runs", HAS, "#revision", "degrees(31234)", within=SOON)
        page.settle()
        page.screenshot(shots / "around.png")
        page.leave()


def main():
    program, shots = sys.argv[1], Path(sys.argv[2])
    shots.mkdir(parents=True, exist_ok=True)
    with browser() as page:
        small(page, program, shots)
        large(page, program, shots)
    print("all of it holds")


main()
