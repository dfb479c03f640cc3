//! The account: asked for at the first run and after a refusal, tested before it is kept.

use crate::app::accounts::Goal;
use crate::app::dialog::{Button, ConnectForm, Dialog, Focus, FormState, Keep, Purpose, Reveal};
use crate::app::effect::{Call, Effect, Effects};
use crate::app::field::TextInput;
use crate::app::groups::Slot;
use crate::app::line::Line;
use crate::app::messages::Messages;
use crate::app::model::{Model, Origin, Pane, Stage};
use crate::app::remote::Ticket;
use crate::app::toasts::Level;
use crate::domain::{Account, AccountError, Failure, TokenPlace};

use super::{accounts, dialogs, messages, reads};

/// The notice that stands while the account is refused.
const REFUSED: &str = "Your token was not accepted";

/// Opens the form, with what is known filled in.
pub(super) fn open(model: &mut Model) {
    let behind = model.dialog.take().map(Box::new);
    let user = model
        .session
        .account
        .as_ref()
        .map_or_else(String::new, |a| a.user_name.clone());
    let focus = Focus::Field(usize::from(!user.is_empty()));
    model.dialog = Some(Dialog::Connect(Box::new(ConnectForm {
        purpose: Purpose::Connect,
        base_url: model.session.base_url.clone(),
        fields: [TextInput::proposing(&user), TextInput::default()],
        focus,
        reveal: Reveal::Hidden,
        keep: Keep::Saved,
        state: FormState::Open,
        error: None,
        behind,
    })));
}

/// Opens the form for one more account. The one in use stays in use until the new one was tested.
pub(super) fn add(model: &mut Model) -> Effects {
    model.dialog = Some(Dialog::Connect(Box::new(ConnectForm {
        purpose: Purpose::Add,
        base_url: model.session.accounts.new_at.clone(),
        fields: [TextInput::default(), TextInput::default()],
        focus: Focus::Field(0),
        reveal: Reveal::Hidden,
        keep: Keep::Saved,
        state: FormState::Open,
        error: None,
        behind: None,
    })));
    Effects::none()
}

/// The new account was tested and cannot be opened all the same.
pub(super) fn not_added(model: &mut Model, why: String) {
    if let Some(Dialog::Connect(form)) = &mut model.dialog {
        form.state = FormState::Open;
        form.error = Some(why);
    }
}

/// Tests what was typed: reads the list of groups, nothing else.
pub(super) fn submit(model: &mut Model) -> Effects {
    let Some(Dialog::Connect(form)) = &mut model.dialog else {
        return Effects::none();
    };
    if form.state == FormState::Sending {
        return Effects::none();
    }
    let [user, token] = &form.fields;
    match Account::new(form.base_url.clone(), user.text(), token.text()) {
        Err(why) => {
            form.state = FormState::Open;
            let about_token = matches!(why, AccountError::NoToken | AccountError::TokenCharacters);
            form.focus = Focus::Field(usize::from(about_token));
            form.error = Some(why.to_string());
            Effects::none()
        }
        Ok(account) => {
            form.error = None;
            form.state = FormState::Sending;
            let ticket = model.ticket();
            reads::launch(model, ticket, Call::TestAccount(account), Origin::User, 1)
        }
    }
}

/// The test ended.
pub(super) fn tested(model: &mut Model, call: Call, result: Result<usize, Failure>) -> Effects {
    let Call::TestAccount(account) = call else {
        return Effects::none();
    };
    let Some(Dialog::Connect(form)) = &mut model.dialog else {
        // The form was closed meanwhile: nothing is kept.
        return Effects::none();
    };
    if let Err(why) = result {
        form.state = FormState::Refused(why);
        form.focus = Focus::Field(1);
        return Effects::none();
    }
    let keep = form.keep;
    if form.purpose == Purpose::Add {
        // The form stays as it is until the account is opened.
        return accounts::go_to(model, Goal::New(account, keep));
    }
    let behind = form.behind.take();
    let mut effects = Effects::one(Effect::UseAccount(account.clone()));
    if keep == Keep::Saved {
        effects.push(Effect::SaveAccount(account.clone()));
    }
    let same_server = model.session.account.as_ref().is_some_and(|before| {
        before.base_url == account.base_url && before.user_name == account.user_name
    });
    if same_server {
        dialogs::come_back(model, behind);
    } else {
        effects.extend(forget_everything(model));
    }
    model.session.account = Some(account);
    // Until it is said to be saved.
    model.session.token_at = TokenPlace::Elsewhere;
    if !same_server {
        effects.extend(messages::read_drafts(model));
    }
    model.stage = Stage::Dashboard;
    model.line = Line::Online;
    model.toasts.remove(REFUSED);
    reads::want_all(model);
    // What was sent before the refusal still has to be verified.
    let waiting: Vec<_> = model
        .groups
        .changing()
        .filter_map(|(slot, outbox)| Some((slot, outbox.awaiting()?)))
        .collect();
    for (slot, awaiting) in waiting {
        use crate::app::changes::Awaiting;
        use crate::app::model::Read;
        match awaiting {
            Awaiting::Reply => {}
            Awaiting::Details => effects.extend(reads::want_anew(model, Read::Details(slot))),
            Awaiting::Icon => effects.extend(reads::want_anew(model, Read::Icon(slot))),
            Awaiting::Invite => effects.extend(reads::want_anew(model, Read::Invite(slot))),
        }
    }
    effects
}

