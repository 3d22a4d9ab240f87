//! `folio lsp`: the language server, and who may look into it.

use std::process::ExitCode;

use super::{Lsp, remark};
use crate::lsp;

/// Serves the editor that started this, until it ends it.
pub(super) async fn lsp(asked: Lsp) -> anyhow::Result<ExitCode> {
    lsp::run(move |runtime| {
        let runtime = runtime.clone();
        tokio::spawn(async move {
            match asked.inspect.begin(&runtime).await {
                Ok(_serving) => {
                    drop(runtime);
                    // For as long as the program is there.
                    std::future::pending().await
                }
                Err(error) => remark(&format!("folio: {error:#}")),
            }
        });
    })
    .await?;
    Ok(ExitCode::SUCCESS)
}
