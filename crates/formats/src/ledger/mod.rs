//! Ledgers (機器台帳): what their rows say.
//!
//! One row is one device, except where it says otherwise: a range of addresses with as many names is several machines,
//! and titles, sections, totals and footnotes are none.

pub(crate) mod addresses;
mod cells;
pub(crate) mod rows;

use std::borrow::Cow;

use domain::{Binding, FactsBuilder, Field, Observation, ObservationKind, Place, Status, msg};

use self::addresses::Reach;
use self::cells::{Above, Plan};
pub(crate) use self::rows::is_vacant_word;
use self::rows::{RowKind, Rows};
use crate::columns::Column;
use crate::table::{Row, SheetInfo};
use crate::tables::book::{Before, Book};
use crate::tables::{Family, Found};
use crate::values::{identifier, name, status, text};

/// A ledger on one sheet, while its rows pass.
#[derive(Debug)]
pub(crate) struct LedgerTable {
    rows: Rows,
    plan: Plan,
    above: Above,
    above_address: Option<std::net::Ipv4Addr>,
    /// What each of its rows is.
    kind: ObservationKind,
    /// The sheet's name says that everything on it is gone.
    retired_sheet: bool,
    /// The number column is a mere `No`, which may begin at 1 on every sheet.
    weak_number: bool,
    told_of_numbers: bool,
    builder: FactsBuilder,
}

/// What a row says of itself besides its plain cells.
#[derive(Debug)]
struct Device {
    number: Option<String>,
    names: Vec<String>,
    retired: bool,
}

impl LedgerTable {
    pub(crate) fn new(sheet: &SheetInfo, found: Found) -> Self {
        let name = sheet.name.as_deref().unwrap_or_default();
        let retired_sheet = ["廃棄", "除却", "撤去", "処分"].iter().any(|word| name.contains(word));
        let weak_number = found
            .columns
            .iter()
            .any(|column| column.field == Some(Field::AssetNumber) && column.weak);
        let kind = match found.family {
            Family::Inventory => ObservationKind::InventoryRow,
            Family::Register => ObservationKind::RegisterRow,
            _ => ObservationKind::LedgerRow,
        };
        Self {
            kind,
            rows: Rows::new(&found.columns, found.header_row),
            plan: Plan::new(&found.columns),
            above: Above::default(),
            above_address: None,
            retired_sheet,
            weak_number,
            told_of_numbers: false,
            builder: FactsBuilder::new(),
        }
    }

    /// Takes one row below the header.
    pub(crate) fn row(&mut self, book: &mut Book, sheet: &SheetInfo, row: &Row) {
        self.rows.count_gap(book, row);
        match self.rows.kind(row) {
            RowKind::Device => self.device(book, sheet, row),
            RowKind::Alone => {
                let text = row.cells().next().map_or("", |cell| cell.text);
                book.warn(row.place(sheet), msg!("ledger.row_alone", text = text));
                self.forget();
                book.reading.skip("section_rows");
            }
            RowKind::Skipped(reason, divides) => {
                if divides {
                    self.forget();
                }
                book.reading.skip(reason);
            }
        }
    }

    /// The sheet is done.
    pub(crate) fn end(self, book: &mut Book) {
        if self.above.resolved > 0 {
            book.reading.count("ditto_resolved", self.above.resolved);
        }
    }

    /// A section or a repeated header: what follows has nothing above it.
    fn forget(&mut self) {
        self.above.clear();
        self.above_address = None;
    }