/// Another account: nothing of what was shown is about it.
fn forget_everything(model: &mut Model) -> Effects {
    let effects = messages::farewell(model).and(reads::cancel_reads(model));
    model.messages = Messages::default();
    for ticket in std::mem::take(&mut model.flying).into_keys() {
        model.activity.cancel(ticket);
    }
    model.dialog = None;
    model.creation = None;
    model.held.clear();
    model.leaving = crate::app::leaving::Leaving::default();
    model.invitations = crate::app::invitations::Invitations::default();
    model.unsent_subject = None;
    model.doubted_subject = None;
    model.moved_at = None;
    model.pane = Pane::Groups;
    model.groups = crate::app::groups::Groups::default();
    model.list = crate::app::list::GroupList::default();
    model.people.clear();
    model.copied = None;
    model.copy_wish = None;
    effects
}

/// Stops waiting for the test of an account.
pub(super) fn cancel_test(model: &mut Model) -> Effects {
    let tests: Vec<Ticket> = model
        .flying
        .iter()
        .filter(|(_, flying)| matches!(flying.call, Call::TestAccount(_)))
        .map(|(ticket, _)| *ticket)
        .collect();
    let mut effects = Effects::none();
    for ticket in tests {
        effects.extend(reads::cancel(model, ticket));
    }
    effects
}

/// The token was refused: every read stops, and the account is asked for again.
pub(super) fn sign_out(model: &mut Model) -> Effects {
    let effects = reads::cancel_reads(model);
    if !matches!(model.dialog, Some(Dialog::Connect(_))) {
        let mut lines = vec!["Nothing more is sent until you connect again.".to_owned()];
        lines.extend(drop_waiting(model));
        model.tell(Level::Error, REFUSED, lines);
        open(model);
    }
    effects
}

/// Changes that wait for their turn are dropped: after connecting again, minutes later, nobody
/// expects them any more. Returns a sentence for each group that had some.
fn drop_waiting(model: &mut Model) -> Vec<String> {
    let slots: Vec<Slot> = model.groups.changing().map(|(slot, _)| slot).collect();
    let mut lines = Vec::new();
    for slot in slots {
        let group = model.groups.at(slot);
        let (name, id) = (group.name(), group.id.clone());
        let dropped = model.groups.outbox_mut(slot).drop_waiting();
        for mutation in &dropped {
            // Its form would wait for a reply that never comes.
            if let Some(state) = dialogs::form_sending(model, &id, mutation) {
                *state = FormState::Open;
            }
        }
        match dropped.len() {
            0 => {}
            1 => lines.push(format!("1 change to {name} was waiting: it was not sent.")),
            more => lines.push(format!(
                "{more} changes to {name} were waiting: they were not sent."
            )),
        }
    }
    lines
}

/// Moves the focus through fields, choice and buttons.
pub(super) fn move_focus(form: &mut ConnectForm, forward: bool) {
    const ORDER: [Focus; 5] = [
        Focus::Field(0),
        Focus::Field(1),
        Focus::Tick,
        Focus::Button(Button::Cancel),
        Focus::Button(Button::Act),
    ];
    let at = ORDER
        .iter()
        .position(|focus| *focus == form.focus)
        .unwrap_or(0);
    let step = if forward { 1 } else { ORDER.len() - 1 };
    form.focus = ORDER[(at + step) % ORDER.len()];
}
