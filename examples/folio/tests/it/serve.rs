//! `folio serve`: what a browser gets, and when its page is another one.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use folio::core::place::Medium;
use folio::core::workspace::{Changes, RelPath, Workspace};
use folio::site::{Place, version};

use crate::http::{self, header, status};
use crate::lines::Lines;
use crate::tree::{Run, Tree, folio, png};

/// The program, serving.
struct Serving {
    child: Child,
    host: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Serving {
    fn start(tree: &Tree) -> Self {
        let mut command = folio();
        command.arg("serve").arg(tree.root()).args(["--port", "0"]);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let remarks = Lines::of(child.stderr.take().unwrap());
        let line = remarks.after("serving ");
        let (_, host) = line.split_once("http://").expect(&line);
        let host = host.split('/').next().unwrap().to_owned();
        Serving { child, host }
    }

    fn open(&self, path: &str, headers: &str) -> TcpStream {
        http::open(&self.host, path, headers)
    }

    fn get(&self, path: &str, headers: &str) -> String {
        http::get(&self.host, path, headers)
    }
}

fn book() -> Tree {
    let tree = Tree::new(&[
        (
            "README.md",
            "# Home\n\n[start](docs/start.md) [gone](docs/gone.md)\n",
        ),
        ("docs/start.md", "# Start\n\nText.\n"),
        ("docs/other.md", "# Other\n"),
        ("docs/data.txt", "0123456789"),
    ]);
    tree.write("docs/i.png", png(7, 5));
    tree
}

#[test]
fn addresses_are_clean_and_other_ways_to_write_them_lead_there() {
    let tree = book();
    let serving = Serving::start(&tree);
    let table = [
        ("/", "200", "<h1 id=\"home\">"),
        ("/docs/start", "200", "<h1 id=\"start\">"),
        ("/docs/", "200", "<a href=\"/docs/other\">Other</a>"),
        ("/_folio/tags", "200", "<h1>Tags</h1>"),
        ("/docs/start.md", "307", "location: /docs/start"),
        ("/docs/start.html?x=1", "307", "location: /docs/start?x=1"),
        ("/docs", "307", "location: /docs/"),
        ("/README.md", "307", "location: /"),
        ("/docs/data.txt", "200", "0123456789"),
        ("/docs/strat", "404", "<a href=\"/docs/start\">"),
        ("/docs/gone", "404", "Linked from"),
        ("/../etc/passwd", "404", "Nothing here"),
        ("/%ff", "400", "not UTF-8"),
    ];
    for (path, code, part) in table {
        let answer = serving.get(path, "");
        assert_eq!(status(&answer), code, "{path}");
        assert!(answer.contains(part), "{path}: {answer}");
    }
    let foreign = serving.get("/", "Host: evil.example\r\n");
    assert_eq!(status(&foreign), "403");
}

#[test]
fn a_port_that_is_taken_is_said_with_code_2() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let mut command = folio();
    command.args(["serve", ".", "--port", &port]);
    let run = Run::from(command.output().unwrap());
    assert_eq!(run.code, Some(2));
    assert!(run.remarks.contains("`--port 0`"), "{}", run.remarks);
}

#[test]
fn a_directory_is_current_on_the_page_it_shows() {
    let tree = book();
    tree.write("docs/README.md", "# The docs\n");
    let serving = Serving::start(&tree);
    for (path, current) in [("/docs/", "/docs/"), ("/docs/start", "/docs/start")] {
        let page = serving.get(path, "");
        let expected = format!("<a href=\"{current}\" aria-current=\"page\">");
        assert!(page.contains(&expected), "{page}");
    }
}

