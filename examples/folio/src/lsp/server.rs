//! The loop of the language server: who is asked what.

use std::future::Future;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use async_lsp::client_monitor::ClientProcessMonitorLayer;
use async_lsp::concurrency::ConcurrencyLayer;
use async_lsp::lsp_types::notification::{self as told, ShowMessage};
use async_lsp::lsp_types::request as asked;
use async_lsp::lsp_types::{
    CompletionResponse, DocumentSymbolResponse, GotoDefinitionResponse, InitializeParams,
    InitializeResult, MessageType, ServerInfo, ShowMessageParams, TextDocumentPositionParams, Url,
    WorkspaceSymbolResponse,
};
use async_lsp::panic::CatchUnwindLayer;
use async_lsp::router::Router;
use async_lsp::server::LifecycleLayer;
use async_lsp::{ClientSocket, ErrorCode, MainLoop, ResponseError};
use futures::future::BoxFuture;
use salvia::{QueryContext, Runtime};
use tower::ServiceBuilder;

use super::buffers::Buffers;
use super::capabilities::capabilities;
use super::writer::{Message, Writer};
use super::{complete, convert, definition, diagnostics, hover, lens, rename, symbols};
use crate::core::progress::Progress;
use crate::core::workspace::{RelPath, Watcher, Workspace};

/// More than an editor ever asks at once: at the limit the loop stops reading, and edits would wait for requests.
const AT_ONCE: NonZeroUsize = NonZeroUsize::new(1 << 12).expect("it is not zero");

/// What the server knows besides what the engine does.
struct Server {
    client: ClientSocket,
    buffers: Buffers,
    /// There from `initialize` on.
    folder: Option<Open>,
    /// There until then.
    on_open: Option<OnOpen>,
}

/// Who wants to know of the engine that answers.
type OnOpen = Box<dyn FnOnce(&Arc<Runtime>) + Send>;

/// The answer to a request, to come. Its place among the edits is taken already.
type Answered<T> = BoxFuture<'static, Result<Option<T>, ResponseError>>;

struct Open {
    root: Arc<Path>,
    writer: Writer,
}

/// Serves the client on standard input and output, until it says goodbye or goes. Fails if it does not keep to the
/// protocol, or if these are no pipes. Once the client has named its folder, and before anything is known of that,
/// `on_open` is given the engine.
pub async fn run(on_open: impl FnOnce(&Arc<Runtime>) + Send + 'static) -> anyhow::Result<()> {
    let (server, _) = MainLoop::new_server(|client| {
        ServiceBuilder::new()
            .layer(LifecycleLayer::default())
            .layer(CatchUnwindLayer::default())
            .layer(ConcurrencyLayer::new(AT_ONCE))
            .layer(ClientProcessMonitorLayer::new(client.clone()))
            .service(router(client, Box::new(on_open)))
    });
    let (input, output) = channels()?;
    Ok(server.run_buffered(input, output).await?)
}

#[cfg(unix)]
fn channels() -> anyhow::Result<(impl futures::AsyncRead, impl futures::AsyncWrite)> {
    use async_lsp::stdio::{PipeStdin, PipeStdout};

    let input =
        PipeStdin::lock_tokio().context("standard input is no pipe; an editor starts this")?;
    let output =
        PipeStdout::lock_tokio().context("standard output is no pipe; an editor starts this")?;
    Ok((input, output))
}

#[cfg(not(unix))]
fn channels() -> anyhow::Result<(futures::io::Empty, futures::io::Sink)> {
    anyhow::bail!("folio lsp needs pipes as Unix has them")
}

