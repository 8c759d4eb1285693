//! What any database must do with what came in, what was decided, and the record of it.

use domain::{
    AuditLink, Completeness, Control, Coverage, DeviceId, Digest, FindingState, IdentityDecision,
    ImportId, ImportState, MatterKind, ObservationRef, Probe, Sign, SignKey, Source, SourceId,
    Verdict, VexDecision, VexStatus, VexTakenBack, Zone, ZoneKind,
};
use store::{
    ChainBreak, ChainState, Change, MappingRow, MatterStep, Settlement, Store, StoreError, View,
};

use crate::backend::Backend;
use crate::builders::*;

pub(crate) fn a_reopened_store_holds_what_was_written(backend: &impl Backend) {
    let id = import_names(&backend.open(), &["CT-01", "CT-02"]);
    let store = backend.open();
    let kept = main(&store).read(|view| view.import(id)).unwrap();
    assert_eq!(kept, domain::Import { id: ImportId(1), ..import() });
    assert_eq!(names(&store), ["1/0 CT-01", "1/1 CT-02"]);
    assert_eq!(acts(&store), ["import"]);
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}

pub(crate) fn an_observation_reads_back_as_it_was_read(backend: &impl Backend) {
    let store = backend.open();
    let import = import_names(&store, &["CT-01", "CT-02"]);
    let read = |seq| main(&store).read(|view| view.observation(ObservationRef { import, seq }));
    assert_eq!(read(1).unwrap(), Some(observation(2, "CT-02")));
    assert_eq!(read(2).unwrap(), None);
}

pub(crate) fn any_of_many_observations_is_found_by_its_number(backend: &impl Backend) {
    let store = backend.open();
    let long: Vec<String> = (0..1300).map(|n| format!("CT-{n}")).collect();
    let import = import_names(&store, &long.iter().map(String::as_str).collect::<Vec<_>>());
    let read = |seq| main(&store).read(|view| view.observation(ObservationRef { import, seq }));
    for seq in [0, 1, 511, 512, 513, 1023, 1024, 1299] {
        let expected = observation(seq + 1, &format!("CT-{seq}"));
        assert_eq!(read(seq).unwrap(), Some(expected), "{seq}");
    }
    assert_eq!((read(1300).unwrap(), names(&store).len()), (None, 1300));
    assert_eq!(names(&store)[1299], "1/1299 CT-1299");
}

pub(crate) fn matters_are_kept_step_by_step_each_kind_by_itself(backend: &impl Backend) {
    let store = backend.open();
    let kind = MatterKind::Inquiry;
    let step = |number, step, body: &str| MatterStep {
        number,
        step,
        at: moment(),
        by: "user:sato".into(),
        body: body.into(),
    };
    let begun = main(&store)
        .change(entry("inquiry.draft"), |change| {
            let first = change.begin_matter(kind, &step(9, 9, "a"))?;
            change.add_matter_step(kind, &step(first, 2, "b"))?;
            Ok::<_, StoreError>((first, change.begin_matter(kind, &step(0, 0, "c"))?))
        })
        .unwrap();
    assert_eq!(begun, (1, 2), "numbers are the store's");
    let other = main(&store).change(entry("change.plan"), |change| {
        change.begin_matter(MatterKind::Change, &step(0, 0, "d"))
    });
    assert_eq!(other.unwrap(), 1, "each kind counts by itself");
    let store = backend.open();
    let main = main(&store);
    let all = main.read(|view| view.matters(kind)).unwrap();
    assert_eq!(all, [step(1, 1, "a"), step(1, 2, "b"), step(2, 1, "c")]);
    assert_eq!(main.read(|view| view.matter(kind, 2)).unwrap(), [step(2, 1, "c")]);
    assert_eq!(main.read(|view| view.matter(kind, 3)).unwrap(), []);
    let again = main.change(entry("inquiry.sent"), |change| {
        change.add_matter_step(kind, &step(1, 2, "another second step"))
    });
    assert!(again.is_err());
    assert_eq!(main.read(|view| view.matters(kind)).unwrap(), all);
    assert_eq!(acts(&store), ["inquiry.draft", "change.plan"]);
}

