//! One moment of the hospital: what is read through it belongs together, and takes one turn at the store.

use jiff::civil::Date;
use store::View;

use crate::chart::OneDevice;
use crate::devices::{find_in, named_by_id};
use crate::views::ChartView;
use crate::{App, AppError};

/// A device of more observations than this is not at hand: each of them lies in a block of its own.
const FEW: usize = 16;

/// One moment of the hospital, lent to who reads it.
pub struct Moment<'a> {
    app: &'a App,
    view: &'a View,
    number: u64,
}

impl Moment<'_> {
    /// The number of the record's last entry: see [`App::moment`].
    pub fn number(&self) -> u64 {
        self.number
    }

    /// One device with its story, by what scripts call it: id, asset number, computer name, address or MAC.
    ///
    /// # Errors
    ///
    /// As [`App::find_device`].
    pub fn device_named(&self, name: &str, today: Date) -> Result<ChartView, AppError> {
        let ground = self.app.ground_at(self.view, self.number)?;
        let id = find_in(self.view, &ground, name)?;
        let one = OneDevice::load(self.view, ground, id)?;
        self.app.chart_in(self.view, &one, today)
    }

    /// The same for who must not keep others waiting: `None` where the device is not called by its id or is made of much, or where
    /// something must first be read of all devices.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn device_at_hand(&self, name: &str, today: Date) -> Result<Option<ChartView>, AppError> {
        let Some(ground) = self.app.kept_ground(self.number) else { return Ok(None) };
        let Some(id) = named_by_id(&ground, name) else { return Ok(None) };
        let one = OneDevice::of_its_own(self.view, ground, id, FEW)?;
        one.map(|one| self.app.chart_in(self.view, &one, today)).transpose()
    }
}

impl App {
    /// Lends the moment that is now.
    ///
    /// # Errors
    ///
    /// What the store says, or `read`.
    pub fn at_once<T>(
        &self,
        read: impl FnOnce(&Moment<'_>) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        self.facility()?.read(|view| {
            let (number, _) = view.audit_head()?;
            read(&Moment { app: self, view, number })
        })
    }
}
