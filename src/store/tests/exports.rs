//! Exports: every cell arrives whole, and nothing that must stay hidden does.

use super::*;
use crate::domain::Masking;
use crate::domain::Role;
use crate::domain::journal::{End, ExportFormat, PersonEnd};

on_both_databases!(
    a_spreadsheet_reads_every_cell_and_runs_none,
    json_says_the_same_in_the_same_words,
    no_number_and_no_link_is_in_a_masked_export,
);

async fn exported(site: &Site, format: ExportFormat, masking: Masking) -> String {
    let site = site.another();
    let (store, _) = site.open().await;
    store.sign("=ana@laptop", NOW).await.unwrap();
    let nasty = "=cmd|' /C calc'!A0, \"quoted\"\nsecond line\u{1b}[2J";
    store.begin(&rename(nasty, "+1"), NOW).await.unwrap();
    let (a, b) = (wa("5511987654321"), wa("5511912345678"));
    let remove = Intent {
        kind: ChangeKind::Remove,
        people: vec![a.clone(), b.clone()],
        before: Before::Roles(vec![(a.clone(), Some(Role::Admin)), (b.clone(), None)]),
        ..rename("Corrida", "ligue 11 98765-4321")
    };
    let id = store.begin(&remove, NOW).await.unwrap();
    let end = End::Mixed(vec![
        (a, PersonEnd::Done),
        (b, PersonEnd::Refused("400: 5511912345678 not found".into())),
    ]);
    store.settle(id, &end, NOW).await.unwrap();
    let reset = Intent {
        kind: ChangeKind::ResetInvite,
        before: Before::Invite("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv".into()),
        ..rename("Corrida", "veja chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv")
    };
    store.begin(&reset, NOW).await.unwrap();
    store.export(format, masking).await.unwrap()
}

async fn a_spreadsheet_reads_every_cell_and_runs_none(site: Site) {
    let text = exported(&site, ExportFormat::Csv, Masking::Shown).await;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(heads.len(), 13);
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), 3);
    let cell = |row: usize, head: &str| {
        let column = heads.iter().position(|other| other == head).unwrap();
        rows[row][column].to_owned()
    };
    assert_eq!(
        cell(2, "group_name"),
        "'=cmd|' /C calc'!A0, \"quoted\"\nsecond line\u{fffd}[2J"
    );
    assert_eq!(cell(2, "after"), "'+1");
    assert_eq!(cell(2, "person"), "'=ana@laptop");
    assert_eq!(cell(2, "begun"), "2025-06-15T15:06:40.000Z");
    assert_eq!(cell(1, "people"), "5511987654321 5511912345678");
    assert_eq!(
        cell(1, "why"),
        "5511987654321 done, 5511912345678 refused (400: 5511912345678 not found)"
    );
    for row in &rows {
        for cell in row {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
}

async fn json_says_the_same_in_the_same_words(site: Site) {
    let text = exported(&site, ExportFormat::Json, Masking::Shown).await;
    let lines: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[2]["after"], "+1");
    assert_eq!(lines[2]["state"], "in flight");
    assert_eq!(lines[1]["change"], "remove");
    assert_eq!(
        lines[1]["before"],
        "5511987654321 admin, 5511912345678 absent"
    );
    let head = text.lines().skip(2).map(|line| {
        let name = line.trim().split('"').nth(1).unwrap_or_default();
        name.to_owned()
    });
    let heads: Vec<String> = head.take(13).collect();
    let csv = exported(&site, ExportFormat::Csv, Masking::Shown).await;
    assert_eq!(csv.lines().next().unwrap(), heads.join(","));
}

async fn no_number_and_no_link_is_in_a_masked_export(site: Site) {
    for format in [ExportFormat::Csv, ExportFormat::Json] {
        let text = exported(&site, format, Masking::Masked).await;
        for secret in [
            "5511987654321",
            "98765-4321",
            "5511912345678",
            "12345678",
            "5519900000000",
            "AbCdEfGh",
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(text.contains("…-4321") && text.contains("…StUv"));
        let shown = exported(&site, format, Masking::Shown).await;
        assert!(shown.contains("5511912345678") && !shown.contains("AbCdEfGh"));
    }
}