#[test]
fn files_have_ranges_and_tags() {
    let tree = book();
    let serving = Serving::start(&tree);
    let whole = serving.get("/docs/data.txt", "");
    assert_eq!(header(&whole, "content-type"), "text/plain");
    assert_eq!(header(&whole, "content-length"), "10");
    let tag = header(&whole, "etag").to_owned();
    let same = serving.get("/docs/data.txt", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!(status(&same), "304");
    let part = serving.get("/docs/data.txt", "Range: bytes=2-4\r\n");
    assert_eq!(
        (status(&part), header(&part, "content-range")),
        ("206", "bytes 2-4/10")
    );
    assert!(part.ends_with("\r\n\r\n234"), "{part}");
    let outside = serving.get("/docs/data.txt", "Range: bytes=99-\r\n");
    assert_eq!(status(&outside), "416");
    let page = serving.get("/docs/start", "");
    let tag = header(&page, "etag").to_owned();
    let same = serving.get("/docs/start", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!(status(&same), "304");
}

#[test]
fn a_browser_is_told_when_its_page_is_another_one() {
    let tree = book();
    let serving = Serving::start(&tree);
    let page = serving.get("/docs/start", "");
    let version = page
        .split("data-version=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let path = format!("/_folio/events?address=docs%2Fstart&version={version}");
    let events = BufReader::new(serving.open(&path, ""));
    let mut lines = events.lines().map(Result::unwrap);
    assert!(
        lines.by_ref().any(|line| line.is_empty()),
        "the headers end"
    );
    tree.write("docs/start.md", "# Start\n\nBetter text.\n");
    assert!(lines.any(|line| line == "event: change"));
    assert!(serving.get("/docs/start", "").contains("Better text."));
    // The next connection is of a browser that has the new page; an old one is told at once.
    let events = BufReader::new(serving.open(&path, ""));
    assert!(
        events
            .lines()
            .map(Result::unwrap)
            .any(|line| line == "event: change")
    );
}

/// Saves a file, and has the library look at it.
async fn save(tree: &Tree, workspace: &mut Workspace, path: &str, text: &str) {
    tree.write(path, text);
    let changes = Changes::at(RelPath::new(path));
    workspace.apply(&changes).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_reloads_the_pages_that_show_it_and_no_other() {
    let tree = book();
    let mut workspace = tree.workspace();
    workspace.load().await.unwrap();
    let versions = async |workspace: &Workspace| {
        let mut all = Vec::new();
        for path in ["README.md", "docs/start.md", "docs/other.md"] {
            let place = Place::Document(RelPath::new(path).unwrap());
            let ask =
                async move |cx: salvia::QueryContext| version(place, Medium::Served, &cx).await;
            all.push(workspace.runtime().query(ask).await);
        }
        all
    };
    let edits: [(&str, &str, [bool; 3]); 5] = [
        ("docs/other.md", "# Other\n\nProse.\n", [false, false, true]),
        // The navigation beside its neighbours shows its title.
        (
            "docs/other.md",
            "# Changed\n\nProse.\n",
            [false, true, true],
        ),
        ("docs/gone.md", "# Found\n", [true, true, true]),
        // It links to the start page now, which says so.
        (
            "docs/gone.md",
            "# Found\n\n[s](start.md)\n",
            [false, true, false],
        ),
        ("docs/data.txt", "other", [false, false, false]),
    ];
    let mut before = versions(&workspace).await;
    for (path, text, expected) in edits {
        save(&tree, &mut workspace, path, text).await;
        let now = versions(&workspace).await;
        let moved: Vec<_> = before
            .iter()
            .zip(&now)
            .map(|(before, now)| before != now)
            .collect();
        assert_eq!(moved, expected, "{path}: {text}");
        before = now;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_value_of_a_watched_page_is_that_of_its_own_edit() {
    let tree = book();
    let mut workspace = tree.workspace();
    workspace.load().await.unwrap();
    let place = Place::Document(RelPath::new("docs/start.md").unwrap());
    let mut watch = workspace.runtime().watch(move |cx| {
        let place = place.clone();
        async move { version(place, Medium::Served, &cx).await }
    });
    let first = watch.next().await.unwrap();
    for (path, text) in [
        ("docs/other.md", "# Other\n\nMore.\n"),
        ("docs/start.md", "# Start\n\nMore.\n"),
    ] {
        save(&tree, &mut workspace, path, text).await;
    }
    let second = watch.next().await.unwrap();
    assert_ne!(first, second);
    assert_eq!(
        second,
        workspace.runtime().revision(),
        "the edit of the other page gave no value"
    );
}
