//! Writing to a group, through the whole program: what arrives, how often, and what a crash leaves.

use super::*;
use wavedeck::sim::Sent;

/// «Corrida Domingo 7h», 24 people.
const CORRIDA: &str = "5519900000000-1513616971";

fn in_messages(setup: &Setup<'_>) -> Terminal {
    let mut terminal = setup.start_and_load();
    terminal.type_keys("/corrida\r");
    terminal.wait_for("Corrida Domingo 7h");
    terminal.type_keys("5");
    terminal.wait_for("▸ 5 Messages");
    terminal
}

fn write(terminal: &mut Terminal, text: &str) {
    terminal.type_keys("m");
    terminal.wait_for("esc keep draft");
    terminal.type_keys(text);
    terminal.wait_for(text);
}

fn sent(provider: &Provider) -> Vec<Sent> {
    provider.state().outbox()
}

/// Whether a draft with these words is in a file below the home directory.
fn is_kept(home: &Home, words: &str) -> bool {
    let words = words.as_bytes();
    let mut files = home.files().into_iter();
    files.any(|(_, bytes)| bytes.windows(words.len()).any(|part| part == words))
}

#[test]
fn a_message_arrives_once_as_a_message_to_a_group_and_not_before_its_time() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = in_messages(&Setup::account(&home, &provider));
    write(&mut terminal, "Bom dia!");
    // A new line, by the key that every terminal has.
    terminal.type_keys("\n");
    terminal.type_keys("Encontro no portao 3");
    terminal.wait_for("Encontro no portao 3");
    terminal.type_keys("\r");
    terminal.wait_for("leaves in 3 s");
    assert_eq!(sent(&provider), []);
    terminal.wait_for("leaves in 1 s");
    assert_eq!(sent(&provider), []);
    terminal.wait_for("✓ accepted");
    let arrived = sent(&provider);
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    assert_eq!(arrived[0].destination, CORRIDA);
    assert_eq!(arrived[0].recipient_type.as_deref(), Some("group"));
    assert_eq!(arrived[0].text, "Bom dia!\nEncontro no portao 3");
    assert_eq!(provider.state().hsm_charged(), 0);
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);

    // The next start shows it and sends nothing.
    let terminal = in_messages(&Setup::account(&home, &provider));
    terminal.wait_for("✓ accepted");
    assert_eq!(sent(&provider).len(), 1);
}

#[test]
fn u_takes_it_back_and_nothing_arrives() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = in_messages(&Setup::account(&home, &provider));
    write(&mut terminal, "Bom dia!");
    terminal.type_keys("\r");
    terminal.wait_for("leaves in 2 s");
    terminal.type_keys("u");
    terminal.wait_for("enter send");
    terminal.type_keys(" Mesmo.");
    terminal.wait_for("Bom dia! Mesmo.");
    terminal.type_keys("\r");
    terminal.wait_for("✓ accepted");
    let arrived = sent(&provider);
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    assert_eq!(arrived[0].text, "Bom dia! Mesmo.");
}

#[test]
fn a_draft_survives_a_kill_and_is_gone_once_its_message_was_sent() {
    let (home, provider) = (Home::new(), Provider::start());
    let setup = Setup::account(&home, &provider);
    let mut terminal = in_messages(&setup);
    write(&mut terminal, "Rascunho de domingo");
    // Nothing is pressed: it is kept by itself, within a second.
    terminal.wait_until("the draft", |_| is_kept(&home, "Rascunho de domingo"));
    terminal.signal(Signal::KILL);
    drop(terminal);

    let mut terminal = in_messages(&setup);
    terminal.wait_for("Rascunho de domingo");
    terminal.wait_for("goes on writing");
    terminal.type_keys("m\r");
    terminal.wait_for("✓ accepted");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(sent(&provider).len(), 1);

    let terminal = in_messages(&setup);
    terminal.wait_for("✓ accepted");
    terminal.wait_for("write a message");
}

#[test]
fn a_kill_before_a_message_leaves_makes_a_draft_of_it_again() {
    let (home, provider) = (Home::new(), Provider::start());
    let setup = Setup::account(&home, &provider);
    let mut terminal = in_messages(&setup);
    write(&mut terminal, "Ainda aqui");
    terminal.type_keys("\r");
    terminal.wait_for("leaves in 2 s");
    terminal.signal(Signal::KILL);
    drop(terminal);

    let terminal = in_messages(&setup);
    terminal.wait_for("Ainda aqui");
    terminal.wait_for("goes on writing");
    assert_eq!(sent(&provider), []);
}

#[test]
fn a_kill_while_a_message_is_on_its_way_leaves_it_in_doubt_and_never_sends_it_twice() {
    let home = Home::new();
    let provider = Provider::slow(Duration::from_millis(600));
    let setup = Setup::account(&home, &provider);
    let mut terminal = in_messages(&setup);
    write(&mut terminal, "Uma vez");
    terminal.type_keys("\r");
    terminal.wait_until("the request", |_| !provider.changes().is_empty());
    terminal.signal(Signal::KILL);
    drop(terminal);

    let mut terminal = in_messages(&setup);
    terminal.wait_for("may have been delivered");
    terminal.wait_for("write a message");
    terminal.type_keys("\x1b\x1b\r");
    terminal.wait_for("I looked: it arrived");
    terminal.type_keys("2");
    terminal.wait_for("it arrived, you said");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(provider.changes().len(), 1, "{:?}", provider.changes());

    // Its text is nobody's draft, however often it is started.
    let terminal = in_messages(&setup);
    terminal.wait_for("it arrived, you said");
    terminal.wait_for("write a message");
}

#[test]
fn a_signal_keeps_what_was_typed_last() {
    let (home, provider) = (Home::new(), Provider::start());
    let setup = Setup::account(&home, &provider);
    let mut terminal = in_messages(&setup);
    write(&mut terminal, "Ultimas palavras");
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.end(), 143);
    terminal.assert_restored();
    let terminal = in_messages(&setup);
    terminal.wait_for("Ultimas palavras");
}
