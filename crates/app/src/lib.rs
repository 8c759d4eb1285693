//! What a user can do.
//!
//! Every change of what is stored goes through here, and writes its audit entry in the same transaction. Commands and pages call the
//! same functions and get the same views: plain values with their sentences already in the reader's language.
//!
//! The clock stays outside: whoever calls says who acts and what time it is ([`Act`]).

mod accounts;
mod act;
mod arrival;
mod as_text;
mod audit;
mod backup;
mod board;
mod books;
mod changes;
mod chart;
mod check;
mod collector;
mod demo;
mod devices;
mod disk;
mod doubts;
mod drawing;
mod drift;
mod drop_folder;
mod error;
mod export;
mod feed_bundle;
mod feeds;
mod figures;
mod findings;
mod ground;
mod hand;
mod heard;
mod identity;
mod import;
mod inbox;
mod inquiry;
mod kept;
mod kept_backups;
mod lists;
mod lookup;
mod many;
mod matching;
mod matter;
mod moment;
mod notice;
mod paging;
mod parts_lists;
mod past_imports;
mod planned_change;
mod preview;
mod record;
mod rehearsal;
mod retention;
mod roll;
mod row;
mod rules;
mod settings;
mod source_name;
mod sources;
mod story;
mod support;
mod unpack;
mod vex;
mod views;
mod vitals;
mod weak;
mod words;
mod writings;
mod zones;

pub use accounts::{AccountView, Enrolment, LEAST_PASSWORD, NewAccount, SignIn, TokenView};
pub use act::Act;
pub use backup::{BackupOrder, RestoreOrder, restore_backup, verify_backup};
pub use board::{
    Board, BoardRow, RoundRowView, clock_of, day_of, hour_of, moment_of_clock, stamp_of,
};
pub use changes::{ActView, ChangesView};
pub use check::{CheckView, RoundDayView, RoundPageView};
pub use collector::{MANIFEST, order as folder_order};
pub use demo::{DEMO_DATE, DEMO_FILES, DemoFile};
pub use devices::DeviceSummary;
pub use disk::DiskView;
pub use doubts::{IdentityDecisionView, PairView, QueueView, SideView};
pub use drawing::Drawing;
pub use drift::Settling;
pub use drop_folder::{DropEvent, DropMemory};
pub use error::{AppError, Trouble};
pub use export::{FileKind, Sheet};
pub use feed_bundle::{
    BundleEntryView, FeedBundleError, FeedBundleOrder, MadeBundleView, OpenedBundle,
    TrustedKeyView, is_feed_bundle, make_feed_bundle,
};
pub use feeds::{
    Content, DeliveryIntake, DeliveryState, DeliveryView, DeliveryWork, FeedFile, FeedFileView,
    FeedSourceView, FeedStep, FeedsAge, FeedsImportView, FeedsView,
};
pub use figures::Figures;
pub use findings::{Choice, RoundView};
pub use hand::{Clash, EDITED_FIELDS, Entry, MOST_EDITED, seen_mark};
pub use heard::HeardView;
pub use import::{ImportOptions, NewFile, Progress, Step, mapping_from_json};
pub use inbox::{
    Answers, Bounds, DocumentHead, FileState, Intake, MAX_UPLOAD_BYTES, MOST_UPLOAD_FILES, Upload,
    UploadFile, UploadState, Which, Working,
};
pub use inquiry::{
    AnswersPreview, AskedView, InquiryView, ItemAnswerView, ItemView, MOST_SHEET_BYTES, NewInquiry,
    PreviewedAnswer, SendingView, inquiry_items,
};
pub use kept_backups::{KeptBackup, ProofNote};
pub use lists::{DepartmentView, JobView, LineView, Lists, PortView, ScanView, SystemView};
pub use lookup::{FoundDeviceView, LookupView};
pub use many::MOST_AT_ONCE;
pub use matching::*;
pub use matter::MatterStepView;
pub use moment::Moment;
pub use notice::{
    EmbargoView, MOST_NOTICE_BYTES, MeantView, NoticeAnswerView, NoticeMailView, NoticeNumberView,
    NoticeThingView, NoticeTriageView, NoticeView, Reader, TriageOf, TriageWord,
};
pub use parts_lists::{
    AttachmentView, OwnProductView, PartChangeView, PartView, PartsChoice, PartsComparisonView,
    PartsHeadView, PartsListPageView, PartsListView, ProposalView,
};
pub use past_imports::{EvidenceBytes, ImportDetailView, TurnView};
pub use planned_change::{ChangedDeviceView, NewChange, PlannedChangeView, ToldView, WindowView};
pub use preview::{
    CellWarning, FieldChange, MissingRow, Outcome, PreviewRow, PreviewTally, PreviewView,
};
pub use record::{RecordFilter, RecordPage};
pub use rehearsal::{BackupNote, RehearsalNote};
pub use retention::RetentionView;
pub use roll::*;
pub use row::{ReadFactView, ReadView, RowColumnView, RowTextView, RowView};
pub use rules::{RuleView, rules};
pub use settings::BackupPlan;
pub use sources::{MOST_FRESHNESS, SourceView};
pub use store::{Options, Passphrase, is_encrypted};
pub use story::{ClaimView, EventView, LineOfChartView, StoryView};
pub use unpack::is_clutter;
pub use vex::{
    MOST_LETTERS, StandingView, VexChoice, VexDeviceView, VexDocument, VexFormat, VexOrder,
    VexTakenBackView, VexView,
};
pub use views::*;
pub use vitals::{Backups, DecisionEnding, Ending, Picture, Sources, Vitals, ZoneVital};
pub use weak::{
    ConcernedView, HolderView, InsideView, ProductMatchView, ProductPageView,
    VulnerabilityPageView, WeakBook, WeakDevice, WeakDeviceView, WeakProductView, WeakVendorView,
    WeaknessCounts, WeaknessView,
};
pub use writings::{MeantProductView, WritingAnswer, WritingChoice, WritingStepView, WritingView};

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use domain::LifecycleTable;
use engine::Tables;
use engine::lifecycle::OsMatcher;
use engine::products::Namer;
use reference::Catalogue;
use store::{Facility, Store};