pub(crate) fn a_failed_change_leaves_nothing_not_even_an_entry(backend: &impl Backend) {
    let store = backend.open();
    let failed: Result<(), StoreError> = main(&store).change(entry("import"), |change| {
        let id = change.add_import(&import())?;
        change.add_observations(id, &[observation(1, "CT-01")])?;
        change.keep_evidence(b"ledger")?;
        Err(StoreError::NoImport { import: id })
    });
    assert!(matches!(failed, Err(StoreError::NoImport { .. })));
    let evidence = main(&store).read(|view| view.evidence(Digest::of(b"ledger")));
    assert_eq!(evidence.unwrap(), None);
    assert!(names(&store).is_empty() && acts(&store).is_empty());
    assert_eq!(import_names(&store, &["MR-01"]), ImportId(1));
}

pub(crate) fn a_change_that_panics_leaves_nothing_and_the_next_one_works(backend: &impl Backend) {
    let store = backend.open();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        change(&store, "import", |change| -> Result<(), StoreError> {
            change.add_import(&import())?;
            panic!("on purpose")
        });
    }));
    assert!(panicked.is_err());
    assert_eq!(import_names(&store, &["MR-01"]), ImportId(1));
    assert_eq!(acts(&store), ["import"]);
}

pub(crate) fn the_entry_can_be_completed_inside_the_change(backend: &impl Backend) {
    let store = backend.open();
    change(&store, "import", |change| {
        let id = change.add_import(&import())?;
        change.entry().subject = format!("import:{id}");
        change.detail(r#"{"rows":2}"#);
        Ok(())
    });
    let links = main(&store).read(|view| view.audit_entries(1..=1)).unwrap();
    assert_eq!(links[0].entry.detail, r#"{"rows":2}"#);
    assert_eq!(links[0].entry.subject, "import:1");
}

pub(crate) fn a_refusal_is_recorded_by_itself(backend: &impl Backend) {
    let store = backend.open();
    main(&store).record(entry("import.refused")).unwrap();
    assert_eq!(acts(&store), ["import.refused"]);
}

pub(crate) fn an_undone_import_does_not_count_until_it_is_redone(backend: &impl Backend) {
    let store = backend.open();
    let first = import_names(&store, &["CT-01"]);
    import_names(&store, &["MR-01"]);
    let set =
        |state| change(&store, "import.state", |change| change.set_import_state(first, state));
    set(ImportState::Undone);
    assert_eq!(names(&store), ["2/0 MR-01"]);
    let imports = main(&store).read(View::imports).unwrap();
    assert_eq!(imports[0].state, ImportState::Undone);
    set(ImportState::Active);
    assert_eq!(names(&store), ["1/0 CT-01", "2/0 MR-01"]);
}

pub(crate) fn an_import_that_is_not_there_is_said_by_its_number(backend: &impl Backend) {
    let store = backend.open();
    let undone: Result<(), StoreError> = main(&store).change(entry("import.undo"), |change| {
        change.set_import_state(ImportId(7), ImportState::Undone)
    });
    assert!(matches!(undone, Err(StoreError::NoImport { import: ImportId(7) })));
    let read = main(&store).read(|view| view.import(ImportId(7)));
    assert!(matches!(read, Err(StoreError::NoImport { import: ImportId(7) })));
    assert!(acts(&store).is_empty());
}

pub(crate) fn reports_and_imports_are_found_by_number_and_bytes(backend: &impl Backend) {
    let store = backend.open();
    let id = import_names(&store, &["CT-01"]);
    change(&store, "import", |change| {
        change.set_import_report(id, "{}")?;
        change.set_import_report(id, r#"{"warnings":[]}"#)
    });
    let view = |evidence| main(&store).read(|view| view.imports_of(evidence)).unwrap().len();
    assert_eq!((view(Digest::of(b"ledger")), view(Digest::of(b"other"))), (1, 0));
    let report = |id| main(&store).read(|view| view.import_report(id)).unwrap();
    assert_eq!(report(id).as_deref(), Some(r#"{"warnings":[]}"#));
    assert_eq!(report(ImportId(2)), None);
}

pub(crate) fn evidence_comes_back_byte_for_byte(backend: &impl Backend) {
    let store = backend.open();
    let text = "10.102.41.1 00-1b-21-aa-00-01\r\n".repeat(100_000).into_bytes();
    for document in [Vec::new(), b"arp".to_vec(), text, noise((2 << 20) + 17)] {
        let digest = change(&store, "import", |change| change.keep_evidence(&document));
        assert_eq!(digest, Digest::of(&document));
        let kept = main(&backend.open()).read(|view| view.evidence(digest)).unwrap();
        assert!(kept == Some(document));
    }
    let missing = main(&store).read(|view| view.evidence(Digest::of(b"never")));
    assert_eq!(missing.unwrap(), None);
}

pub(crate) fn the_same_evidence_is_kept_once(backend: &impl Backend) {
    let store = backend.open();
    for _ in 0..2 {
        change(&store, "import", |change| change.keep_evidence(b"ledger"));
    }
    // A second copy would stand beside the first and change what is read.
    let kept = main(&store).read(|view| view.evidence(Digest::of(b"ledger"))).unwrap();
    assert_eq!(kept.as_deref(), Some(b"ledger".as_slice()));
}

pub(crate) fn a_masked_copy_stands_under_the_digest_of_the_original(backend: &impl Backend) {
    let store = backend.open();
    let original = Digest::of(b"password geheim");
    change(&store, "import", |change| change.keep_masked(original, b"password ****"));
    let kept = main(&store).read(|view| view.evidence(original)).unwrap();
    assert_eq!(kept.as_deref(), Some(b"password ****".as_slice()));
}

pub(crate) fn damaged_evidence_is_noticed(backend: &impl Backend) {
    let store = backend.open();
    let text = "ledger ".repeat(1000).into_bytes();
    for (document, harm) in [
        (b"short".to_vec(), "UPDATE evidence_chunk SET bytes = X'00'"),
        (text.clone(), "UPDATE evidence_chunk SET packed = 0"),
        (text, "UPDATE evidence_chunk SET bytes = X'ffffff', packed = 1"),
        (noise(3 << 20), "DELETE FROM evidence_chunk WHERE seq = 1"),
    ] {
        let digest = change(&store, "import", |change| change.keep_evidence(&document));
        backend.tamper(harm);
        let read = main(&store).read(|view| view.evidence(digest));
        assert!(matches!(read, Err(StoreError::EvidenceDamaged { .. })), "{harm}");
    }
}

pub(crate) fn damaged_evidence_is_mended_by_importing_the_file_again(backend: &impl Backend) {
    let store = backend.open();
    let document = noise(3 << 20);
    let keep = || change(&store, "import", |change| change.keep_evidence(&document));
    let digest = keep();
    backend.tamper("DELETE FROM evidence_chunk WHERE seq = 1");
    keep();
    let kept = main(&store).read(|view| view.evidence(digest)).unwrap();
    assert!(kept.as_ref() == Some(&document));
}

pub(crate) fn a_damaged_observation_is_an_error_and_no_guess(backend: &impl Backend) {
    let store = backend.open();
    import_names(&store, &["CT-01"]);
    backend.tamper("CREATE TABLE sound AS SELECT size, bytes FROM observation_block");
    for harm in ["size = size + 1", "size = 1 << 60", "bytes = X'00'", "count = 2", "count = 0"] {
        backend.tamper(
            "UPDATE observation_block SET count = 1, size = sound.size, bytes = sound.bytes FROM sound",
        );
        assert_eq!(names(&store), ["1/0 CT-01"]);
        backend.tamper(&format!("UPDATE observation_block SET {harm}"));
        let read = main(&store).read(|view| view.each_observation(|_, _| Ok::<_, StoreError>(())));
        assert!(matches!(read, Err(StoreError::Damaged { .. })), "{harm}");
    }
    backend.tamper("DROP TABLE sound");
}

pub(crate) fn coverage_counts_while_its_import_does(backend: &impl Backend) {
    let store = backend.open();
    let import = import_names(&store, &["CT-01"]);
    let look = Coverage {
        import,
        network: "10.102.41.0/24".parse().unwrap(),
        vantage: "10.102.41.9".parse().ok(),
        at: moment(),
        completeness: Completeness::Neighbours,
    };
    let looks = vec![look.clone(), Coverage { vantage: None, ..look }];
    change(&store, "import", |change| change.add_coverage(&looks));
    let coverage = || main(&store).read(View::coverage).unwrap();
    assert_eq!(coverage(), looks);
    change(&store, "undo", |change| change.set_import_state(import, ImportState::Undone));
    assert!(coverage().is_empty());
}

pub(crate) fn identity_decisions_are_counted_and_the_last_can_be_taken_back(
    backend: &impl Backend,
) {
    let store = backend.open();
    let decision = |name: &str| IdentityDecision {
        id: 0,
        one: Sign::HostName(name.into()),
        other: Sign::AssetNumber { source: SourceId::new("ledger/台帳"), number: "0104".into() },
        verdict: Verdict::NotSame,
        by: "sato".into(),
        at: moment(),
    };
    for (name, number) in [("ct-01", 1), ("ct-02", 2)] {
        let id = change(&store, "split", |change| change.add_identity_decision(&decision(name)));
        assert_eq!(id, number);
    }
    let last = || change(&store, "undo", Change::remove_last_identity_decision);
    assert_eq!(last(), Some(IdentityDecision { id: 2, ..decision("ct-02") }));
    let standing = main(&store).read(View::identity_decisions).unwrap();
    assert_eq!(standing, [IdentityDecision { id: 1, ..decision("ct-01") }]);
    assert_eq!((last().map(|decision| decision.id), last()), (Some(1), None));
}

pub(crate) fn a_new_decision_on_a_finding_replaces_the_old_one_and_keeps_it(
    backend: &impl Backend,
) {
    let store = backend.open();
    let first = decision("NET003/address:10.102.41.1", FindingState::InHand);
    let second = decision("NET003/address:10.102.41.1", FindingState::Accepted);
    let other = decision("LED001/source:ledger/台帳", FindingState::NotAffected);
    for decision in [&first, &second, &other] {
        change(&store, "decide", |change| change.decide_finding(decision));
    }
    let current = main(&store).read(View::finding_decisions).unwrap();
    assert_eq!(current, [other, second.clone()]);
    let history = main(&store).read(|view| view.finding_history(&first.key)).unwrap();
    assert_eq!(history, [first, second]);
}

pub(crate) fn decisions_about_vulnerabilities_are_only_added(backend: &impl Backend) {
    let store = backend.open();
    let first = vex_decision("CVE-2026-1");
    let second = VexDecision {
        devices: [DeviceId::of(SignKey::of("host:ct-01"))].into(),
        justification: None,
        status: VexStatus::Affected,
        controls: [Control::Vpn, Control::FirewallInFront].into(),
        review: Some(day(30)),
        basis: [Digest::of(b"a"), Digest::of(b"b")].into(),
        ..vex_decision("CVE-2026-2")
    };
    let add = |decision| change(&store, "vex.decide", |change| change.add_vex_decision(decision));
    assert_eq!((add(&first), add(&second)), (1, 2));
    let (first, second) = (VexDecision { number: 1, ..first }, VexDecision { number: 2, ..second });
    let all = || main(&store).read(View::vex_decisions).unwrap();
    let mark = || main(&store).read(View::vex_mark).unwrap();
    assert_eq!((all(), mark()), (vec![first.clone(), second.clone()], (2, 0)));
    let back = VexTakenBack { by: "user:sato".into(), at: moment(), reason: "まちがい".into() };
    change(&store, "vex.take_back", |change| change.take_back_vex_decision(1, &back));
    let first = VexDecision { taken_back: Some(back), ..first };
    assert_eq!((all(), mark()), (vec![first, second], (2, 1)));
}

pub(crate) fn mappings_sources_zones_and_settings_are_kept_in_place_of_the_old(
    backend: &impl Backend,
) {
    let store = backend.open();
    let source = SourceId::new("ledger/台帳");
    let fingerprint = Digest::of(b"header");
    let zone = |networks: &[&str]| Zone {
        name: "画像診断".into(),
        networks: networks.iter().map(|network| network.parse().unwrap()).collect(),
        kind: ZoneKind::Imaging,
        probe: Probe::Passive,
    };
    let kept = |kind: &str, newest| Source {
        id: source.clone(),
        kind: kind.into(),
        newest,
        freshness_days: None,
    };
    change(&store, "settings", |change| {
        for mapping in ["{}", r#"{"header_row":3}"#] {
            let mapping = mapping.into();
            change.set_mapping(&MappingRow { source: source.clone(), fingerprint, mapping })?;
        }
        change.set_source(&kept("ledger-csv", Some(day(1))))?;
        change.set_source(&kept("ledger-xlsx", Some(day(2))))?;
        change.set_zone(&zone(&["10.102.41.0/24"]))?;
        change.set_zone(&zone(&["10.102.41.0/24", "10.102.42.0/24"]))?;
        change.set_setting("derived_by", "1")?;
        change.set_setting("derived_by", "2")
    });
    let read = main(&store).read(|view| {
        assert_eq!(view.mapping(&source, fingerprint)?.as_deref(), Some(r#"{"header_row":3}"#));
        assert_eq!(view.mapping(&source, Digest::of(b"other"))?, None);
        assert_eq!(view.mappings()?.len(), 1);
        assert_eq!(view.sources()?, [kept("ledger-xlsx", Some(day(2)))]);
        assert_eq!(view.zones()?, [zone(&["10.102.41.0/24", "10.102.42.0/24"])]);
        assert_eq!(view.setting("derived_by")?.as_deref(), Some("2"));
        view.setting("unheard_of")
    });
    assert_eq!(read.unwrap(), None);
    let remove = || change(&store, "zone.remove", |change| change.remove_zone("画像診断"));
    assert!(remove() && !remove());
}

pub(crate) fn the_chain_holds_and_is_told_by_its_head(backend: &impl Backend) {
    let store = backend.open();
    let verify = |heads: &[Digest]| main(&store).read(|view| view.verify_audit(heads)).unwrap();
    assert_eq!(verify(&[]), ChainState::Whole { entries: 0, head: AuditLink::START });
    for act in ["import", "import.undo", "import.redo"] {
        main(&store).record(entry(act)).unwrap();
    }
    let (seq, head) = main(&store).read(View::audit_head).unwrap();
    assert_eq!((seq, verify(&[head])), (3, ChainState::Whole { entries: 3, head }));
}

pub(crate) fn a_changed_byte_in_any_column_of_the_record_is_found(backend: &impl Backend) {
    let store = backend.open();
    for act in ["import", "import.undo", "import.redo"] {
        main(&store).record(entry(act)).unwrap();
    }
    for (harm, why) in [
        ("at = at + 1", ChainBreak::Changed),
        ("actor = 'suzuki'", ChainBreak::Changed),
        ("act = 'import.undO'", ChainBreak::Changed),
        ("subject = 'import:2'", ChainBreak::Changed),
        ("detail = '{ }'", ChainBreak::Changed),
        ("previous = zeroblob(32)", ChainBreak::Unchained),
        ("hash = zeroblob(32)", ChainBreak::Changed),
        ("hash = X'00'", ChainBreak::Unreadable),
    ] {
        backend.tamper("CREATE TABLE before AS SELECT * FROM audit");
        backend.tamper(&format!("UPDATE audit SET {harm} WHERE seq = 2"));
        let state = main(&store).read(|view| view.verify_audit(&[])).unwrap();
        assert_eq!(state, ChainState::Broken { seq: 2, why }, "{harm}");
        backend
            .tamper("DELETE FROM audit; INSERT INTO audit SELECT * FROM before; DROP TABLE before");
    }
}

pub(crate) fn entries_taken_out_of_the_record_are_missed(backend: &impl Backend) {
    let store = backend.open();
    for act in ["import", "import.undo", "import.redo"] {
        main(&store).record(entry(act)).unwrap();
    }
    let (_, head) = main(&store).read(View::audit_head).unwrap();
    let verify = |heads: &[Digest]| main(&store).read(|view| view.verify_audit(heads)).unwrap();
    backend.tamper("DELETE FROM audit WHERE seq = 3");
    assert!(matches!(verify(&[]), ChainState::Whole { entries: 2, .. }));
    assert_eq!(verify(&[head]), ChainState::Broken { seq: 3, why: ChainBreak::HeadMissing });
    backend.tamper("DELETE FROM audit WHERE seq = 1");
    assert_eq!(verify(&[]), ChainState::Broken { seq: 1, why: ChainBreak::Missing });
}

pub(crate) fn a_round_remembers_the_head_of_the_record(backend: &impl Backend) {
    let store = backend.open();
    main(&store).record(entry("import")).unwrap();
    let (_, head) = main(&store).read(View::audit_head).unwrap();
    let settlement = Settlement {
        new: vec!["NET003/address:10.0.0.1".parse().unwrap()],
        ..Settlement::default()
    };
    let round = change(&store, "round", |change| change.add_round(day(20), moment(), &settlement));
    assert_eq!((round.number, round.new, round.audit_head), (1, 1, head));
    let again = change(&store, "round", |change| {
        change.add_round(day(21), moment(), &Settlement::default())
    });
    let rounds = main(&store).read(View::rounds).unwrap();
    assert_eq!(rounds, [round, again.clone()]);
    assert_eq!(main(&store).read(View::last_round).unwrap(), Some(again));
    // The end of the record cut off, with the round left standing: the round tells.
    backend.tamper("DELETE FROM audit");
    let state = main(&store).read(|view| view.verify_audit(&[])).unwrap();
    assert_eq!(state, ChainState::Broken { seq: 1, why: ChainBreak::HeadMissing });
}

pub(crate) fn a_signature_is_kept_and_its_head_is_looked_for(backend: &impl Backend) {
    let store = backend.open();
    main(&store).record(entry("round")).unwrap();
    let (_, head) = main(&store).read(View::audit_head).unwrap();
    let first = change(&store, "round.sign", |change| change.add_check(check(day(20))));
    assert_eq!((first.number, first.audit_head), (1, head));
    let second = change(&store, "round.sign", |change| change.add_check(check(day(20))));
    let other = change(&store, "round.sign", |change| change.add_check(check(day(19))));
    assert_eq!((second.number, other.number), (2, 1));
    let of = |day| main(&store).read(|view| view.checks_of(day)).unwrap();
    assert_eq!(of(day(20)), [first.clone(), second.clone()]);
    assert_eq!(of(day(18)), []);
    assert_eq!(main(&store).read(View::checks).unwrap(), [other, first, second]);
    // The end of the record cut off, with the signatures left standing: they tell.
    backend.tamper("DELETE FROM audit WHERE seq > 1");
    let state = main(&store).read(|view| view.verify_audit(&[])).unwrap();
    assert_eq!(state, ChainState::Broken { seq: 2, why: ChainBreak::HeadMissing });
}

pub(crate) fn one_change_can_leave_several_entries(backend: &impl Backend) {
    let store = backend.open();
    change(&store, "decide.last", |change| {
        change.record_too(entry("decide.one"))?;
        change.record_too(entry("decide.two"))
    });
    assert_eq!(acts(&store), ["decide.one", "decide.two", "decide.last"]);
    let refused = main(&store).change(entry("decide.last"), |change| {
        change.record_too(entry("decide.one"))?;
        Err::<(), StoreError>(StoreError::NoImport { import: ImportId(9) })
    });
    assert!(refused.is_err());
    assert_eq!(acts(&store).len(), 3, "nothing of a change that failed");
    let chain = main(&store).read(|view| view.verify_audit(&[])).unwrap();
    assert!(matches!(chain, ChainState::Whole { entries: 3, .. }));
}

pub(crate) fn facilities_do_not_see_each_other(backend: &impl Backend) {
    let store = backend.open();
    import_names(&store, &["CT-01"]);
    let branch = store.add_facility("branch", "分院", entry("facility.add")).unwrap();
    assert!(branch.read(View::imports).unwrap().is_empty());
    let id = branch.change(entry("import"), |change| change.add_import(&import())).unwrap();
    assert_eq!(id, ImportId(1));
    let chain = branch.read(|view| view.verify_audit(&[])).unwrap();
    assert!(matches!(chain, ChainState::Whole { entries: 2, .. }));
    assert_eq!(store.facilities().unwrap()[1], ("branch".into(), "分院".into()));
    let again = store.add_facility("branch", "分院", entry("facility.add"));
    assert!(matches!(again, Err(StoreError::FacilityExists { .. })));
    assert!(matches!(store.facility("clinic"), Err(StoreError::NoFacility { .. })));
}

pub(crate) fn a_view_belongs_to_one_moment_while_others_write(backend: &impl Backend) {
    let (reader, writer) = (backend.open(), backend.open());
    let count = main(&reader).read(|view| {
        let before = view.imports()?.len();
        import_names(&writer, &["CT-01"]);
        assert_eq!(view.imports()?.len(), before);
        Ok::<_, StoreError>(before)
    });
    assert_eq!(count.unwrap(), 0);
    assert_eq!(names(&reader), ["1/0 CT-01"]);
}

pub(crate) fn a_store_opens_and_reads_while_another_writes(backend: &impl Backend) {
    let writer = backend.open();
    change(&writer, "import", |change| {
        change.add_import(&import())?;
        assert!(main(&backend.open()).read(View::imports)?.is_empty());
        assert_eq!(change.view().imports()?.len(), 1);
        Ok(())
    });
}

pub(crate) fn changes_of_several_threads_and_stores_wait_for_their_turn(backend: &impl Backend) {
    let stores = [backend.open(), backend.open()];
    std::thread::scope(|scope| {
        for number in 0..4usize {
            let store: &Store = &stores[number % 2];
            scope.spawn(move || {
                (0..5).for_each(|_| {
                    import_names(store, &["CT-01"]);
                });
            });
        }
    });
    assert_eq!(names(&stores[0]).len(), 20);
    let chain = main(&stores[1]).read(|view| view.verify_audit(&[])).unwrap();
    assert!(matches!(chain, ChainState::Whole { entries: 20, .. }));
}

/// Bytes that no packer makes smaller, the same on every run.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let blocks = (0u32..).flat_map(|number| Digest::of(&number.to_be_bytes()).0);
    blocks.take(length).collect()
}
