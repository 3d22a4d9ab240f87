//! `--inspect`: the engine of a running program, in a browser.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use salvia::Runtime;
use salvia_inspector::{Inspector, Serving};

use super::remark;

/// The option of all commands that stay.
#[derive(Debug, Clone, Args)]
pub struct Inspect {
    /// Show the engine at work in a browser, at this port or address of this machine (without one: at a port that is
    /// free). The URL is said on standard error.
    #[arg(
        long = "inspect",
        value_name = "ADDR",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "0",
        value_parser = address
    )]
    pub address: Option<SocketAddr>,
}

impl Inspect {
    /// Serves the inspector if that is asked for, until the value is dropped. Fails if the address cannot be had.
    pub(super) async fn begin(&self, runtime: &Arc<Runtime>) -> anyhow::Result<Option<Serving>> {
        let Some(address) = self.address else {
            return Ok(None);
        };
        let serving = Inspector::new(runtime).serve(address).await;
        let serving = serving.with_context(|| format!("cannot show the engine at {address}"))?;
        remark(&format!("inspect the engine at {}", serving.url()));
        Ok(Some(serving))
    }
}

/// `4100`, `localhost:4100` or `127.0.0.1:4100`.
fn address(written: &str) -> Result<SocketAddr, String> {
    let port = written.strip_prefix("localhost:").unwrap_or(written);
    if let Ok(port) = port.parse() {
        return Ok((IpAddr::from(Ipv4Addr::LOCALHOST), port).into());
    }
    match written.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Ok(address),
        Ok(address) => Err(format!(
            "other machines can reach {}; the engine is shown to this one alone, as at 127.0.0.1:{}",
            address.ip(),
            address.port()
        )),
        Err(_) => Err("a port is needed, or an address as 127.0.0.1:4100".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_of_this_machine() {
        let table = [
            ("4100", Some("127.0.0.1:4100")),
            ("localhost:4100", Some("127.0.0.1:4100")),
            ("127.0.0.1:0", Some("127.0.0.1:0")),
            ("[::1]:4100", Some("[::1]:4100")),
            ("0.0.0.0:4100", None),
            ("192.168.0.7:4100", None),
            ("example.org:80", None),
            ("70000", None),
            ("", None),
        ];
        for (written, expected) in table {
            let found = address(written).ok().map(|address| address.to_string());
            assert_eq!(found.as_deref(), expected, "{written}");
        }
    }
}
