//! A client that asks exactly what it is told to.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::lines::DEADLINE;

/// Sends a request, and leaves the answer to be read.
pub(crate) fn open(host: &str, path: &str, headers: &str) -> TcpStream {
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let own = match headers.contains("Host:") {
        true => String::new(),
        false => format!("Host: {host}\r\n"),
    };
    write!(stream, "GET {path} HTTP/1.1\r\n{own}{headers}\r\n").unwrap();
    stream
}

/// The whole answer, as text.
pub(crate) fn get(host: &str, path: &str, headers: &str) -> String {
    let mut stream = open(host, path, &format!("Connection: close\r\n{headers}"));
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

pub(crate) fn header<'a>(answer: &'a str, name: &str) -> &'a str {
    let mut lines = answer.lines().take_while(|line| !line.is_empty());
    let found = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    found.unwrap_or_else(|| panic!("no {name} in {answer}"))
}

pub(crate) fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap()
}

/// The inspector of a program, by the URL that the program has told.
pub(crate) struct Inspected {
    host: String,
    path: String,
}

impl Inspected {
    pub(crate) fn at(url: &str) -> Self {
        let rest = url.strip_prefix("http://").expect(url);
        let (host, path) = rest.split_once('/').expect(url);
        Inspected {
            host: host.to_owned(),
            path: format!("/{path}"),
        }
    }

    pub(crate) fn get(&self, what: &str) -> String {
        get(&self.host, &format!("{}{what}", self.path), "")
    }

    pub(crate) fn json(&self, what: &str) -> Value {
        let answer = self.get(&format!("api/{what}"));
        assert_eq!(status(&answer), "200", "{what}: {answer}");
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).expect(body)
    }
}
