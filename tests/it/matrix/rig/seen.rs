//! What is left after a cell was played: what the user was told, what is shown, and what is so.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use wavedeck::app::activity::What;
use wavedeck::app::dialog::FormState;
use wavedeck::app::groups::GroupState;
use wavedeck::app::toasts::Level;
use wavedeck::theme::{Depth, Mood, Theme};
use wavedeck::ui;

use super::messages::columns;
use super::*;

impl Rig<'_> {
    /// The chosen group as the provider knows it.
    pub(super) fn truth(&self) -> Snapshot {
        let id = self.model.group().expect("a group is chosen").id.clone();
        self.simulator.state().group(id.as_str()).unwrap()
    }

    pub(super) fn notices(&self) -> impl Iterator<Item = (Level, &str)> {
        // Newest first.
        self.model
            .activity
            .iter()
            .filter_map(|entry| match &entry.what {
                What::Notice(level, text) => Some((*level, text.as_str())),
                What::Request { .. } => None,
            })
    }

    pub(super) fn new_notices(&self) -> impl Iterator<Item = (Level, &str)> {
        let new = self.notices().count() - self.noticed;
        self.notices().take(new)
    }

    /// The form that is open, also behind the one for credentials: its state and what was typed.
    pub(super) fn form(&self) -> Option<(&FormState, String)> {
        let open = self.model.dialog.as_ref()?;
        let dialog = if let Dialog::Connect(connect) = open {
            connect.behind.as_deref()?
        } else {
            open
        };
        match dialog {
            Dialog::Create(form) | Dialog::Rename(_, form) => {
                Some((&form.state, form.input.text().to_owned()))
            }
            Dialog::PickIcon(_, form) => Some((&form.state, form.input.text().to_owned())),
            Dialog::Line(_)
            | Dialog::Confirm(_)
            | Dialog::Menu(_)
            | Dialog::Help(_)
            | Dialog::Commands(_)
            | Dialog::Find(_)
            | Dialog::Actions(_)
            | Dialog::ByHand { .. }
            | Dialog::Invite(_)
            | Dialog::Invited(_)
            | Dialog::Connect(_) => None,
        }
    }

    /// What the terminal shows.
    pub(super) fn screen(&self) -> String {
        self.terminal().to_string()
    }

    /// What the user reads on the screen, and behind the form for credentials, which comes first.
    pub(super) async fn read_screen(&mut self) -> Vec<String> {
        let mut read = columns(self.terminal().buffer());
        if let Some(Dialog::Connect(_)) = self.model.dialog {
            self.type_all("esc").await;
            read.extend(columns(self.terminal().buffer()));
        }
        read
    }

    fn terminal(&self) -> TestBackend {
        let backend = TestBackend::new(self.model.size.width, self.model.size.height);
        let mut terminal = Terminal::new(backend).unwrap();
        let theme = Theme::new(Mood::Dark, Depth::Mono);
        terminal
            .draw(|frame| {
                ui::view(&self.model, &theme, frame);
            })
            .unwrap();
        terminal.backend().clone()
    }

    pub(super) fn chosen(&self) -> Option<&GroupState> {
        self.model.group()
    }

    /// Why the read of this cell is not there, as its pane shows it.
    pub(super) fn failure(&self) -> Option<&Failure> {
        match self.cell.operation {
            Operation::ListGroups => self.model.groups.index.failure(),
            Operation::GroupDetails => self.chosen()?.details.failure(),
            Operation::GetInvite => self.chosen()?.invite.failure(),
            Operation::GetIcon => self.chosen()?.icon.failure(),
            Operation::FetchPicture => self.chosen()?.picture.failure(),
            Operation::CreateGroup
            | Operation::RenameGroup
            | Operation::ResetInvite
            | Operation::RemoveParticipants
            | Operation::AddAdmins
            | Operation::RemoveAdmins
            | Operation::LeaveGroup
            | Operation::SetIcon
            | Operation::RemoveIcon
            | Operation::SendToGroup
            | Operation::SendInvitation => None,
        }
    }

    /// Everything the user can read about it: notices, the form, the pane and the header.
    pub(super) fn told(&self) -> Vec<String> {
        let mut told: Vec<String> = self
            .new_notices()
            .map(|(_, text)| text.to_owned())
            .collect();
        if let Some((FormState::Refused(why), _)) = self.form() {
            told.push(format!("form: {}", why.why()));
        }
        told.extend(self.failure().map(Failure::why));
        if let Line::Offline { why, .. } | Line::Untrusted { why } = &self.model.line {
            told.push(why.why());
        }
        told
    }

    pub(super) fn outcome(&self, told: &[String], read_at: Millis) -> Outcome {
        let is_known = |known: Option<Millis>| known.is_some_and(|at| at > read_at);
        let group = self.chosen();
        let known = match self.cell.operation {
            Operation::ListGroups => self.model.groups.index.known().map(|known| known.as_of),
            Operation::GroupDetails => group.and_then(|g| Some(g.details.known()?.as_of)),
            Operation::GetInvite => group.and_then(|g| Some(g.invite.known()?.as_of)),
            Operation::GetIcon => group.and_then(|g| Some(g.icon.known()?.as_of)),
            Operation::FetchPicture => group.and_then(|g| Some(g.picture.known()?.as_of)),
            Operation::CreateGroup
            | Operation::RenameGroup
            | Operation::ResetInvite
            | Operation::RemoveParticipants
            | Operation::AddAdmins
            | Operation::RemoveAdmins
            | Operation::LeaveGroup
            | Operation::SetIcon
            | Operation::RemoveIcon => return self.end(told),
            Operation::SendToGroup => return self.end_of_message(),
            Operation::SendInvitation => return self.end_of_invitation(),
        };
        if is_known(known) {
            Outcome::Read
        } else if self.failure().is_some() || self.new_notices().any(|(l, _)| l == Level::Error) {
            Outcome::Failed
        } else {
            Outcome::Waits
        }
    }

    /// How the core says that the change ended, to the user.
    pub(super) fn end(&self, told: &[String]) -> Outcome {
        assert!(!self.model.is_changing(), "still under way: {told:?}");
        let has = |wanted: Level| self.new_notices().any(|(level, _)| level == wanted);
        let in_doubt = told.iter().any(|text| text.contains("not seen so far"));
        if has(Level::Warning) || in_doubt {
            Outcome::Unknown
        } else if has(Level::Done) {
            Outcome::Applied
        } else if has(Level::Error) || told.iter().any(|text| text.starts_with("form: ")) {
            Outcome::NotApplied
        } else {
            panic!("nobody said how it ended: {told:?}")
        }
    }

    /// What became of what was typed. It is looked for last: keys may be needed to see it.
    pub(super) async fn draft(&mut self) -> Draft {
        let typed = match self.cell.operation {
            Operation::CreateGroup => "Turma",
            Operation::RenameGroup => "Beta",
            Operation::SetIcon => "icon.jpg",
            Operation::ListGroups
            | Operation::GroupDetails
            | Operation::GetInvite
            | Operation::ResetInvite
            | Operation::RemoveParticipants
            | Operation::AddAdmins
            | Operation::RemoveAdmins
            | Operation::LeaveGroup
            | Operation::GetIcon
            | Operation::RemoveIcon
            | Operation::FetchPicture => return Draft::None,
            Operation::SendToGroup => return self.draft_of_message(),
            Operation::SendInvitation => return self.draft_of_invitation().await,
        };
        match self.form() {
            Some((state, text)) if text == typed => {
                assert_ne!(*state, FormState::Sending, "the form is locked for ever");
                Draft::Kept
            }
            Some(_) | None => Draft::Gone,
        }
    }

    /// Whether a change happened; `None` for a read.
    pub(super) fn happened(
        &self,
        before: &Snapshot,
        after: &Snapshot,
        created: usize,
    ) -> Option<bool> {
        let [plain, admin] = people(before).map(str::to_owned);
        let address = |group: &Snapshot| {
            let icon = self.simulator.state().icon(&group.id);
            icon.map(|icon| icon.bytes)
        };
        Some(match self.cell.operation {
            Operation::CreateGroup => created > 0,
            Operation::RenameGroup => after.subject == "Beta",
            Operation::ResetInvite => after.invite != before.invite,
            Operation::RemoveParticipants => !after.participants.contains(&plain),
            Operation::AddAdmins => after.admins.contains(&plain),
            Operation::RemoveAdmins => !after.admins.contains(&admin),
            Operation::LeaveGroup => !after.participants.contains(&OWN.to_owned()),
            Operation::SetIcon => address(after).is_some_and(|bytes| bytes != *ICON),
            Operation::RemoveIcon => address(after).is_none(),
            Operation::SendToGroup | Operation::SendInvitation => self.sent() > 0,
            Operation::ListGroups
            | Operation::GroupDetails
            | Operation::GetInvite
            | Operation::GetIcon
            | Operation::FetchPicture => return None,
        })
    }
}
