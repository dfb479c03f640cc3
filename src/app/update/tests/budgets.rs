//! The key budgets of the product: jobs, keys and calls, counted.

use super::*;

fn dashboard() -> Probe {
    Probe::with([
        group("a").subject("Bairro Novo").people(0..10).admins([0]),
        group("b")
            .subject("Corrida Domingo")
            .people(0..10)
            .admins([0, 1]),
        group("c").subject("Entregas").people(0..10).admins([0]),
    ])
}

#[test]
fn handing_out_the_link_of_the_chosen_group_is_one_key_and_one_call() {
    let mut app = dashboard();
    app.play("y");
    assert_eq!(
        (app.keys, app.operations()),
        (1, vec![Operation::GetInvite])
    );
    assert_eq!(app.clip(), "https://chat.whatsapp.com/a1");
    assert!(app.says("Invite link of Bairro Novo copied"));
    app.play("y");
    assert_eq!(app.calls.len(), 1, "a link that is known is not read again");
    assert_eq!(app.clips.len(), 2);
}

#[test]
fn handing_out_the_link_of_a_group_by_its_name_is_six_keys() {
    let mut app = dashboard();
    app.play("/ c o r enter y");
    assert_eq!((app.keys, app.calls.len()), (6, 1));
    assert_eq!(app.clip(), "https://chat.whatsapp.com/b1");
}

#[test]
fn whether_a_number_is_here_is_six_keys_and_no_call() {
    let mut app = dashboard();
    app.play("tab / 0 0 0 3");
    assert_eq!((app.keys, app.calls.len()), (6, 0));
    assert_eq!(app.rows(), ["…-0003"]);
}

#[test]
fn removing_one_member_is_nine_keys_and_two_calls() {
    let mut app = dashboard();
    app.play("tab / 0 0 0 3 d right enter");
    assert_eq!(app.keys, 9);
    assert_eq!(
        app.operations(),
        [Operation::RemoveParticipants, Operation::GroupDetails]
    );
    assert!(!app.server.group("a").members.contains(&wa(3)));
    assert!(app.says("+55 19 90000-0003 removed"));
}

#[test]
fn promoting_one_member_is_eight_keys_and_two_calls() {
    let mut app = dashboard();
    app.play("tab / 0 0 0 3 + enter");
    assert_eq!(app.keys, 8);
    assert_eq!(
        app.operations(),
        [Operation::AddAdmins, Operation::GroupDetails]
    );
    assert!(app.server.group("a").admins.contains(&wa(3)));
}

#[test]
fn demoting_one_admin_asks_in_a_box_and_costs_two_calls() {
    let mut app = dashboard();
    app.play("j tab / 0 0 0 1 - right enter");
    assert_eq!(
        app.operations(),
        [Operation::RemoveAdmins, Operation::GroupDetails]
    );
    assert_eq!(app.server.group("b").admins, [wa(0)]);
}

#[test]
fn killing_a_leaked_link_is_five_keys_and_two_calls() {
    let mut app = dashboard();
    app.play("i");
    app.count_from_here();
    app.keys = 1;
    app.play("d right enter y");
    assert_eq!(app.keys, 5);
    assert_eq!(
        app.operations(),
        [Operation::ResetInvite, Operation::GetInvite]
    );
    assert_eq!(app.clip(), "https://chat.whatsapp.com/a2");
}

#[test]
fn a_new_group_ready_to_use_is_two_keys_and_its_name_and_two_calls_to_the_link() {
    let mut app = dashboard();
    app.press("n");
    app.type_text("Turma");
    app.press("enter");
    assert_eq!(app.keys, 2 + 5);
    app.answer(Operation::CreateGroup);
    app.answer(Operation::GetInvite);
    assert_eq!(app.clip(), "https://chat.whatsapp.com/new-11");
    app.answer_all();
    let costs = [
        Operation::CreateGroup,
        Operation::GetInvite,
        Operation::GroupDetails,
    ];
    assert_eq!(app.operations(), costs);
    assert_eq!(app.model.group().unwrap().name(), "Turma");
}

#[test]
fn renaming_is_two_keys_and_the_name_and_two_calls() {
    let mut app = dashboard();
    app.press("e");
    app.type_text("Praia");
    app.play("enter");
    assert_eq!(app.keys, 2 + 5);
    assert_eq!(
        app.operations(),
        [Operation::RenameGroup, Operation::GroupDetails]
    );
    assert_eq!(app.server.group("a").subject, "Praia");
    assert!(app.says("Renamed to Praia"));
    assert!(app.model.dialog.is_none());
}

#[test]
fn which_groups_a_number_is_in_is_three_keys_and_no_call() {
    let mut app = dashboard();
    app.press("F");
    app.keys += 1; // the paste
    app.paste("+55 (19) 90000-0003");
    app.wait(300);
    app.play("enter");
    assert_eq!((app.keys, app.calls.len()), (3, 0));
    assert_eq!(app.model.group().unwrap().name(), "Bairro Novo");
    assert_eq!(app.model.pane, crate::app::model::Pane::Members);
    assert_eq!(app.people().rows.current(), Some(&wa(3)));
}

#[test]
fn seeing_what_is_new_is_one_key_for_each_group_and_no_call() {
    let mut app = dashboard();
    for (group, text) in [("a", "oi"), ("c", "chegou?"), ("c", "alô")] {
        app.hears(group, "5511900000001", text);
    }
    let unread = |app: &Probe| ["a", "b", "c"].map(|id| app.model.list.unread(app.slot(id)));
    assert_eq!(unread(&app), [1, 0, 2]);
    for expected in ["Bairro Novo", "Entregas"] {
        app.play("U");
        app.wait(300);
        assert_eq!(app.model.group().unwrap().name(), expected);
        assert_eq!(app.model.pane, crate::app::model::Pane::Messages);
    }
    assert_eq!((app.keys, app.calls.len()), (2, 0));
    assert_eq!(unread(&app), [0, 0, 0]);
}
