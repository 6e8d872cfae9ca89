-- What the desk asks for: registrations of one band, the tickets that somebody holds.

CREATE INDEX crm_registrations_band ON crm_registrations (programme, band, at) WHERE band IS NOT NULL;
CREATE INDEX crm_registrations_status_band ON crm_registrations (programme, status, band, at) WHERE band IS NOT NULL;
CREATE INDEX crm_tickets_owner ON crm_tickets (programme, owner, opened) WHERE closed IS NULL AND owner IS NOT NULL;
