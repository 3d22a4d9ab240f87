//! The server: how many connections there are at once, how long each may take, and its end.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{interval, sleep, timeout};

use crate::door;
use crate::shared::Shared;

/// Connections at once; who comes later waits. A browser uses six.
const CONNECTIONS: usize = 32;

/// The longest head of a request, in bytes; hyper does with no less.
const HEAD: usize = 16 * 1024;

/// How long a connection may wait between two requests, and for the whole of a request's head.
const HEAD_TIME: Duration = Duration::from_secs(10);

/// How long a connection may last: one that only ever takes its answers slowly ends as well.
const CONNECTION_TIME: Duration = Duration::from_secs(600);

/// How often it is seen whether anybody still looks.
const TIDY: Duration = Duration::from_secs(5);

/// A page that is being served; see [`Inspector::serve`](crate::Inspector::serve). Dropping it ends that: connections are
/// closed, and the runtime is no longer observed.
#[must_use = "the page is served until this is dropped"]
pub struct Serving {
    address: SocketAddr,
    url: String,
    server: AbortHandle,
}

impl Serving {
    pub(crate) fn begin(listener: TcpListener, shared: Shared) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let url = format!("http://{}/{}/", reachable(address), shared.token.as_str());
        let server = tokio::spawn(serve(listener, Arc::new(shared))).abort_handle();
        Ok(Serving {
            address,
            url,
            server,
        })
    }

    /// Where to look, with the token. Whoever knows it can look.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address it listens at.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl fmt::Debug for Serving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the token.
        f.debug_struct("Serving")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// An address that this machine can go to.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

/// Accepts for ever. Its connections end with it.
async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let router = door::router(shared.clone());
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    let mut tidy = interval(TIDY);
    loop {
        tokio::select! {
            (stream, place) = accept(&listener, &places) => {
                connections.spawn(converse(stream, router.clone(), place));
            }
            Some(_) = connections.join_next() => {}
            _ = tidy.tick() => shared.forget_if_idle().await,
        }
    }
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, OwnedSemaphorePermit) {
    let place = places.clone().acquire_owned().await;
    let place = place.expect("the semaphore is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
            // It may be one connection's fault, or there may be too many files; neither is for ever.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn converse(stream: TcpStream, router: Router, _place: OwnedSemaphorePermit) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    // How a connection ends is the browser's affair.
    let mut connection = pin!(connection);
    if timeout(CONNECTION_TIME, connection.as_mut()).await.is_err() {
        // An answer that is on its way is the last.
        connection.as_mut().graceful_shutdown();
        let _ = timeout(HEAD_TIME, connection).await;
    }
}
