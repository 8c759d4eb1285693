-- For the calendar of rounds and the changes of a day: without them every finding there ever was is looked through.

CREATE INDEX finding_by_severity ON finding (facility, severity, opened, closed);

CREATE INDEX finding_closed ON finding (facility, closed) WHERE closed IS NOT NULL;
