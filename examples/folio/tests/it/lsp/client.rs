//! A client of the language server: as an editor talks, over pipes.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value, json};

use crate::http::Inspected;
use crate::lines::{DEADLINE, Lines};
use crate::tree::{Tree, folio};

/// The server, and the way to it.
pub(super) struct Client {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    /// What came while something else was waited for.
    told: Vec<Value>,
    root: String,
    last_id: u64,
}

impl Client {
    /// Starts the server, and has it open the folder.
    pub(super) fn start(tree: &Tree) -> Self {
        Self::start_as(tree, folio().arg("lsp"))
    }

    /// The same, with a look into its engine.
    pub(super) fn inspected(tree: &Tree) -> (Self, Inspected) {
        let mut command = folio();
        command.args(["lsp", "--inspect"]).stderr(Stdio::piped());
        let mut client = Self::start_as(tree, &mut command);
        let remarks = Lines::of(client.child.stderr.take().unwrap());
        let url = remarks.after("inspect the engine at ");
        (client, Inspected::at(&url))
    }

    fn start_as(tree: &Tree, command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (send, messages) = channel();
        std::thread::spawn(move || read(output, |message| send.send(message).is_ok()));
        let root = format!("file://{}", tree.root().canonicalize().unwrap().display());
        let mut client = Client {
            child,
            input,
            messages,
            told: Vec::new(),
            root,
            last_id: 0,
        };
        let folder = json!([{ "uri": client.root, "name": "tree" }]);
        let answer = client.ask(
            "initialize",
            json!({ "capabilities": {}, "workspaceFolders": folder }),
        );
        assert_eq!(answer["serverInfo"]["name"], "folio");
        client.tell("initialized", json!({}));
        client
    }

    /// The URL of a file.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.root)
    }

    pub(super) fn send(&mut self, method: &str, params: Value) -> u64 {
        self.last_id += 1;
        let id = self.last_id;
        self.write(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    pub(super) fn tell(&mut self, method: &str, params: Value) {
        self.write(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The whole answer to a request.
    pub(super) fn answer(&mut self, id: u64) -> Value {
        if let Some(at) = self.told.iter().position(|message| message["id"] == id) {
            return self.told.remove(at);
        }
        loop {
            let message = self
                .messages
                .recv_timeout(DEADLINE)
                .expect("the server answers");
            if message["id"] == id {
                return message;
            }
            self.told.push(message);
        }
    }

    /// The result of a request.
    pub(super) fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, params);
        self.result(id, method)
    }

    fn result(&mut self, id: u64, method: &str) -> Value {
        let mut answer = self.answer(id);
        assert_eq!(answer["error"], Value::Null, "{method}");
        answer["result"].take()
    }

    /// The result of a request about a place in a document, lines and columns from 0.
    pub(super) fn at(&mut self, method: &str, path: &str, line: u32, character: u32) -> Value {
        let id = self.send_at(method, path, line, character);
        self.result(id, method)
    }

    /// Makes such a request.
    pub(super) fn send_at(&mut self, method: &str, path: &str, line: u32, character: u32) -> u64 {
        let document = json!({ "uri": self.url(path) });
        let position = json!({ "line": line, "character": character });
        let context = json!({ "includeDeclaration": true, "triggerKind": 1 });
        let params = json!({ "textDocument": document, "position": position, "context": context });
        self.send(method, params)
    }

    pub(super) fn open(&mut self, path: &str, text: &str) {
        let document =
            json!({ "uri": self.url(path), "languageId": "markdown", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub(super) fn change(&mut self, path: &str, changes: Value) {
        let document = json!({ "uri": self.url(path), "version": 2 });
        self.tell(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": changes }),
        );
    }

    pub(super) fn close(&mut self, path: &str) {
        let document = json!({ "uri": self.url(path) });
        self.tell("textDocument/didClose", json!({ "textDocument": document }));
    }

    /// The problems of a document once they are as many as that.
    pub(super) fn problems(&mut self, path: &str, count: usize) -> Vec<String> {
        let url = self.url(path);
        let mut told = std::mem::take(&mut self.told).into_iter();
        loop {
            let message = told.next().unwrap_or_else(|| {
                self.messages
                    .recv_timeout(DEADLINE)
                    .expect("the server tells of problems")
            });
            let params = &message["params"];
            let found = params["diagnostics"].as_array();
            if let Some(found) = found.filter(|found| params["uri"] == url && found.len() == count)
            {
                let shown = |found: &Value| {
                    let (range, message) = (&found["range"], &found["message"]);
                    format!("{} {}", place(range), message.as_str().unwrap())
                };
                return found.iter().map(shown).collect();
            }
        }
    }

    /// Says goodbye as the protocol asks for, and gives the exit code.
    pub(super) fn end(mut self) -> Option<i32> {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        self.child.wait().unwrap().code()
    }

    fn write(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `1:2-1:5`, from 0.
pub(super) fn place(range: &Value) -> String {
    let point = |point: &Value| format!("{}:{}", point["line"], point["character"]);
    format!("{}-{}", point(&range["start"]), point(&range["end"]))
}

fn read(mut output: impl BufRead, on_message: impl Fn(Value) -> bool) {
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if output.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if let Some(written) = line.strip_prefix("Content-Length: ") {
                length = written.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut message = vec![0; length];
        output.read_exact(&mut message).unwrap();
        if !on_message(serde_json::from_slice(&message).unwrap()) {
            return;
        }
    }
}