/// The largest file that is read at all, in bytes. Readers have narrower limits of their own.
pub const MAX_FILE_BYTES: u64 = 256 * 1024 * 1024;

/// One hospital, open for work, speaking one language. A copy is the same hospital, and costs nothing.
#[derive(Clone)]
pub struct App {
    store: Arc<Store>,
    folder: PathBuf,
    facility: String,
    catalogue: Arc<Catalogue>,
    bounds: Bounds,
    deliveries: Bounds,
    ground: ground::Kept,
    judged_lists: parts_lists::judged::Kept,
}

impl App {
    /// Opens the data folder, making it where it is not there yet.
    ///
    /// # Errors
    ///
    /// What [`Store::open`] says, or that there is no such facility.
    pub fn open(folder: &Path, facility: &str, catalogue: Catalogue) -> Result<Self, AppError> {
        Self::open_with(folder, facility, catalogue, Options::default())
    }

    /// The same, with a store that behaves so.
    ///
    /// # Errors
    ///
    /// As [`App::open`].
    pub fn open_with(
        folder: &Path,
        facility: &str,
        catalogue: Catalogue,
        options: Options,
    ) -> Result<Self, AppError> {
        let store = Store::open(folder, options)?;
        store.facility(facility)?;
        Ok(Self {
            store: Arc::new(store),
            folder: folder.to_owned(),
            facility: facility.to_owned(),
            catalogue: Arc::new(catalogue),
            bounds: Bounds::default(),
            deliveries: Bounds::of_deliveries(),
            ground: ground::Kept::default(),
            judged_lists: parts_lists::judged::Kept::default(),
        })
    }

    /// The same hospital, speaking with other texts.
    #[must_use]
    pub fn speaking(&self, catalogue: Arc<Catalogue>) -> Self {
        Self { catalogue, ..self.clone() }
    }

    /// The same hospital, taking in no more than this.
    #[must_use]
    pub fn within(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The texts it speaks in, to be kept.
    pub fn texts(&self) -> Arc<Catalogue> {
        Arc::clone(&self.catalogue)
    }

    /// The texts it speaks in.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    fn facility(&self) -> Result<Facility<'_>, AppError> {
        Ok(self.store.facility(&self.facility)?)
    }
}

/// Which products what was written means, by the table that ships with the program.
fn namer() -> &'static Namer<'static> {
    static SHIPPED: LazyLock<Namer<'static>> = LazyLock::new(|| {
        let products = Namer::new(reference::products::shipped());
        products.with_banners(reference::banners::shipped)
    });
    &SHIPPED
}

/// The tables that ship with the program, with the support dates that count here.
fn tables(lifecycle: &LifecycleTable) -> Tables<'_> {
    static SHIPPED: LazyLock<OsMatcher<'static>> =
        LazyLock::new(|| OsMatcher::new(reference::lifecycle::shipped()));
    let is_shipped = std::ptr::eq(lifecycle, reference::lifecycle::shipped());
    Tables {
        lifecycle,
        systems: is_shipped.then(|| &*SHIPPED),
        vendors: reference::vendor::table(),
        roles: reference::vendor::roles(),
    }
}
