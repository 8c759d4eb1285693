//! What the desk's pages ask: a chart with its reasons, differences, rows of evidence, the changes of a day, and searching.

use app::{LineOfChartView, Settling, StoryView};

use super::*;

fn story(hospital: &Hospital, name: &str) -> StoryView {
    hospital.app.story(hospital.id(name), DEMO_DATE).unwrap()
}

fn line<'s>(story: &'s StoryView, field: &str) -> &'s LineOfChartView {
    story.lines.iter().find(|line| line.field == field).unwrap_or_else(|| panic!("no {field}"))
}

#[test]
fn a_chart_says_where_every_value_comes_from_and_what_lost() {
    let hospital = Hospital::demo();
    hospital.round();
    let story = story(&hospital, "CT-01");
    let os = line(&story, "os");
    let told = &os.declared[0];
    assert_eq!((told.why.as_str(), told.file.as_str()), ("wins", "ledger.xlsx"));
    assert_eq!(told.shown, "Windows 10 IoT Enterprise LTSC");
    let row =
        hospital.app.row(domain::ImportId(told.import), &told.place.parse().unwrap()).unwrap();
    let it = row.rows.iter().find(|row| row.is_it).unwrap();
    assert!(it.cells.contains(&told.shown), "{it:?}");
    let column = row.columns.iter().position(|column| column.field.as_deref() == Some("os"));
    assert_eq!(it.cells[column.unwrap()], told.shown);
    let (device, _) = row.read[0].device.clone().unwrap();
    assert_eq!(device, story.chart.device.id);
    // The address table says it too, and counts for less than the ledger.
    let names: Vec<&str> =
        line(&story, "hostname").declared.iter().map(|claim| claim.why.as_str()).collect();
    assert_eq!(names, ["wins", "same"]);
    let kinds: BTreeSet<&str> = story.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["finding", "import", "life", "seen"].into());
}

#[test]
fn an_accepted_difference_is_declared_until_the_statement_is_taken_back() {
    let hospital = Hospital::demo();
    let before = story(&hospital, "CORE-SW1");
    let maker = line(&before, "maker");
    assert!(maker.differs && maker.can_be_settled);
    assert_eq!(
        (maker.declared[0].value.as_str(), maker.observed[0].value.as_str()),
        ("C2社", "Cisco")
    );
    let id = hospital.id("CORE-SW1");
    let settled =
        hospital.app.settle_difference(id, "maker", "Cisco", Settling::Accept, &act()).unwrap();
    assert_eq!((settled.devices_new, settled.devices_changed, settled.devices_gone), (0, 1, 0));
    let after = story(&hospital, "CORE-SW1");
    let maker = line(&after, "maker");
    let claims: Vec<(&str, &str, &str)> = maker
        .declared
        .iter()
        .map(|claim| (claim.value.as_str(), claim.kind.as_str(), claim.why.as_str()))
        .collect();
    assert_eq!(claims, [("Cisco", "hand", "wins"), ("C2社", "ledger_row", "weaker")]);
    assert!(!maker.differs && !line(&after, "serial").declared.is_empty());
    assert_eq!(after.chart.device.id, before.chart.device.id);
    let last = hospital.app.imports().unwrap().pop().unwrap();
    assert_eq!((last.kind.as_str(), last.imported_by.as_str()), ("hand", "佐藤"));
    hospital.app.undo_import(domain::ImportId(last.id), &act()).unwrap();
    assert_eq!(line(&story(&hospital, "CORE-SW1"), "maker"), line(&before, "maker"));
}

#[test]
fn a_declaration_that_is_kept_is_not_asked_about_again_until_something_else_is_seen() {
    let hospital = Hospital::demo();
    let id = hospital.id("CORE-SW1");
    hospital.app.settle_difference(id, "maker", "Cisco", Settling::Keep, &act()).unwrap();
    let kept = story(&hospital, "CORE-SW1");
    let maker = line(&kept, "maker");
    assert!(maker.differs);
    assert_eq!(maker.kept.as_ref().map(|(by, _)| by.as_str()), Some("佐藤"));
    assert_eq!(maker.declared[0].value, "C2社");
    assert!(line(&kept, "serial").kept.is_none(), "nobody spoke of that");
}

