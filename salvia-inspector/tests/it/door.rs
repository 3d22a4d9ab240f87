//! Who is let in.

use salvia::Runtime;
use salvia_inspector::Inspector;

use crate::kit::{Page, ask_note, inspected, put, soon};

/// The status of a request with these headers besides its first line.
async fn status(page: &Page, line: &str, headers: &[String]) -> u16 {
    let mut lines = vec![line];
    lines.extend(headers.iter().map(String::as_str));
    page.send(&lines).await.status
}

#[tokio::test]
async fn without_the_token_there_is_nothing() {
    soon(async {
        let (_rt, page) = inspected().await;
        let host = [format!("Host: {}", page.host())];
        let (right, zeros) = (page.path(), "0".repeat(32));
        let missing_last = format!("/{}/", &right[1..right.len() - 2]);
        let wrong = [
            "/",
            "/api/pulse",
            "//",
            "/style.css",
            &format!("/{zeros}/"),
            &format!("/{zeros}/api/pulse"),
            &format!("/{zeros}/style.css"),
            &missing_last,
            right.trim_end_matches('/'),
            &format!("/?token={}", right.trim_matches('/')),
        ];
        for path in wrong {
            let line = format!("GET {path} HTTP/1.1");
            assert_eq!(status(&page, &line, &host).await, 404, "{path}");
        }
        for what in ["", "app.js", "style.css", "api/pulse", "api/graph"] {
            assert_eq!(page.get(what).await.status, 200, "{what}");
        }
        for what in ["x", "../Cargo.toml", "%2e%2e/Cargo.toml", "api/", "api/x"] {
            assert_eq!(page.get(what).await.status, 404, "{what}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_host_that_is_not_this_machine_is_refused() {
    soon(async {
        let (_rt, page) = inspected().await;
        let line = format!("GET {}api/pulse HTTP/1.1", page.path());
        let port = page.0.address().port();
        let table = [
            (vec![format!("Host: 127.0.0.1:{port}")], 200),
            (vec![format!("Host: localhost:{port}")], 200),
            (vec![format!("Host: evil.example:{port}")], 403),
            (vec![format!("Host: localhost.evil.example:{port}")], 403),
            (vec!["Host: 127.0.0.1".into()], 403),
            (vec!["Host: ".into()], 403),
            (vec![], 403),
            (
                vec![
                    format!("Host: 127.0.0.1:{port}"),
                    "Host: evil.example".into(),
                ],
                403,
            ),
            (
                vec![
                    "Host: evil.example".into(),
                    format!("X-Forwarded-Host: 127.0.0.1:{port}"),
                ],
                403,
            ),
        ];
        for (headers, expected) in table {
            assert_eq!(
                status(&page, &line, &headers).await,
                expected,
                "{headers:?}"
            );
        }
        let absolute = format!("GET http://evil.example{}api/pulse HTTP/1.1", page.path());
        let host = [format!("Host: 127.0.0.1:{port}")];
        assert_eq!(status(&page, &absolute, &host).await, 403);
    })
    .await;
}

#[tokio::test]
async fn another_page_is_refused() {
    soon(async {
        let (_rt, page) = inspected().await;
        let line = format!("GET {}api/pulse HTTP/1.1", page.path());
        let host = format!("Host: {}", page.host());
        let table = [
            (vec![format!("Origin: http://{}", page.host())], 200),
            (vec!["Origin: http://evil.example".to_owned()], 403),
            (vec![format!("Origin: https://{}", page.host())], 403),
            (vec!["Origin: null".to_owned()], 403),
            (vec!["Origin: ".to_owned()], 403),
            (vec!["Sec-Fetch-Site: same-origin".to_owned()], 200),
            (vec!["Sec-Fetch-Site: none".to_owned()], 200),
            (vec!["Sec-Fetch-Site: same-site".to_owned()], 403),
            (vec!["Sec-Fetch-Site: cross-site".to_owned()], 403),
        ];
        for (mut headers, expected) in table {
            headers.insert(0, host.clone());
            assert_eq!(
                status(&page, &line, &headers).await,
                expected,
                "{headers:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn only_get_is_answered_and_nothing_changes() {
    soon(async {
        let (rt, page) = inspected().await;
        put(&rt, 0, 1).await;
        let before = rt.revision();
        let host = [
            format!("Host: {}", page.host()),
            "Content-Length: 0".to_owned(),
        ];
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"] {
            for what in ["", "api/pulse", "api/graph", "api/nothing"] {
                let line = format!("{method} {}{what} HTTP/1.1", page.path());
                assert_eq!(status(&page, &line, &host).await, 405, "{line}");
            }
        }
        assert_eq!(rt.revision(), before);
    })
    .await;
}

/// Refusals too.
#[tokio::test]
async fn every_answer_says_that_nothing_foreign_is_to_run() {
    soon(async {
        let (_rt, page) = inspected().await;
        let foreign = page.send(&["GET / HTTP/1.1", "Host: evil.example"]).await;
        let answers = [
            page.get("").await,
            page.get("app.js").await,
            page.get("api/graph").await,
            page.get("nothing").await,
            foreign,
        ];
        for answer in &answers {
            let policy = answer.header("content-security-policy").unwrap_or_default();
            assert!(policy.starts_with("default-src 'self';"), "{answer:?}");
            assert!(!policy.contains("unsafe"), "{policy}");
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
    })
    .await;
}

#[tokio::test]
async fn the_page_asks_nobody_else_and_has_nothing_inline() {
    soon(async {
        let (_rt, page) = inspected().await;
        let index = page.get("").await;
        assert_eq!(
            index.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        for inline in ["<style", "style=", "onclick", "javascript:", "//cdn"] {
            assert!(!index.body.contains(inline), "{inline}");
        }
        let scripts = index.body.matches("<script").count();
        assert_eq!(
            scripts,
            index.body.matches("src=\"app.js\"></script>").count()
        );
        let files = [
            "app.js",
            "ask.js",
            "element.js",
            "graph.js",
            "layout.js",
            "panels.js",
            "timeline.js",
            "words.js",
            "style.css",
            "icon.svg",
        ];
        for file in files {
            let answer = page.get(file).await;
            assert_eq!(answer.status, 200, "{file}");
            let body = answer.body.replace("http://www.w3.org/2000/svg", "");
            assert!(
                !body.contains("http:") && !body.contains("https:"),
                "{file}"
            );
            for markup in [
                "innerHTML",
                "outerHTML",
                "insertAdjacent",
                "document.write",
                "eval(",
            ] {
                assert!(!body.contains(markup), "{file}: {markup}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_name_that_is_markup_stays_text() {
    soon(async {
        let (rt, page) = inspected().await;
        let evil = "</script><script>alert(1)</script>&<img src=x onerror=alert(2)>";
        ask_note(&rt, evil).await;
        put(&rt, 0, 1).await;
        ask_note(&rt, evil).await;
        let graph = page.graph().await;
        let nodes = graph["nodes"].as_array().expect("it is a list");
        let node = nodes
            .iter()
            .find(|node| node["name"] == format!("note({evil:?})"))
            .expect("the name arrives as it is");
        let questions = [
            "api/graph".to_owned(),
            "api/revision".to_owned(),
            "api/search?text=script".to_owned(),
            format!("api/node?id={}", node["id"]),
        ];
        for question in questions {
            let answer = page.get(&question).await;
            assert_eq!(answer.header("content-type"), Some("application/json"));
            assert!(answer.body.contains("alert(1)"), "{question}");
            assert!(!answer.body.contains(['<', '>', '&']), "{}", answer.body);
        }
    })
    .await;
}

#[tokio::test]
async fn other_machines_may_look_only_if_that_is_said() {
    soon(async {
        let rt = Runtime::new().await;
        for open in ["0.0.0.0:0", "[::]:0"] {
            let refused = Inspector::new(&rt).serve(open).await;
            let error = refused.expect_err("it was not said");
            assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{open}");
            assert!(error.to_string().contains("open_to_network"), "{error}");
        }
        let serving = Inspector::new(&rt)
            .open_to_network(["build.example"])
            .serve("0.0.0.0:0")
            .await;
        let page = Page(serving.expect("it was said"));
        let port = page.0.address().port();
        assert!(
            page.0
                .url()
                .starts_with(&format!("http://127.0.0.1:{port}/"))
        );
        let line = format!("GET {}api/pulse HTTP/1.1", page.path());
        for (host, expected) in [
            (format!("192.0.2.1:{port}"), 200),
            ("build.example".to_owned(), 200),
            (format!("evil.example:{port}"), 403),
        ] {
            let host = [format!("Host: {host}")];
            assert_eq!(status(&page, &line, &host).await, expected, "{host:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn two_pages_have_two_tokens_and_debug_tells_none() {
    soon(async {
        let rt = Runtime::new().await;
        let (one, other) = (Page::of(&rt).await, Page::of(&rt).await);
        assert_ne!(one.path(), other.path());
        let host = [format!("Host: {}", other.host())];
        let line = format!("GET {} HTTP/1.1", one.path());
        assert_eq!(status(&other, &line, &host).await, 404);
        let token = one.path().trim_matches('/');
        assert!(!format!("{:?}", one.0).contains(token));
    })
    .await;
}
