//! How is a program ended that would go on for ever?

/// Ends with Ctrl-C or the system's request to end.
#[cfg(unix)]
pub(super) async fn end_signal() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// Ends with Ctrl-C.
#[cfg(not(unix))]
pub(super) async fn end_signal() -> anyhow::Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}
