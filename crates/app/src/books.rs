//! Everything an act of the engine needs, loaded from one moment of the store.

use domain::{
    Account, Coverage, IdentityDecision, Import, ImportState, Inquiry, LifecycleTable, Notice,
    PlannedChange, SettledWriting, Source, VexDecision, Zone,
};
use engine::parts::AttachedList;
use engine::vex::Decided;
use engine::{Derivation, Known, Recorded, World, derive};
use jiff::civil::Date;
use store::View;

use crate::feeds::Advisories;
use crate::notice::{Reader, readable};
use crate::writings::settled_writings;
use crate::{App, AppError, matter, namer, support, tables};

/// The active imports with all they brought, what people said of identity, and the zones.
#[derive(Debug, Clone)]
pub(crate) struct Books {
    pub(crate) imports: Vec<Import>,
    pub(crate) observations: Vec<Recorded>,
    pub(crate) coverage: Vec<Coverage>,
    pub(crate) decisions: Vec<IdentityDecision>,
    pub(crate) zones: Vec<Zone>,
    /// The sources, with how fresh people expect them to be.
    pub(crate) sources: Vec<Source>,
    /// Who may sign in to the desk.
    pub(crate) accounts: Vec<Account>,
    /// What vendors were asked.
    pub(crate) inquiries: Vec<Inquiry>,
    /// What is to be changed, and what came of it.
    pub(crate) changes: Vec<PlannedChange>,
    /// What was sent round and everybody may read, where the day was said: what is under embargo never comes here.
    pub(crate) notices: Vec<Notice>,
    /// What people said of writings of products.
    pub(crate) writings: Vec<SettledWriting>,
    /// The support dates, where the hospital has some of its own.
    pub(crate) support: Option<LifecycleTable>,
    /// The parts lists that people laid beside products, where what is at hand of vulnerabilities was asked for.
    pub(crate) lists: Vec<AttachedList>,
    /// What is at hand of vulnerabilities, where that was asked for.
    pub(crate) advisories: Option<Advisories>,
    /// What the hospital decided about single vulnerabilities, and the day it is looked at, where that was asked for.
    pub(crate) decided: Option<(Vec<VexDecision>, Date)>,
}

impl Books {
    /// Loads them.
    pub(crate) fn load(view: &View) -> Result<Self, AppError> {
        let mut imports = view.imports()?;
        imports.retain(|import| import.state == ImportState::Active);
        let mut observations = Vec::new();
        view.each_observation(|at, observation| {
            observations.push(Recorded { at, observation });
            Ok::<_, AppError>(())
        })?;
        Ok(Self {
            support: support::table(view, &imports)?,
            imports,
            observations,
            coverage: view.coverage()?,
            decisions: view.identity_decisions()?,
            zones: view.zones()?,
            sources: view.sources()?,
            accounts: view.accounts()?.into_iter().map(|kept| kept.account).collect(),
            inquiries: matter::all(view)?,
            changes: matter::all(view)?,
            notices: Vec::new(),
            writings: settled_writings(view)?,
            lists: Vec::new(),
            advisories: None,
            decided: None,
        })
    }

    /// The same with what is at hand of vulnerabilities in the moment of `view`, what was decided about them as it stands on `today`,
    /// and the notices that everybody may read on that day.
    pub(crate) fn with_advisories(
        self,
        app: &App,
        view: &View,
        today: Date,
    ) -> Result<Self, AppError> {
        let decided = Some((view.vex_decisions()?, today));
        let advisories = app.advisories(view)?;
        let lists = app.attached_lists(view, &advisories)?;
        let notices = readable(view, Reader::Anybody, today)?;
        Ok(Self { advisories: Some(advisories), lists, decided, notices, ..self })
    }

    /// Takes up the support dates that `import`, just added, may have brought.
    pub(crate) fn read_support(&mut self, view: &View, import: &Import) -> Result<(), AppError> {
        if import.kind == support::KIND {
            self.support = support::table(view, &view.imports()?)?;
        }
        Ok(())
    }

    /// Whether nothing follows for any device from `import`, which is among these: neither it nor another edition of its source, which it
    /// may take the place of, saw anything.
    pub(crate) fn is_silent(&self, import: &Import) -> bool {
        let mut editions = self.imports.iter().filter(|one| one.source == import.source);
        editions.all(|one| {
            let first = self.observations.partition_point(|seen| seen.at.import < one.id);
            let seen = self.observations.get(first).is_some_and(|seen| seen.at.import == one.id);
            !seen && !self.coverage.iter().any(|looked| looked.import == one.id)
        })
    }

    /// The world as the engine takes it.
    pub(crate) fn world(&self) -> World<'_> {
        World::new(
            &self.imports,
            &self.observations,
            &self.coverage,
            &self.decisions,
            reference::layers::shipped(),
        )
    }

    /// Lends what is known, as `derivation` explains it.
    pub(crate) fn with_derivation<T>(
        &self,
        derivation: &Derivation,
        lend: impl FnOnce(&Known<'_>) -> T,
    ) -> T {
        let world = self.world();
        let support = self.support.as_ref().unwrap_or(reference::lifecycle::shipped());
        let known = Known::new(&world, derivation, tables(support), &self.zones)
            .expecting(&self.sources)
            .with_accounts(&self.accounts)
            .with_inquiries(&self.inquiries)
            .with_changes(&self.changes)
            .with_notices(&self.notices)
            .with_writings(&self.writings);
        let known = match &self.decided {
            Some((decisions, today)) => known.with_decided(Decided { decisions, today: *today }),
            None => known,
        };
        let index = self.advisories.as_ref().and_then(Advisories::index);
        match self.advisories.as_ref().map(|advisories| advisories.at_hand(index.as_ref())) {
            None => lend(&known),
            Some(at_hand) => lend(&known.with_advisories(engine::weaknesses::Advisories {
                namer: namer(),
                makers: reference::makers::shipped(),
                at_hand,
                lists: &self.lists,
            })),
        }
    }

    /// Derives the devices and lends what is known.
    pub(crate) fn with_known<T>(&self, lend: impl FnOnce(&Known<'_>, &Derivation) -> T) -> T {
        let derivation = derive(&self.world(), None);
        self.with_derivation(&derivation, |known| lend(known, &derivation))
    }
}