fn router(client: ClientSocket, on_open: OnOpen) -> Router<Server> {
    let mut router = Router::new(Server {
        client,
        buffers: Buffers::default(),
        folder: None,
        on_open: Some(on_open),
    });
    router
        .request::<asked::Initialize, _>(|server, params| {
            let started = server.start(params);
            async {
                started.map_err(|error| {
                    ResponseError::new(ErrorCode::INVALID_PARAMS, format!("{error:#}"))
                })
            }
        })
        .request::<asked::Shutdown, _>(|_, ()| async { Ok(()) })
        .notification::<told::Exit>(|_, ()| ControlFlow::Break(Ok(())))
        .notification::<told::Initialized>(|server, _| server.publish())
        .notification::<told::DidOpenTextDocument>(|server, params| {
            let document = params.text_document;
            server.edit(&document.uri, |buffers, path| {
                Some(buffers.open(path, document.text))
            })
        })
        .notification::<told::DidChangeTextDocument>(|server, params| {
            let changes = params.content_changes;
            server.edit(&params.text_document.uri, |buffers, path| {
                buffers.change(&path, changes)
            })
        })
        .notification::<told::DidCloseTextDocument>(|server, params| {
            server.close(&params.text_document.uri)
        })
        .notification::<told::DidSaveTextDocument>(|_, _| ControlFlow::Continue(()))
        .notification::<told::DidChangeWatchedFiles>(|_, _| ControlFlow::Continue(()))
        .notification::<told::DidChangeConfiguration>(|_, _| ControlFlow::Continue(()))
        .notification::<told::SetTrace>(|_, _| ControlFlow::Continue(()));
    navigation(&mut router);
    edits(&mut router);
    router
}

fn navigation(router: &mut Router<Server>) {
    router
        .request::<asked::GotoDefinition, _>(|server, params| {
            server.at(
                &params.text_document_position_params,
                async |path, at, cx| {
                    definition::definition(path, at, &cx)
                        .await
                        .map(GotoDefinitionResponse::Scalar)
                },
            )
        })
        .request::<asked::References, _>(|server, params| {
            let with_declaration = params.context.include_declaration;
            server.at(&params.text_document_position, async move |path, at, cx| {
                definition::find_references(path, at, with_declaration, &cx).await
            })
        })
        .request::<asked::HoverRequest, _>(|server, params| {
            server.at(
                &params.text_document_position_params,
                async |path, at, cx| hover::hover(path, at, &cx).await,
            )
        })
        .request::<asked::DocumentSymbolRequest, _>(|server, params| {
            server.of(&params.text_document.uri, async |path, cx| {
                Some(DocumentSymbolResponse::Nested(
                    symbols::of_document(path, &cx).await,
                ))
            })
        })
        .request::<asked::WorkspaceSymbolRequest, _>(|server, params| {
            server.ask(async move |cx| {
                Some(WorkspaceSymbolResponse::Flat(
                    symbols::of_workspace(params.query, &cx).await,
                ))
            })
        })
        .request::<asked::CodeLensRequest, _>(|server, params| {
            server.of(&params.text_document.uri, async |path, cx| {
                Some(lens::lenses(path, &cx).await)
            })
        });
}

fn edits(router: &mut Router<Server>) {
    router
        .request::<asked::Completion, _>(|server, params| {
            server.at(&params.text_document_position, async |path, at, cx| {
                Some(CompletionResponse::Array(
                    complete::complete(path, at, &cx).await,
                ))
            })
        })
        .request::<asked::PrepareRenameRequest, _>(|server, params| {
            server.at(&params, async |path, at, cx| {
                rename::prepare(path, at, &cx).await
            })
        })
        .request::<asked::Rename, _>(|server, params| {
            let name = params.new_name;
            let renamed = server.at(&params.text_document_position, async move |path, at, cx| {
                Some(rename::rename(path, at, name, &cx).await)
            });
            async {
                let edit = renamed.await?.transpose();
                edit.map_err(|why| ResponseError::new(ErrorCode::REQUEST_FAILED, why))
            }
        })
        .request::<asked::WillRenameFiles, _>(|server, params| {
            let root = server.folder.as_ref().map(|folder| folder.root.clone());
            let path = |url: &str| convert::path(root.as_ref()?, &url.parse().ok()?);
            let moves = params
                .files
                .iter()
                .filter_map(|file| path(&file.old_uri).zip(path(&file.new_uri)));
            let moves = moves.collect();
            server.ask(async move |cx| Some(rename::will_rename(moves, &cx).await))
        });
}