#[test]
fn only_the_difference_that_was_shown_can_be_settled() {
    let hospital = Hospital::demo();
    let (id, audited) = (hospital.id("CORE-SW1"), hospital.audited());
    for (field, value) in [
        ("maker", "Juniper"),
        ("address", "10.0.0.1"),
        ("asset_number", "1"),
        ("nothing", ""),
        ("location", ""),
    ] {
        let refused = hospital.app.settle_difference(id, field, value, Settling::Accept, &act());
        assert!(matches!(refused, Err(AppError::Decision(_))), "{field}");
    }
    assert_eq!(hospital.audited(), audited);
}

#[test]
fn the_changes_of_a_day_name_what_came_and_who_did_what() {
    let hospital = Hospital::demo();
    let round = hospital.round();
    let board = hospital.app.board(DEMO_DATE).unwrap();
    let changes = hospital.app.changes(DEMO_DATE, &board, DEMO_DATE, app::Reader::Anybody).unwrap();
    assert_eq!((changes.new_count, changes.gone_count), (round.new.len(), 0));
    let done = changes.acts.first().unwrap();
    assert!(done.text.contains(&round.new.len().to_string()), "{}", done.text);
    assert_eq!((done.by.as_str(), done.link.as_str()), ("佐藤", "/findings"));
    let imports = changes.acts.iter().filter(|act| act.link.starts_with("/imports/")).count();
    assert_eq!(imports, DEMO_FILES.len().min(imports.max(1)));
    assert!(changes.acts.iter().all(|act| !act.text.contains(['{', '['])), "{:?}", changes.acts);
    let day_before = DEMO_DATE.yesterday().unwrap();
    let quiet = hospital.app.changes(day_before, &board, DEMO_DATE, app::Reader::Anybody).unwrap();
    assert_eq!((quiet.new_count, quiet.gone_count, quiet.acts.len()), (0, 0, 0));
}

#[test]
fn what_a_person_types_is_found_wherever_it_is() {
    let hospital = Hospital::demo();
    hospital.round();
    let (board, lists) = (hospital.app.board(DEMO_DATE).unwrap(), hospital.app.lists().unwrap());
    let drawing = hospital.app.drawing(&[], 0, DEMO_DATE).unwrap();
    let roll = app::Roll::of(drawing.lines, &board);
    let reader = (app::Reader::Anybody, DEMO_DATE);
    let look = |typed: &str| hospital.app.look_up(typed, &board, &lists, &roll, reader).unwrap();
    let ct = hospital.id("CT-01").to_string();
    for exact in ["CT-01", "0148", "00-22-58-d8-32-a9", "ｃｔ－０１"] {
        assert_eq!(look(exact).exact.is_some(), hospital.app.find_device(exact).is_ok(), "{exact}");
    }
    assert_eq!(look("CT-01").exact.as_ref(), Some(&ct));
    let found = look("NET003");
    assert_eq!(found.rules.len(), 1);
    assert!(
        found.finding_count > 0 && found.findings.iter().all(|finding| finding.rule == "NET003")
    );
    assert!(look("ledger").imports.iter().any(|import| import.file == "ledger.xlsx"));
    assert!(look("CT").device_count >= 3);
    let nothing = look("   ");
    assert_eq!((nothing.exact, nothing.device_count, nothing.finding_count), (None, 0, 0));
    assert!(nothing.rules.is_empty() && nothing.imports.is_empty());
    assert_eq!(look("%_\\' OR 1=1").device_count, 0);
}

#[test]
fn all_lists_at_once_are_the_lists_one_by_one() {
    let hospital = Hospital::demo();
    let (app, lists) = (&hospital.app, hospital.app.lists().unwrap());
    assert_eq!(lists.systems, app.systems().unwrap());
    assert_eq!(lists.departments, app.departments().unwrap());
    assert_eq!(lists.ports, app.ports().unwrap());
    assert_eq!(lists.lines, app.lines().unwrap());
    assert_eq!(lists.jobs, app.jobs().unwrap());
    assert_eq!(lists.scans, app.scans().unwrap());
    assert_eq!(lists.zones, app.zones().unwrap());
}
