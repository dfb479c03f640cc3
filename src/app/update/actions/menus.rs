//! Short lists of choices: sorting, saving, and what to copy in which form.

use crate::app::dialog::{Choice, Dialog, Menu};
use crate::app::effect::{Clip, CodeFormat, Effect, Effects};
use crate::app::list::SortBy;
use crate::app::model::Model;
use crate::domain::WaId;

use super::super::copy::{self, NumberForm};
use super::link;

fn menu(model: &mut Model, title: impl Into<String>, choices: Vec<(Choice, String)>, row: usize) {
    model.dialog = Some(Dialog::Menu(Menu {
        title: title.into(),
        choices,
        row,
    }));
}

pub(super) fn sort_menu(model: &mut Model) {
    let sort = model.list.sort();
    let row = SortBy::ALL.iter().position(|by| *by == sort).unwrap_or(0);
    let choices = SortBy::ALL
        .iter()
        .map(|by| (Choice::Sort(*by), by.label().to_owned()))
        .collect();
    menu(model, "Sort groups", choices, row);
}

pub(super) fn save_menu(model: &mut Model) {
    let Some(url) = link(model) else { return };
    let choices = [
        (CodeFormat::Png, "PNG, a picture"),
        (CodeFormat::Svg, "SVG, a drawing that scales"),
        (CodeFormat::Text, "text, in block characters"),
    ];
    let choices = choices
        .into_iter()
        .map(|(format, label)| (Choice::SaveCode(url.clone(), format), label.to_owned()))
        .collect();
    menu(model, "Save the QR code as", choices, 0);
}

pub(super) fn copy_group_menu(model: &mut Model) -> Effects {
    let Some(group) = model.group() else {
        return Effects::none();
    };
    let (id, name) = (group.id.clone(), group.name());
    let clip = |text: String, what: &str| {
        Choice::Copy(Clip {
            text,
            what: format!("{what} of {name}"),
        })
    };
    let mut choices = vec![
        (Choice::CopyLink(id.clone()), "the invite link".to_owned()),
        (
            Choice::CopyMessage(id.clone()),
            "a ready message with the link".to_owned(),
        ),
        (clip(id.as_str().to_owned(), "Id"), format!("its id, {id}")),
    ];
    if let Some(subject) = group
        .details
        .value()
        .and_then(|details| details.subject.as_ref())
    {
        choices.push((
            clip(subject.to_hand_out(), "Subject"),
            format!("its subject, {subject}"),
        ));
    }
    menu(model, format!("Copy from {name}"), choices, 0);
    Effects::none()
}

fn targets_text(model: &Model, form: NumberForm) -> Option<Clip> {
    let group = model.group()?;
    let ids: Vec<WaId> = model.members()?.targets();
    let what = match ids.as_slice() {
        [one] => one.pretty(),
        many => format!("{} numbers", many.len()),
    };
    Some(Clip {
        text: copy::numbers(&ids, group.roster(), &model.contacts, form),
        what,
    })
}

pub(super) fn copy_numbers(model: &mut Model) -> Effects {
    targets_text(model, NumberForm::Digits)
        .map_or_else(Effects::none, |clip| Effects::one(Effect::Copy(clip)))
}

pub(super) fn copy_people_menu(model: &mut Model) -> Effects {
    let forms = [
        (NumberForm::Digits, "digits, one number a line"),
        (NumberForm::Plus, "with +, one number a line"),
        (NumberForm::Csv, "CSV with role"),
        (NumberForm::Named, "CSV with role and your names"),
    ];
    // Without contacts there is no name to add.
    let named = |form: NumberForm| form != NumberForm::Named || !model.contacts.is_empty();
    let choices: Vec<(Choice, String)> = forms
        .into_iter()
        .filter(|(form, _)| named(*form))
        .filter_map(|(form, label)| {
            Some((Choice::Copy(targets_text(model, form)?), label.to_owned()))
        })
        .collect();
    let title = match model.members().map(|people| people.targets().len()) {
        Some(1) | None => "Copy 1 number as".to_owned(),
        Some(count) => format!("Copy {count} numbers as"),
    };
    menu(model, title, choices, 0);
    Effects::none()
}