impl Server {
    /// Opens the folder. Looking at it begins at once, and answers wait for it.
    fn start(&mut self, params: InitializeParams) -> anyhow::Result<InitializeResult> {
        let root =
            root(&params).context("the editor has opened no folder, and folio works on one")?;
        let root = root
            .canonicalize()
            .with_context(|| format!("cannot open {}", root.display()))?;
        let (watcher, follower) = Watcher::new(&root)?;
        let workspace = Workspace::new(root.clone(), Progress::none()).watched_by(follower);
        if let Some(on_open) = self.on_open.take() {
            on_open(workspace.runtime());
        }
        let client = self.client.clone();
        let writer = Writer::start(workspace, watcher, move |error| {
            let message = format!("folio: {error:#}");
            // Nobody is there to be told.
            let _ = client.notify::<ShowMessage>(ShowMessageParams {
                typ: MessageType::ERROR,
                message,
            });
        });
        self.folder = Some(Open {
            root: root.into(),
            writer,
        });
        Ok(InitializeResult {
            capabilities: capabilities(),
            server_info: Some(ServerInfo {
                name: "folio".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        })
    }

    /// Sends problems from now on, the first time once the folder was looked at.
    fn publish(&mut self) -> ControlFlow<async_lsp::Result<()>> {
        if let Some(folder) = &self.folder {
            let (client, writer) = (self.client.clone(), folder.writer.clone());
            let ready = writer.pin();
            let runtime = writer.runtime().clone();
            tokio::spawn(async move {
                if ready.await.is_some() {
                    diagnostics::publish(runtime, client).await;
                }
            });
        }
        ControlFlow::Continue(())
    }

    /// The document of a URL, and who sets it.
    fn document(&self, url: &Url) -> Option<(RelPath, Writer)> {
        let folder = self.folder.as_ref()?;
        let path = convert::path(&folder.root, url).filter(RelPath::is_markdown)?;
        Some((path, folder.writer.clone()))
    }

    fn edit(
        &mut self,
        url: &Url,
        text: impl FnOnce(&mut Buffers, RelPath) -> Option<Arc<str>>,
    ) -> ControlFlow<async_lsp::Result<()>> {
        if let Some((path, writer)) = self.document(url)
            && let Some(text) = text(&mut self.buffers, path.clone())
        {
            writer.tell(Message::Edit(path, text));
        }
        ControlFlow::Continue(())
    }

    fn close(&mut self, url: &Url) -> ControlFlow<async_lsp::Result<()>> {
        if let Some((path, writer)) = self.document(url) {
            self.buffers.close(&path);
            writer.tell(Message::Close(path));
        }
        ControlFlow::Continue(())
    }

    /// Answers about a place in a document.
    fn at<T: Send + 'static, Fut: Future<Output = Option<T>> + Send + 'static>(
        &mut self,
        at: &TextDocumentPositionParams,
        answer: impl FnOnce(RelPath, async_lsp::lsp_types::Position, QueryContext) -> Fut
        + Send
        + 'static,
    ) -> Answered<T> {
        let position = at.position;
        self.of(&at.text_document.uri, move |path, cx| {
            answer(path, position, cx)
        })
    }

    /// Answers about a document; nothing of what is no document of the folder.
    fn of<T: Send + 'static, Fut: Future<Output = Option<T>> + Send + 'static>(
        &mut self,
        url: &Url,
        answer: impl FnOnce(RelPath, QueryContext) -> Fut + Send + 'static,
    ) -> Answered<T> {
        let document = self.document(url);
        let asked = document.map(|(path, _)| self.ask(move |cx| answer(path, cx)));
        Box::pin(async {
            match asked {
                Some(asked) => asked.await,
                None => Ok(None),
            }
        })
    }

    /// Answers from a snapshot that has every edit which was told before.
    fn ask<T: Send + 'static, Fut: Future<Output = Option<T>> + Send + 'static>(
        &mut self,
        answer: impl FnOnce(QueryContext) -> Fut + Send + 'static,
    ) -> Answered<T> {
        let snapshot = self.folder.as_ref().map(|folder| folder.writer.pin());
        Box::pin(async move {
            let snapshot = match snapshot {
                Some(snapshot) => snapshot.await,
                None => None,
            };
            match snapshot {
                Some(snapshot) => {
                    let answered = snapshot.try_query(answer).await;
                    answered.map_err(|why| ResponseError::new(ErrorCode::INTERNAL_ERROR, why))
                }
                None => Ok(None),
            }
        })
    }
}

fn root(params: &InitializeParams) -> Option<PathBuf> {
    let folders = params.workspace_folders.iter().flatten();
    let mut urls = folders.map(|folder| &folder.uri).chain(old_root(params));
    urls.find_map(|url| url.to_file_path().ok())
}

#[expect(deprecated, reason = "older clients name their folder by it")]
fn old_root(params: &InitializeParams) -> Option<&Url> {
    params.root_uri.as_ref()
}
