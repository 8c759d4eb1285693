//! Pages of a long list.

/// Where in a long list one is.
#[derive(Debug, Clone)]
pub(crate) struct Pager {
    /// From 1.
    pub(crate) page: usize,
    total: usize,
    each: usize,
    /// The address of the list with everything asked but the page.
    address: String,
}

impl Pager {
    /// Page `asked` of a list of `total`, `each` on a page; the last one where that is too far.
    pub(crate) fn new(asked: usize, total: usize, each: usize, address: String) -> Self {
        let pager = Self { page: 1, total, each, address };
        Self { page: asked.clamp(1, pager.pages()), ..pager }
    }

    /// How many pages there are; one at least.
    pub(crate) fn pages(&self) -> usize {
        self.total.div_ceil(self.each).max(1)
    }

    /// How many of the list stand on pages before.
    pub(crate) fn skip(&self) -> usize {
        (self.page - 1) * self.each
    }

    /// The address of the page before.
    pub(crate) fn before(&self) -> Option<String> {
        (self.page > 1).then(|| self.to(self.page - 1))
    }

    /// The address of the page after.
    pub(crate) fn after(&self) -> Option<String> {
        (self.page < self.pages()).then(|| self.to(self.page + 1))
    }

    fn to(&self, page: usize) -> String {
        let joint = if self.address.contains('?') { '&' } else { '?' };
        format!("{}{joint}page={page}", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_too_far_is_the_last_one() {
        let pager = |asked, total| Pager::new(asked, total, 50, "/findings?q=a".into());
        assert_eq!((pager(9, 120).page, pager(9, 120).pages(), pager(9, 120).skip()), (3, 3, 100));
        assert_eq!((pager(0, 0).page, pager(0, 0).pages(), pager(0, 0).skip()), (1, 1, 0));
        assert_eq!(pager(2, 120).before().as_deref(), Some("/findings?q=a&page=1"));
        assert_eq!(pager(2, 120).after().as_deref(), Some("/findings?q=a&page=3"));
        assert_eq!((pager(1, 50).before(), pager(1, 50).after()), (None, None));
    }
}
