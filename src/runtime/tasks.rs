//! Carries effects out behind the loop: requests, timers, clipboard, files. Every result comes back
//! through the inbox; nothing here waits on the loop, and nothing here changes the model.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{AbortHandle, JoinSet};

use crate::api::{Answer, Client};
use crate::app::effect::{Call, Clip, CodeFormat};
use crate::app::msg::{Msg, Reply, Route, Timer};
use crate::app::remote::Ticket;
use crate::clipboard::{self, Clipboard};
use crate::domain::{Account, Exchange, Failure, MemberVerb};
use crate::ui;

/// What comes back from a task.
#[derive(Debug)]
pub(super) enum Arrival {
    /// Something for the core.
    Msg(Msg),
    /// Bytes for the terminal, then something for the core.
    Terminal(Vec<u8>, Msg),
}

/// A function that keeps an account in the configuration file and says where.
pub type SaveAccount = Arc<dyn Fn(&Account) -> Result<String, String> + Send + Sync>;

/// A client that is built when it is needed first: loading the certificates of the system takes
/// longer than the first frame should.
#[derive(Clone)]
struct Connection {
    account: Account,
    client: Arc<OnceCell<Client>>,
}

impl Connection {
    fn new(account: Account) -> Self {
        Self {
            account,
            client: Arc::new(OnceCell::new()),
        }
    }

    async fn client(&self) -> Result<&Client, Failure> {
        self.client
            .get_or_try_init(|| async {
                let account = self.account.clone();
                tokio::task::spawn_blocking(move || Client::new(&account))
                    .await
                    .map_err(|why| Failure::refused(&format!("the client could not start: {why}")))?
                    .map_err(|why| Failure::refused(&why.to_string()))
            })
            .await
    }
}

/// Everything that runs behind the loop.
pub(super) struct Tasks {
    running: JoinSet<()>,
    calls: HashMap<Ticket, AbortHandle>,
    inbox: UnboundedSender<Arrival>,
    connection: Option<Connection>,
    clipboard: Arc<Mutex<Clipboard>>,
    save_account: SaveAccount,
    downloads: PathBuf,
}

impl Tasks {
    pub(super) fn new(
        inbox: UnboundedSender<Arrival>,
        account: Option<Account>,
        clipboard: Arc<Mutex<Clipboard>>,
        save_account: SaveAccount,
        downloads: PathBuf,
    ) -> Self {
        Self {
            running: JoinSet::new(),
            calls: HashMap::new(),
            inbox,
            connection: account.map(Connection::new),
            clipboard,
            save_account,
            downloads,
        }
    }

    /// Lets go of what ended, so that nothing piles up over a long day.
    pub(super) fn tidy(&mut self) {
        while self.running.try_join_next().is_some() {}
        self.calls.retain(|_, handle| !handle.is_finished());
    }

    pub(super) fn call(&mut self, ticket: Ticket, call: Call) {
        let connection = if let Call::TestAccount(account) = &call {
            Some(Connection::new(account.clone()))
        } else {
            self.connection.clone()
        };
        let inbox = self.inbox.clone();
        let handle = self.running.spawn(async move {
            let (reply, exchange) = connect_and_perform(connection, &call).await;
            let msg = Msg::Settled(ticket, reply, Box::new(exchange));
            // The loop has ended: nobody wants to know any more.
            let _ = inbox.send(Arrival::Msg(msg));
        });
        self.calls.insert(ticket, handle);
    }

    pub(super) fn cancel(&mut self, ticket: Ticket) {
        if let Some(handle) = self.calls.remove(&ticket) {
            handle.abort();
        }
    }

    pub(super) fn wake(&mut self, after: Duration, timer: Timer) {
        let inbox = self.inbox.clone();
        self.running.spawn(async move {
            tokio::time::sleep(after).await;
            let _ = inbox.send(Arrival::Msg(Msg::Woke(timer)));
        });
    }

    pub(super) fn copy(&mut self, clip: Clip) {
        let clipboard = Arc::clone(&self.clipboard);
        self.blocking(move || {
            let mut bytes = Vec::new();
            let mut clipboard = clipboard.lock().unwrap_or_else(PoisonError::into_inner);
            let route = clipboard.copy(&clip.text, &mut bytes);
            let route = route
                .map_err(|why| why.to_string())
                .map(|route| match route {
                    clipboard::Route::System => Route::System,
                    clipboard::Route::Terminal => Route::Terminal,
                });
            Arrival::Terminal(bytes, Msg::Copied(clip, route))
        });
    }

    pub(super) fn open_link(&mut self, address: String) {
        let inbox = self.inbox.clone();
        self.running.spawn_blocking(move || {
            if let Err(why) = open::that_detached(&address) {
                let why = format!("no program for web addresses was found here: {why}");
                let _ = inbox.send(Arrival::Msg(Msg::NotOpened(address, why)));
            }
        });
    }

    pub(super) fn save_code(&mut self, address: String, format: CodeFormat) {
        let folder = self.downloads.clone();
        self.blocking(move || Arrival::Msg(Msg::Saved(save_code(&folder, &address, format))));
    }

    pub(super) fn use_account(&mut self, account: Account) {
        self.connection = Some(Connection::new(account));
    }

