//! What the pages of products and vulnerabilities tell of the hospital's own decisions.

use std::cmp::Reverse;

use domain::VexDecision;
use engine::advisories::judge::Match;
use engine::vex::DecisionState;
use engine::weaknesses::Running;
use reference::Catalogue;

use super::{ConcernedView, WeakBook, holder_view, through};
use crate::matching::statement;
use crate::vex::{Labels, StandingView, VexView, standing_view, vex_view};

impl WeakBook {
    /// Every decision: those that stand open again first, then those that hold by their next review, then all others, the newest
    /// first.
    pub fn decisions(&self, texts: &Catalogue) -> Vec<VexView> {
        let labels = Labels::of(&self.weaknesses);
        let stand = |decision| (self.weaknesses.state_of(decision), decision);
        let mut all: Vec<(DecisionState, &VexDecision)> =
            self.weaknesses.decisions.iter().map(stand).collect();
        all.sort_by_key(|(state, decision)| {
            let place = match state {
                DecisionState::Reopened(_) => 0,
                DecisionState::InForce => 1,
                _ => 2,
            };
            let review = decision.review.filter(|_| place < 2);
            (place, review.is_none(), review, Reverse(decision.number))
        });
        all.iter().map(|(state, decision)| vex_view(decision, state, &labels, texts)).collect()
    }

    /// How decisions stand for `found` in the product.
    pub(super) fn standings(
        &self,
        running: &Running,
        found: &Match,
        texts: &Catalogue,
    ) -> Vec<StandingView> {
        let mut standings = running.standings_of(found).peekable();
        if standings.peek().is_none() {
            return Vec::new();
        }
        let labels = Labels::of(&self.weaknesses);
        let view = |standing: &engine::vex::Standing| {
            let is_it = |decision: &&VexDecision| decision.number == standing.decision;
            let decision = self.weaknesses.decisions.iter().find(is_it)?;
            Some(standing_view(standing, decision, running.holders.len(), &labels, texts))
        };
        standings.filter(|standing| !standing.devices.is_empty()).filter_map(view).collect()
    }

    pub(super) fn concerned_view(
        &self,
        (running, found): &(&Running, &Match),
        texts: &Catalogue,
    ) -> ConcernedView {
        ConcernedView {
            mark: running.mark.clone(),
            name: running.name.clone(),
            holders: running.holders.iter().map(|holder| holder_view(holder)).collect(),
            confidence: found.affected.map(|sure| sure.key().to_owned()),
            fixed: found.fixed.clone(),
            why: match found.affected {
                Some(_) => self.why(running, found, texts),
                None => Vec::new(),
            },
            through: through(running, found),
            statements: found.statements.iter().map(|said| statement(said, texts)).collect(),
            decisions: self.standings(running, found, texts),
            history: self.history(running, found, texts),
        }
    }

    /// Everything that was ever decided about the vulnerability in any version of the product, the newest first.
    fn history(&self, running: &Running, found: &Match, texts: &Catalogue) -> Vec<VexView> {
        let is_of = |decision: &&VexDecision| {
            decision.product.family == running.family
                && found.vulnerability.numbers.contains(&decision.vulnerability)
        };
        let labels = Labels::of(&self.weaknesses);
        let view =
            |decision| vex_view(decision, &self.weaknesses.state_of(decision), &labels, texts);
        self.weaknesses.decisions.iter().rev().filter(is_of).map(view).collect()
    }
}