    fn device(&mut self, book: &mut Book, sheet: &SheetInfo, row: &Row) {
        if self.is_vacant(row) {
            return book.reading.skip("vacant_rows");
        }
        let place = row.place(sheet);
        let mut identified = self.texts(book, &place, row);
        let names = self.names(book, &place, row);
        let columns = (self.plan.addresses.as_slice(), self.plan.macs.as_slice());
        let reach = addresses::read_from(book, &place, row, columns, self.above_address);
        identified |= !names.is_empty() || !reach.bindings.is_empty();
        let said_number = self.number(book, &place, row);
        if !identified && said_number.is_none() {
            self.builder.finish();
            book.warn(place, msg!("ledger.row_unidentified"));
            return book.reading.skip("rows_without_device");
        }
        self.above_address = reach.last_ipv4.or(self.above_address);
        let retired = self.status(book, &place, row);
        // A number merged over several rows is one device with several cards.
        let shared = retired || row.cell(self.plan.number).is_some_and(|cell| cell.marks.merged);
        let number = said_number.filter(|number| self.keeps_number(book, &place, number, shared));
        self.mark(book, &place, row);
        if !retired {
            addresses::warn_of_duplicates(book, &place, &reach.bindings);
        }
        addresses::count(book, &reach);
        self.state(book, place, row, Device { number, names, retired }, reach);
    }

    /// Adds the plain cells; whether one of them names the device.
    fn texts(&mut self, book: &mut Book, place: &Place, row: &Row) -> bool {
        let mut identified = false;
        let medical = row
            .cell(self.plan.medical)
            .is_some_and(|cell| cells::add_medical(book, place, cell, &mut self.builder));
        for (field, column) in &self.plan.plain {
            // A medical device is one, whatever else its kind is called.
            if medical && *field == Field::Kind {
                continue;
            }
            let Some(cell) = row.cell(*column) else {
                self.above.set(*field, "");
                continue;
            };
            let stated = cells::add(book, place, cell, *field, &mut self.above, &mut self.builder);
            identified |= stated
                && matches!(field, Field::Name | Field::GenericName | Field::Serial | Field::Model);
        }
        if let Some(cell) = row.cell(self.plan.universal) {
            cells::add_universal(cell, &mut self.builder);
        }
        identified
    }

