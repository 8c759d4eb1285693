//! The hospital's words, their types and their invariants.
//!
//! This is the ground floor: every other room knows these types, and they know nothing of files, databases, pages or clocks.
//! No type here carries an attribute of the SQL, web or template library; bytes, tables and "today" always come in as arguments.
//!
//! One file per word; `docs/model/` has a page for each of them.

pub mod account;
pub mod advisory;
pub mod attachment;
pub mod audit;
pub mod banner;
pub mod calendar;
pub mod check;
pub mod control;
pub mod coverage;
pub mod decision;
pub mod device;
pub mod digest;
pub mod evidence;
pub mod facts;
pub mod field;
pub mod finding;
pub mod fold;
pub mod inquiry;
pub mod knowledge;
pub mod layer;
pub mod lifecycle;
pub mod mac;
pub mod maker;
pub mod matter;
pub mod message;
pub mod network;
pub mod notice;
pub mod observation;
pub mod parts;
pub mod place;
pub mod planned_change;
pub mod product;
pub mod sign;
pub mod size;
pub mod source;
pub mod vendor;
pub mod vex;
pub mod vocabulary;
pub mod writing;
pub mod zone;

pub use account::{Account, Permission, Role};
pub use advisory::{
    Advisory, AdvisoryState, Claim, Condition, Confidence, Criterion, Exploited, FeedKind,
    FeedRecord, Forecast, Justification, LocalText, ProductName, Rating, Remedy, RemedyKind, Ssvc,
    VersionBound, VersionRange, VersionSet, Versions, VexStatus,
};
pub use attachment::{Attached, Attachment, AttachmentStep, Described, OwnProduct};
pub use audit::{Actor, AuditEntry, AuditLink};
pub use banner::{Banner, BannerKind, BannerTable, Fingerprint, Saying};
pub use calendar::{CalendarDate, DateError};
pub use check::{CheckCounts, DailyCheck};
pub use control::Control;
pub use coverage::{Completeness, Coverage};
pub use decision::{FindingDecision, FindingState, IdentityDecision, Verdict};
pub use device::{DeviceId, Interface, LayerValue, Sighting};
pub use digest::Digest;
pub use evidence::{Import, ImportId, ImportState, Keeping};
pub use facts::{Fact, Facts, FactsBuilder};
pub use field::Field;
pub use finding::{Finding, FindingKey, RuleCode, Severity, Subject};
pub use fold::fold;
pub use inquiry::{
    Answered, AskedVulnerability, Inquiry, InquiryDraft, InquiryFacts, InquiryItem, InquiryRefusal,
    InquiryState, InquiryStep, ItemAnswer, Sending,
};
pub use knowledge::Knowledge;
pub use layer::{Feed, Layer, LayerTable};
pub use lifecycle::{
    LifecycleTable, ProductKind, Stage, SupportEnd, SupportEntry, SupportProduct, SupportRelease,
    SupportTable,
};
pub use mac::{MacAddress, MacError};
pub use maker::{MakerRow, MakerTable};
pub use matter::{KeptFile, MatterKind, Stepped};
pub use message::{Message, Warning};
pub use network::{AddressKind, Network};
pub use notice::{
    AnswerAsked, Embargo, Meant, MeantError, Notice, NoticeAnswer, NoticeDraft, NoticeRefusal,
    NoticeSender, NoticeState, NoticeStep, Tlp, TriageVerdict,
};
pub use observation::{Binding, Observation, ObservationKind, ObservationRef};
pub use parts::{Component, ComponentKind, Needs, PartsFormat, PartsList};
pub use place::Place;
pub use planned_change::{
    ChangeKind, ChangeOutcome, ChangePlan, ChangeRefusal, ChangeResult, ChangeState, ChangeStep,
    ChangedDevice, ClinicalWindow, PlannedChange, ToldBack,
};
pub use product::{ProductPart, ProductRow, ProductTable, VersionRule};
pub use sign::{Sign, SignKey, Strength, is_factory_name};
pub use source::{Source, SourceId};
pub use vendor::{RoleTable, VendorRole, VendorTable};
pub use vex::{VexDecision, VexOrigin, VexProduct, VexScope, VexTakenBack};
pub use vocabulary::{Addressing, DeviceKind, Medium, RunResult, SettingKind, Status};
pub use writing::{
    NamedProduct, SettledWriting, Settlement, What, Writing, WritingStep, WritingWord,
};
pub use zone::{Probe, Zone, ZoneKind};
