-- A thread's, or a person's, own rows in the order of lists: beside these the
-- planner would read through the whole programme, which is in that order too.

CREATE INDEX crm_registrations_of_thread ON crm_registrations (programme, thread, at) WHERE thread IS NOT NULL;
CREATE INDEX crm_registrations_of_person ON crm_registrations (programme, person, at) WHERE person IS NOT NULL;
CREATE INDEX crm_tickets_of_thread ON crm_tickets (programme, thread, opened) WHERE closed IS NULL;