    /// The host names the row states; several where it stands for several machines.
    fn names(&mut self, book: &mut Book, place: &Place, row: &Row) -> Vec<String> {
        let text = cells::identity(book, place, row, self.plan.hostname, Field::Hostname)
            .or_else(|| self.name_as_host(row));
        let Some(text) = text else { return Vec::new() };
        if text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')) {
            return vec![text.into_owned()];
        }
        name::several(&text).iter().map(|name| text::tidy(name).into_owned()).collect()
    }

    /// What a tool that collects by itself calls a device is the computer's own name, where it has the form of one.
    fn name_as_host<'r>(&self, row: &'r Row) -> Option<Cow<'r, str>> {
        let text = row.text(self.plan.name).trim();
        let formed =
            text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        let is_name = self.kind == ObservationKind::InventoryRow && formed && !text.is_empty();
        is_name.then_some(Cow::Borrowed(text))
    }

    fn number(&mut self, book: &mut Book, place: &Place, row: &Row) -> Option<String> {
        cells::identity(book, place, row, self.plan.number, Field::AssetNumber).map(Cow::into_owned)
    }

    /// Whether the number may be stated; warns where another row has it too, unless both may have it.
    fn keeps_number(&mut self, book: &mut Book, place: &Place, number: &str, shared: bool) -> bool {
        if shared {
            return true;
        }
        match book.duplicates.number(number, place.row) {
            Before::Never => true,
            Before::OtherSheet(_) if self.weak_number => {
                if !std::mem::replace(&mut self.told_of_numbers, true) {
                    book.warn(place.clone(), msg!("ledger.numbers_begin_again"));
                }
                false
            }
            Before::OtherSheet(first) | Before::ThisSheet(first) => {
                book.warn(
                    place.clone(),
                    msg!("ledger.duplicate_number", number = number, first = first),
                );
                true
            }
        }
    }

    /// Adds the state; whether the device is gone.
    fn status(&mut self, book: &mut Book, place: &Place, row: &Row) -> bool {
        let written =
            cells::resolved(book, place, row, self.plan.status, Field::Status, &mut self.above);
        let struck = rows::is_struck(row);
        let dated = row.cell(self.plan.retired_on).is_some_and(|cell| cells::is_day(&cell));
        let read = written.as_deref().map(status::read);
        if struck && read != Some(Status::Retired) {
            book.ask(place.clone(), msg!("ledger.row_struck"));
        } else if struck {
            book.warn(place.clone(), msg!("ledger.row_struck_retired"));
        }
        if dated && matches!(read, Some(Status::InUse)) {
            book.ask(place.clone(), msg!("ledger.retired_but_in_use"));
        }
        let gone = struck || self.retired_sheet || dated && read != Some(Status::InUse);
        let state = match read {
            _ if gone => Some(Status::Retired),
            Some(Status::Unrecognised) => {
                let word = written.as_deref().unwrap_or_default();
                let at = place.clone().at_column(self.plan.status);
                book.ask(at, msg!("ledger.status_unknown", text = word));
                Some(Status::Unrecognised)
            }
            other => other,
        };
        if let Some(state) = state {
            let written = written.as_deref().unwrap_or(state.key());
            self.builder.add_written(Field::Status, state.key(), written);
        }
        state == Some(Status::Retired)
    }

    /// What the row's standing on the sheet tells, and rows that stand for several machines without naming them.
    fn mark(&mut self, book: &mut Book, place: &Place, row: &Row) {
        if row.hidden {
            book.warn(place.clone(), msg!("ledger.row_hidden"));
            book.reading.count("hidden_rows", 1);
        }
        let set = [self.plan.name, self.plan.generic_name]
            .into_iter()
            .map(|column| row.text(column))
            .find(|name| name.contains("一式"));
        if let Some(name) = set {
            let at = place.clone();
            match self.quantity(row) {
                Some(quantity) => {
                    book.ask(at, msg!("ledger.set_row", name = name, quantity = quantity));
                }
                None => book.ask(at, msg!("ledger.set_row_uncounted", name = name)),
            }
            book.reading.count("set_rows", 1);
        }
    }

    /// How many machines the row says it stands for: its own column, or `4台` in the remark.
    fn quantity(&self, row: &Row) -> Option<u16> {
        identifier::count(row.text(self.plan.quantity))
            .or_else(|| identifier::machines(row.text(self.plan.remark)))
    }

    /// The number in the quantity column, where it is more than one machine.
    fn own_quantity(&self, row: &Row) -> Option<u16> {
        identifier::count(row.text(self.plan.quantity)).filter(|quantity| *quantity > 1)
    }

    /// `（空き）`, 欠番: a row kept free.
    fn is_vacant(&self, row: &Row) -> bool {
        let name = [self.plan.name, self.plan.hostname].into_iter().map(|column| row.text(column));
        let mut names = name.filter(|name| !name.is_empty());
        names.next().is_some_and(rows::is_vacant_word)
    }

    /// Writes the observation, or one for each machine where the row stands for several.
    fn state(&mut self, book: &mut Book, place: Place, row: &Row, device: Device, reach: Reach) {
        if let Some(addressing) = reach.addressing {
            self.builder.add_written(
                Field::Addressing,
                addressing.key(),
                reach.written(addressing),
            );
        }
        let parts = self.parts(book, &place, row, &device, &reach);
        book.reading.rows += 1;
        book.reading.count("devices", parts.max(1) as u64);
        if device.retired {
            book.reading.count("retired", parts.max(1) as u64);
        }
        if parts > 1 {
            return self.state_parts(book, &place, &device, &reach);
        }
        if let Some(number) = &device.number {
            self.builder.add(Field::AssetNumber, &text::tidy(number));
        }
        match device.names.as_slice() {
            [] => {}
            [one] => self.add_host(one),
            _ => {
                let names = row.text(self.plan.hostname);
                book.warn(place.clone(), msg!("ledger.names_do_not_fit", names = names));
            }
        }
        let set = Some(row).filter(|row| row_is_set(row, &self.plan));
        if let Some(quantity) = self.own_quantity(row).or_else(|| self.quantity(set?)) {
            let (quantity, written) = (quantity.to_string(), self.quantity_text(row));
            self.builder.add_written(Field::Quantity, &quantity, written);
        }
        self.push(book, place, reach.bindings);
    }

    fn quantity_text<'r>(&self, row: &'r Row) -> &'r str {
        let own = row.text(self.plan.quantity);
        if own.is_empty() { row.text(self.plan.remark) } else { own }
    }

    /// How many machines the row stands for; 1 where it does not say so plainly. Says what does not fit.
    fn parts(
        &self,
        book: &mut Book,
        place: &Place,
        row: &Row,
        device: &Device,
        reach: &Reach,
    ) -> usize {
        let (addresses, names) = (reach.addresses, device.names.len());
        if reach.range {
            if let Some(quantity) = self.quantity(row).map(usize::from)
                && quantity != addresses
            {
                let message =
                    msg!("ledger.range_quantity", addresses = addresses, quantity = quantity);
                book.warn(place.clone(), message);
            }
            if names != 0 && names != addresses {
                let text = row.text(self.plan.hostname);
                book.warn(place.clone(), msg!("ledger.names_do_not_fit", names = text));
            }
            return addresses;
        }
        if addresses > 1 && names == addresses {
            return addresses;
        }
        if addresses > 1 {
            let message = msg!("ledger.several_addresses", count = addresses);
            let paired = reach.paired;
            if paired {
                book.warn(place.clone(), message);
            } else {
                book.ask(place.clone(), message);
            }
        } else if let Some(quantity) = self.own_quantity(row)
            && !row_is_set(row, &self.plan)
        {
            book.ask(place.clone(), msg!("ledger.quantity_row", quantity = quantity));
        }
        1
    }

    /// One observation for each machine. The printed number is all of theirs, so that each takes its part to be told apart.
    fn state_parts(&mut self, book: &mut Book, place: &Place, device: &Device, reach: &Reach) {
        let shared = self.builder.finish();
        let fits = device.names.len() == reach.addresses;
        let addressed = reach.bindings.iter().filter(|binding| binding.address.is_some());
        for (index, binding) in addressed.enumerate() {
            let part = u16::try_from(index + 1).unwrap_or(u16::MAX);
            for fact in shared.iter() {
                match fact.written {
                    Some(written) => self.builder.add_written(fact.field, fact.value, written),
                    None => self.builder.add(fact.field, fact.value),
                };
            }
            if let Some(number) = &device.number {
                let number = text::tidy(number);
                self.builder.add_written(Field::AssetNumber, &format!("{number}#{part}"), &number);
            }
            if let Some(name) = device.names.get(index).filter(|_| fits) {
                self.add_host(name);
            }
            self.push(book, place.clone().part(part), vec![*binding]);
        }
        book.reading.count("expanded_rows", 1);
    }

    fn push(&mut self, book: &mut Book, place: Place, bindings: Vec<Binding>) {
        let (kind, facts) = (self.kind, self.builder.finish());
        book.reading.observations.push(Observation { place, kind, bindings, facts });
    }

    fn add_host(&mut self, name: &str) {
        let (host, domain) = name::host_and_domain(name);
        self.builder.add_written(Field::Hostname, host, name);
        self.builder.add(Field::Domain, domain.unwrap_or_default());
    }
}

fn row_is_set(row: &Row, plan: &Plan) -> bool {
    row.text(plan.name).contains("一式") || row.text(plan.generic_name).contains("一式")
}

/// The column of `field`; 0, which no cell has, where there is none.
fn column_of(columns: &[Column], field: Field) -> u16 {
    columns.iter().find(|column| column.field == Some(field)).map_or(0, |column| column.number)
}
