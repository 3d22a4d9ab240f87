//! What users begin with.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Weak};

use salvia::{Observing, Runtime};
use tokio::net::{TcpListener, ToSocketAddrs};

use crate::access::{Hosts, Token};
use crate::history::History;
use crate::serving::Serving;
use crate::shared::Shared;

/// Watches a runtime, and shows it to a browser.
///
/// What happens is noted from [`new`](Self::new) on, and for as long as the inspector, or what [`serve`](Self::serve) made of
/// it, is there. It does not keep the runtime alive.
///
/// ```
/// # use salvia::Runtime;
/// # use salvia_inspector::Inspector;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let rt = Runtime::new().await;
/// let serving = Inspector::new(&rt).serve("127.0.0.1:0").await?;
/// drop(rt);
/// // The page says that the runtime has ended. With this nobody can look any more.
/// drop(serving);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "an inspector shows nothing until it serves"]
pub struct Inspector {
    runtime: Weak<Runtime>,
    history: Arc<History>,
    observing: Observing,
    /// Names besides addresses, if the network may look.
    network: Option<Vec<String>>,
}

impl Inspector {
    /// Begins to note what happens in this runtime.
    pub fn new(runtime: &Arc<Runtime>) -> Self {
        let history = Arc::new(History::new(runtime.revision()));
        Inspector {
            runtime: Arc::downgrade(runtime),
            observing: runtime.observe(history.clone()),
            history,
            network: None,
        }
    }

    /// Allows addresses that other machines can reach. Nothing is encrypted, so whoever can listen on the way learns the
    /// token.
    ///
    /// The URL may hold any address of this machine. Names have to be given, with the port as in the URL, such as
    /// `build.example:8080`: a name that is not known may be anybody's who wants a browser to believe that this is theirs.
    ///
    /// ```
    /// # use salvia::Runtime;
    /// # use salvia_inspector::Inspector;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let rt = Runtime::new().await;
    /// let refused = Inspector::new(&rt).serve("0.0.0.0:0").await;
    /// assert!(refused.is_err());
    /// let serving = Inspector::new(&rt).open_to_network::<&str>([]).serve("0.0.0.0:0").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn open_to_network<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.network = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Serves the page, until the [`Serving`] is dropped. With port 0 the system chooses one.
    ///
    /// # Errors
    ///
    /// Those of the system: the address is taken, or cannot be had. [`InvalidInput`](io::ErrorKind::InvalidInput) if
    /// other machines could reach it and [`open_to_network`](Self::open_to_network) was not called.
    ///
    /// # Panics
    ///
    /// Outside of tokio.
    ///
    /// # Cancel safety
    ///
    /// Dropped before its end, nothing is served.
    pub async fn serve(self, address: impl ToSocketAddrs) -> io::Result<Serving> {
        let addresses: Vec<SocketAddr> = tokio::net::lookup_host(address).await?.collect();
        if self.network.is_none()
            && let Some(open) = addresses.iter().find(|address| !address.ip().is_loopback())
        {
            let text = format!(
                "salvia-inspector: {open} can be reached from other machines; call `Inspector::open_to_network` if that is meant"
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let listener = TcpListener::bind(&addresses[..]).await?;
        let hosts = Hosts::new(listener.local_addr()?, self.network.unwrap_or_default());
        let shared = Shared::new(
            self.runtime,
            self.history,
            self.observing,
            Token::random()?,
            hosts,
        );
        Serving::begin(listener, shared)
    }
}