    pub(super) fn save_account(&mut self, account: Account) {
        let save = Arc::clone(&self.save_account);
        self.blocking(move || Arrival::Msg(Msg::AccountSaved(save(&account))));
    }

    fn blocking(&mut self, work: impl FnOnce() -> Arrival + Send + 'static) {
        let inbox = self.inbox.clone();
        self.running.spawn_blocking(move || {
            let _ = inbox.send(work());
        });
    }
}

/// Makes one call; none leaves when there is no client to make it.
async fn connect_and_perform(connection: Option<Connection>, call: &Call) -> (Reply, Exchange) {
    let connection = connection.ok_or_else(|| Failure::refused("no account is connected"));
    let client = match &connection {
        Ok(connection) => connection.client().await,
        Err(why) => Err(why.clone()),
    };
    match client {
        Ok(client) => perform(client, call).await,
        Err(why) => (refused(call, why), unsent(call)),
    }
}

/// Makes one call with the client's method for it. Exactly one request leaves. For
/// [`Call::TestAccount`] the client must be one of that account.
pub async fn perform(client: &Client, call: &Call) -> (Reply, Exchange) {
    fn split<T>(
        answer: Answer<T>,
        reply: impl FnOnce(Result<T, Failure>) -> Reply,
    ) -> (Reply, Exchange) {
        (reply(answer.result), answer.exchange)
    }
    match call {
        Call::Index => split(client.list_groups().await, Reply::Index),
        Call::TestAccount(_) => split(client.list_groups().await, |r| {
            Reply::Tested(r.map(|ids| ids.len()))
        }),
        Call::Details(id) => split(client.group_details(id).await, |r| {
            Reply::Details(id.clone(), r)
        }),
        Call::Invite(id) => split(client.invite_link(id).await, |r| {
            Reply::Invite(id.clone(), r)
        }),
        Call::Create(subject) => split(client.create_group(subject).await, |r| {
            Reply::Created(subject.clone(), r)
        }),
        Call::Rename(id, subject) => split(client.rename_group(id, subject).await, |r| {
            Reply::Changed(id.clone(), r)
        }),
        Call::Members(id, verb, people) => {
            let answer = match verb {
                MemberVerb::Promote => client.add_admins(id, people).await,
                MemberVerb::Demote => client.remove_admins(id, people).await,
                MemberVerb::Remove => client.remove_participants(id, people).await,
            };
            split(answer, |r| Reply::Changed(id.clone(), r))
        }
        Call::ResetInvite(id) => split(client.reset_invite_link(id).await, |r| {
            Reply::Changed(id.clone(), r)
        }),
        Call::Leave(id) => split(client.leave_group(id).await, |r| {
            Reply::Changed(id.clone(), r)
        }),
    }
}

fn refused(call: &Call, why: Failure) -> Reply {
    match call {
        Call::Index => Reply::Index(Err(why)),
        Call::TestAccount(_) => Reply::Tested(Err(why)),
        Call::Details(id) => Reply::Details(id.clone(), Err(why)),
        Call::Invite(id) => Reply::Invite(id.clone(), Err(why)),
        Call::Create(subject) => Reply::Created(subject.clone(), Err(why)),
        Call::Rename(id, _) | Call::Members(id, ..) | Call::ResetInvite(id) | Call::Leave(id) => {
            Reply::Changed(id.clone(), Err(why))
        }
    }
}

/// What the Activity pane shows of a call that never left.
fn unsent(call: &Call) -> Exchange {
    Exchange {
        operation: call.operation(),
        path: String::new(),
        body: None,
        status: None,
        took: Duration::ZERO,
        answer: crate::domain::Clean::default(),
    }
}

/// Writes the code into a new file; an existing one is never touched.
fn save_code(folder: &Path, address: &str, format: CodeFormat) -> Result<String, String> {
    let bytes = match format {
        CodeFormat::Png => ui::as_png(address),
        CodeFormat::Svg => ui::as_svg(address),
        CodeFormat::Text => ui::as_text(address),
    };
    let bytes = bytes.ok_or_else(|| "the link is too long for a QR code".to_owned())?;
    for number in 1..1_000 {
        let name = if number == 1 {
            format!("invite.{}", format.extension())
        } else {
            format!("invite-{number}.{}", format.extension())
        };
        let path = folder.join(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                let written = file.write_all(&bytes).map(|()| path.display().to_string());
                return written.map_err(|why| format!("{}: {why}", path.display()));
            }
            Err(why) if why.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(why) => return Err(format!("{}: {why}", path.display())),
        }
    }
    Err(format!("{} is full of saved codes", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_code_never_overwrites_another() {
        let folder = tempfile::tempdir().unwrap();
        let link = "https://chat.whatsapp.com/Dm7QkTz4hYpLw2Xc8VbN1e";
        let first = save_code(folder.path(), link, CodeFormat::Png).unwrap();
        let second = save_code(folder.path(), link, CodeFormat::Png).unwrap();
        assert_ne!(first, second);
        assert!(std::fs::read(&first).unwrap().starts_with(b"\x89PNG"));
        let missing = folder.path().join("no such folder");
        assert!(
            save_code(&missing, link, CodeFormat::Text)
                .unwrap_err()
                .contains("no such folder")
        );
    }
}
