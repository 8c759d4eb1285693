//! Vulnerability data as it arrives.

use domain::msg;

use super::{Brought, Delivery, DeliveryState, bytes_name};
use crate::arrival::{Arrival, UNNAMED, shown_path};
use crate::{Act, App, AppError, MOST_UPLOAD_FILES, is_clutter};

/// A delivery that is arriving. Dropped before it is finished, it leaves nothing.
pub struct DeliveryIntake {
    app: App,
    arrival: Arrival,
    delivery: Delivery,
}

impl App {
    /// Makes room for a delivery of about `expected` bytes, where that is known, which `name` brings.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] where it is larger than a delivery may be, or the disk is too full for it.
    pub fn begin_delivery(
        &self,
        expected: Option<u64>,
        name: &str,
        act: &Act,
    ) -> Result<DeliveryIntake, AppError> {
        let (id, arrival) = Arrival::begin(self.delivery_room(), expected, self.deliveries)?;
        let delivery = Delivery {
            id,
            facility: self.facility.clone(),
            actor: act.actor.to_string(),
            name: name.to_owned(),
            at: act.now,
            state: DeliveryState::Waiting,
            files: Vec::new(),
            fingerprint: None,
            confirmed: None,
            tries: 0,
            trouble: None,
            told: Vec::new(),
            untold: 0,
            is_lost: false,
        };
        Ok(DeliveryIntake { app: self.clone(), arrival, delivery })
    }
}

impl DeliveryIntake {
    /// A file begins. False where it is one that says nothing by itself, and is passed over.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] where there are too many, or it cannot be written.
    pub fn begin(&mut self, name: &str) -> Result<bool, AppError> {
        self.end()?;
        let path = shown_path(name);
        if is_clutter(&path) {
            return Ok(false);
        }
        if self.delivery.files.len() >= MOST_UPLOAD_FILES {
            return Err(AppError::Upload(msg!("app.upload_files", most = MOST_UPLOAD_FILES)));
        }
        let number = self.delivery.files.len() as u32 + 1;
        self.arrival.file(&bytes_name(number), &path)?;
        self.delivery.files.push(Brought { number, path, size: 0 });
        Ok(true)
    }

    /// More of the file that began last.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] where the file or the delivery is too large, or the disk too full.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        self.arrival.write(bytes)
    }

    fn end(&mut self) -> Result<(), AppError> {
        let size = self.arrival.end()?;
        if let Some((last, size)) = self.delivery.files.last_mut().zip(size) {
            last.size = size;
        }
        Ok(())
    }

    /// Everything is there: gives the id under which it waits to be taken in.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] where no file came, or the manifest cannot be written.
    pub fn finish(mut self) -> Result<String, AppError> {
        self.end()?;
        // A field in which nothing was chosen is sent as a file without a name and without a byte.
        self.delivery.files.retain(|file| file.size > 0 || file.path != UNNAMED);
        if self.delivery.files.is_empty() {
            return Err(AppError::Upload(msg!("app.upload_empty")));
        }
        self.app.save_delivery(&self.delivery)?;
        self.arrival.keep();
        Ok(self.delivery.id)
    }
}
