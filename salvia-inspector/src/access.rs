//! Who may look: decisions about one request, and nothing else.

use std::fmt::Write;
use std::io;
use std::net::{IpAddr, SocketAddr};

/// What the URL has to hold.
pub(crate) struct Token(String);

impl Token {
    /// 128 bits of the operating system.
    pub(crate) fn random() -> io::Result<Self> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let mut text = String::with_capacity(2 * bytes.len());
        for byte in bytes {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        Ok(Token(text))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the path begins with it. It takes as long for any token of the right length.
    pub(crate) fn opens(&self, path: &str) -> bool {
        let given = path.strip_prefix('/').and_then(|path| path.split_once('/'));
        let given = given.map_or("", |(first, _)| first).as_bytes();
        let wanted = self.0.as_bytes();
        given.len() == wanted.len()
            && given
                .iter()
                .zip(wanted)
                .fold(0, |sum, (one, other)| sum | (one ^ other))
                == 0
    }
}

/// For which hosts requests are answered.
pub(crate) struct Hosts {
    address: SocketAddr,
    /// Names besides the addresses, with the port where it is not the default.
    named: Vec<String>,
}

impl Hosts {
    pub(crate) fn new(address: SocketAddr, named: Vec<String>) -> Self {
        Hosts { address, named }
    }

    /// Whether the header `Host` is one that leads here on purpose. A name of somebody else's, which leads here because its
    /// owner says so, is none; an address cannot be led elsewhere.
    pub(crate) fn are(&self, host: &str) -> bool {
        if self
            .named
            .iter()
            .any(|name| name.eq_ignore_ascii_case(host))
        {
            return true;
        }
        let Some((name, port)) = split(host) else {
            return false;
        };
        if port != self.address.port() {
            return false;
        }
        match name.parse::<IpAddr>() {
            Ok(ip) if self.address.ip().is_loopback() => ip.is_loopback(),
            Ok(_) => true,
            Err(_) => name.eq_ignore_ascii_case("localhost"),
        }
    }
}

/// Name and port of a `Host`; a name in brackets is an address of version 6.
fn split(host: &str) -> Option<(&str, u16)> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (name, port) = rest.split_once(']')?;
            (name, port.strip_prefix(':'))
        }
        None => match host.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (host, None),
        },
    };
    let port = match port {
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => port.parse().ok()?,
        Some(_) => return None,
        None => 80,
    };
    Some((name, port))
}

/// Whether an `Origin` is that of the page itself, which was loaded from `host`.
pub(crate) fn is_own_origin(origin: &str, host: &str) -> bool {
    origin
        .strip_prefix("http://")
        .is_some_and(|origin| origin.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_differ() {
        let [one, other] = [(); 2].map(|()| Token::random().expect("there is randomness"));
        assert_eq!(one.as_str().len(), 32);
        assert_ne!(one.as_str(), other.as_str());
    }

    #[test]
    fn a_path_is_opened_by_its_whole_token_only() {
        let token = Token("0123abcd".into());
        let table = [
            ("/0123abcd/", true),
            ("/0123abcd/api/graph", true),
            ("/0123abcd", false),
            ("/0123abc/", false),
            ("/0123abcde/", false),
            ("/0123abcx/", false),
            ("/x/0123abcd/", false),
            ("0123abcd/", false),
            ("//", false),
            ("/", false),
            ("", false),
        ];
        for (path, expected) in table {
            assert_eq!(token.opens(path), expected, "{path}");
        }
    }

    #[test]
    fn a_loopback_server_answers_for_loopback_names_only() {
        let hosts = Hosts::new(([127, 0, 0, 1], 4000).into(), Vec::new());
        let table = [
            ("127.0.0.1:4000", true),
            ("localhost:4000", true),
            ("LocalHost:4000", true),
            ("[::1]:4000", true),
            ("127.0.0.1:4001", false),
            ("127.0.0.1", false),
            ("localhost", false),
            ("192.168.0.7:4000", false),
            ("evil.example:4000", false),
            ("localhost.evil.example:4000", false),
            ("127.0.0.1.evil.example:4000", false),
            ("127.0.0.1:4000:4000", false),
            ("127.0.0.1:+4000", false),
            ("[::1", false),
            ("[::1]4000", false),
            ("", false),
        ];
        for (host, expected) in table {
            assert_eq!(hosts.are(host), expected, "{host}");
        }
    }

    #[test]
    fn an_open_server_answers_for_addresses_and_for_the_names_it_was_given() {
        let hosts = Hosts::new(([0, 0, 0, 0], 4000).into(), vec!["build.example".into()]);
        let table = [
            ("192.168.0.7:4000", true),
            ("[fe80::1]:4000", true),
            ("build.example", true),
            ("BUILD.example", true),
            ("build.example:4000", false),
            ("evil.example:4000", false),
        ];
        for (host, expected) in table {
            assert_eq!(hosts.are(host), expected, "{host}");
        }
    }

    #[test]
    fn only_the_page_itself_is_its_origin() {
        let table = [
            ("http://localhost:4000", true),
            ("http://localhost:4001", false),
            ("https://localhost:4000", false),
            ("http://evil.example", false),
            ("null", false),
        ];
        for (origin, expected) in table {
            assert_eq!(
                is_own_origin(origin, "localhost:4000"),
                expected,
                "{origin}"
            );
        }
    }
}
