//! Cases of what a notice may mean: by numbers, names, models and makers in its text.

use domain::{MakerRow, MakerTable};
use engine::notices::{Machines, Proposal, propose};
use engine::products::Namer;
use testkit::Hospital;

use super::feeds::{Hand, REMOTE};
use super::{TODAY, look_with, values_of};

const HOSPITAL: &str = r#"ledger 台帳 2026-11-01
   0001 host=PC-01 maker=デル株式会社 model="OptiPlex 7090" software=Viewer software_version=1.5
   0002 host=PC-02 maker=デル株式会社 model="OptiPlex 7090" software=Viewer software_version=1.6
   0003 host=CT-01 kind=medical maker=東機メディカル(株) model="Aqua CT-9" software=CT制御
   0004 host=OLD-01 maker=デル株式会社 model=Latitude status=retired"#;

fn makers() -> MakerTable {
    let (name, writings) = ("デル・テクノロジーズ".into(), vec!["デル".into(), "Dell".into()]);
    MakerTable::new(vec![MakerRow { name, writings, former: Vec::new() }])
}

fn proposals(text: &str) -> Vec<String> {
    let feeds = format!("nvd CVE-2026-10001 a:maker:viewer <1.6 {REMOTE}");
    let hand = Hand::read(&feeds);
    let makers = makers();
    let mut said = Vec::new();
    hand.lend(|advisories| {
        look_with(&Hospital::read(HOSPITAL), &hand, TODAY, |known, _| {
            let weaknesses = known.weaknesses().unwrap();
            let found = propose(
                text,
                weaknesses,
                advisories.namer,
                &makers,
                &Machines::of(known, weaknesses),
            );
            said = found.iter().map(line).collect();
        });
    });
    said
}

fn line(proposal: &Proposal) -> String {
    let reasons: Vec<String> = proposal
        .reasons
        .iter()
        .map(|reason| {
            let key = reason.key.strip_prefix("notice.reason.").unwrap();
            format!("{key}({})", values_of(&reason.args))
        })
        .collect();
    let devices: Vec<&str> =
        proposal.devices.iter().filter_map(|one| one.label.split(' ').next()).collect();
    let sure = proposal.confidence.key();
    format!("{} {sure} {} [{}]", proposal.what, reasons.join(" "), devices.join(" "))
}

#[test]
fn each_proposal_says_why_and_how_sure_it_is() {
    for (text, expected) in [
        (
            "CVE-2026-10001 にご注意ください",
            &["product:viewer 1.5 exact number(id=CVE-2026-10001; how=[confidence.exact]) [PC-01]"]
                [..],
        ),
        (
            "ビューア 1.6 以前をお使いの施設",
            &[
                "product:viewer 1.6 likely version(name=ビューア; version=1.6) [PC-02]",
                "product:viewer 1.5 candidate name(name=ビューア) [PC-01]",
            ],
        ),
        (
            "東機メディカル社の AQUA CT-9",
            &[
                "model:東機メディカル(株)aquact-9 likely model(model=Aqua CT-9; maker=東機メディカル(株)) [CT-01]",
            ],
        ),
        (
            "Aqua CT-9",
            &["model:東機メディカル(株)aquact-9 candidate model_alone(model=Aqua CT-9) [CT-01]"],
        ),
        ("デルの製品", &["maker:デル株式会社 candidate maker(maker=デル株式会社) [PC-01 PC-02]"]),
        (
            "A product of Dell Inc.",
            &["maker:デル株式会社 candidate maker(maker=Dell) [PC-01 PC-02]"],
        ),
        ("Dellinger 社の製品", &[]),
        (
            "デルの OptiPlex 7090",
            &[
                "model:デル株式会社optiplex7090 likely model(model=OptiPlex 7090; maker=デル株式会社) [PC-01 PC-02]",
            ],
        ),
        ("CVE-2099-99999 と Latitude", &[]),
        ("", &[]),
    ] {
        assert_eq!(proposals(text), expected, "{text}");
    }
}

#[test]
fn what_a_text_says_in_two_ways_is_one_proposal_and_the_surer_way_counts() {
    let said = proposals("Viewer の脆弱性 CVE-2026-10001");
    assert_eq!(
        said,
        [
            "product:viewer 1.5 exact number(id=CVE-2026-10001; how=[confidence.exact]) name(name=Viewer) [PC-01]",
            "product:viewer 1.6 candidate name(name=Viewer) [PC-02]",
        ]
    );
}

#[test]
fn any_text_is_read_without_harm() {
    let makers = MakerTable::default();
    let table = domain::ProductTable::default();
    let namer = Namer::new(&table);
    let weaknesses = engine::weaknesses::Weaknesses::nothing();
    for text in ["CVE-", "CVE-2026-\u{ff11}", "ー", ".", "\0\u{202e}CVE-2026-1234", "９.９.９."]
    {
        for cut in text.char_indices().map(|(at, _)| at) {
            propose(&text[..cut], &weaknesses, &namer, &makers, &Machines::default());
        }
        propose(&text.repeat(5000), &weaknesses, &namer, &makers, &Machines::default());
    }
}
