-- Tables of version 0001 on PostgreSQL, as first shipped. Never edited: changes are new versions.

CREATE TABLE claim_failures (
    id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_claim_failures PRIMARY KEY (id)
);

CREATE INDEX ix_claim_failures_person ON claim_failures (person, at);

CREATE TABLE communities (
    id BIGINT NOT NULL,
    code VARCHAR(12) NOT NULL,
    name VARCHAR(64) NOT NULL,
    street VARCHAR(64) NOT NULL,
    phone VARCHAR(32) NOT NULL,
    CONSTRAINT pk_communities PRIMARY KEY (id),
    CONSTRAINT uq_communities_code UNIQUE (code)
);

CREATE TABLE counters (
    name VARCHAR(32) NOT NULL,
    value BIGINT NOT NULL,
    CONSTRAINT pk_counters PRIMARY KEY (name)
);

CREATE TABLE dialogs (
    channel VARCHAR(16) NOT NULL,
    account VARCHAR(64) NOT NULL,
    "user" VARCHAR(128) NOT NULL,
    form VARCHAR(32) NOT NULL,
    state TEXT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_dialogs PRIMARY KEY (channel, account, "user")
);

CREATE TABLE facts (
    id BIGINT NOT NULL,
    turn BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor BIGINT NOT NULL,
    via VARCHAR(16) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    ticket BIGINT NOT NULL,
    body TEXT NOT NULL,
    position BIGINT,
    hash VARCHAR(64),
    CONSTRAINT pk_facts PRIMARY KEY (id),
    CONSTRAINT uq_facts_position UNIQUE (position)
);

CREATE INDEX ix_facts_ticket ON facts (ticket, id);

CREATE INDEX ix_facts_unsealed ON facts (id) WHERE hash IS NULL;

CREATE TABLE followers (
    ticket BIGINT NOT NULL,
    person BIGINT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_followers PRIMARY KEY (ticket, person)
);

CREATE INDEX ix_followers_person ON followers (person);

CREATE TABLE holidays (
    day VARCHAR(10) NOT NULL,
    works BOOLEAN NOT NULL,
    name VARCHAR(32) NOT NULL,
    CONSTRAINT pk_holidays PRIMARY KEY (day)
);

CREATE TABLE inbox (
    channel VARCHAR(16) NOT NULL,
    account VARCHAR(64) NOT NULL,
    "user" VARCHAR(128) NOT NULL,
    key VARCHAR(128) NOT NULL,
    turn BIGINT NOT NULL,
    person BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    received TIMESTAMP WITH TIME ZONE NOT NULL,
    replies TEXT NOT NULL,
    CONSTRAINT pk_inbox PRIMARY KEY (channel, account, "user", key)
);

CREATE INDEX ix_inbox_received ON inbox (received);

CREATE TABLE job_runs (
    name VARCHAR(32) NOT NULL,
    started TIMESTAMP WITH TIME ZONE NOT NULL,
    seconds FLOAT NOT NULL,
    ok BOOLEAN NOT NULL,
    result VARCHAR(200) NOT NULL,
    CONSTRAINT pk_job_runs PRIMARY KEY (name)
);

CREATE TABLE media (
    id BIGINT NOT NULL,
    ticket BIGINT NOT NULL,
    person BIGINT NOT NULL,
    kind VARCHAR(8) NOT NULL,
    ref VARCHAR(256) NOT NULL,
    file VARCHAR(96),
    state VARCHAR(8) NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    "of" VARCHAR(8) NOT NULL,
    CONSTRAINT pk_media PRIMARY KEY (id)
);

CREATE INDEX ix_media_ticket ON media (ticket);

CREATE INDEX ix_media_wanted ON media (next_at) WHERE state = 'wanted';

CREATE TABLE meta (
    name VARCHAR(32) NOT NULL,
    value BYTEA,
    CONSTRAINT pk_meta PRIMARY KEY (name)
);

CREATE TABLE notes (
    id BIGINT NOT NULL,
    ticket BIGINT NOT NULL,
    person BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    kind VARCHAR(16) NOT NULL,
    words TEXT NOT NULL,
    CONSTRAINT pk_notes PRIMARY KEY (id)
);

CREATE INDEX ix_notes_person ON notes (person);

CREATE INDEX ix_notes_ticket ON notes (ticket, id);

CREATE TABLE outbox (
    id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    ticket BIGINT NOT NULL,
    kind VARCHAR(16) NOT NULL,
    rank INTEGER NOT NULL,
    body TEXT NOT NULL,
    state VARCHAR(8) NOT NULL,
    rung VARCHAR(16) NOT NULL,
    attempts INTEGER NOT NULL,
    created TIMESTAMP WITH TIME ZONE NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE NOT NULL,
    lease TIMESTAMP WITH TIME ZONE,
    holder VARCHAR(36),
    code VARCHAR(32),
    done TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_outbox PRIMARY KEY (id)
);

CREATE INDEX ix_outbox_failed ON outbox (done) WHERE state = 'failed';

CREATE INDEX ix_outbox_open ON outbox (person) WHERE state IN ('waiting', 'sending');

CREATE INDEX ix_outbox_person ON outbox (person, id);

CREATE INDEX ix_outbox_sending ON outbox (lease) WHERE state = 'sending';

CREATE INDEX ix_outbox_ticket ON outbox (ticket);

CREATE INDEX ix_outbox_waiting ON outbox (rank, id, next_at, person) WHERE state = 'waiting';

CREATE TABLE persons (
    id BIGINT NOT NULL,
    community BIGINT NOT NULL,
    building BIGINT NOT NULL,
    name TEXT,
    phone TEXT,
    phone_index VARCHAR(44),
    anonymous BOOLEAN NOT NULL,
    notice INTEGER NOT NULL,
    created TIMESTAMP WITH TIME ZONE NOT NULL,
    erased TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_persons PRIMARY KEY (id)
);

CREATE INDEX ix_persons_phone_index ON persons (phone_index);

CREATE TABLE timers (
    ticket BIGINT NOT NULL,
    kind VARCHAR(12) NOT NULL,
    due TIMESTAMP WITH TIME ZONE NOT NULL,
    attempts INTEGER NOT NULL,
    CONSTRAINT pk_timers PRIMARY KEY (ticket, kind)
);

CREATE INDEX ix_timers_due ON timers (due);

CREATE TABLE tokens (
    name VARCHAR(96) NOT NULL,
    token TEXT,
    expires TIMESTAMP WITH TIME ZONE,
    refreshing_until TIMESTAMP WITH TIME ZONE,
    holder VARCHAR(36),
    CONSTRAINT pk_tokens PRIMARY KEY (name)
);

CREATE TABLE claims (
    code_hash VARCHAR(64) NOT NULL,
    person BIGINT NOT NULL,
    expires TIMESTAMP WITH TIME ZONE NOT NULL,
    used TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_claims PRIMARY KEY (code_hash),
    CONSTRAINT fk_claims_person FOREIGN KEY(person) REFERENCES persons (id)
);

CREATE TABLE estates (
    id BIGINT NOT NULL,
    community BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    aliases TEXT NOT NULL,
    road VARCHAR(64) NOT NULL,
    lane VARCHAR(16) NOT NULL,
    word VARCHAR(4) NOT NULL,
    spots TEXT NOT NULL,
    CONSTRAINT pk_estates PRIMARY KEY (id),
    CONSTRAINT uq_estates_community_name UNIQUE (community, name),
    CONSTRAINT fk_estates_community FOREIGN KEY(community) REFERENCES communities (id)
);

CREATE TABLE grids (
    id BIGINT NOT NULL,
    community BIGINT NOT NULL,
    code VARCHAR(15) NOT NULL,
    name VARCHAR(64) NOT NULL,
    CONSTRAINT pk_grids PRIMARY KEY (id),
    CONSTRAINT fk_grids_community FOREIGN KEY(community) REFERENCES communities (id),
    CONSTRAINT uq_grids_code UNIQUE (code)
);

CREATE TABLE identities (
    channel VARCHAR(16) NOT NULL,
    account VARCHAR(64) NOT NULL,
    "user" VARCHAR(128) NOT NULL,
    person BIGINT NOT NULL,
    followed BOOLEAN NOT NULL,
    seen TIMESTAMP WITH TIME ZONE NOT NULL,
    window_until TIMESTAMP WITH TIME ZONE,
    window_left INTEGER NOT NULL,
    CONSTRAINT pk_identities PRIMARY KEY (channel, account, "user"),
    CONSTRAINT fk_identities_person FOREIGN KEY(person) REFERENCES persons (id)
);

CREATE INDEX ix_identities_person ON identities (person);

CREATE TABLE logins (
    login VARCHAR(64) NOT NULL,
    person BIGINT NOT NULL,
    password VARCHAR(160) NOT NULL,
    failures INTEGER NOT NULL,
    locked_until TIMESTAMP WITH TIME ZONE,
    disabled BOOLEAN NOT NULL,
    created TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_logins PRIMARY KEY (login),
    CONSTRAINT fk_logins_person FOREIGN KEY(person) REFERENCES persons (id)
);

CREATE TABLE posts (
    id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    role VARCHAR(8) NOT NULL,
    scope BIGINT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_posts PRIMARY KEY (id),
    CONSTRAINT fk_posts_person FOREIGN KEY(person) REFERENCES persons (id)
);

CREATE INDEX ix_posts_person ON posts (person);

CREATE INDEX ix_posts_role_scope ON posts (role, scope);

CREATE TABLE tickets (
    id BIGINT NOT NULL,
    code VARCHAR(16) NOT NULL,
    tail VARCHAR(8) NOT NULL,
    community BIGINT,
    micro_grid BIGINT NOT NULL,
    category VARCHAR(4) NOT NULL,
    level VARCHAR(2) NOT NULL,
    urgency VARCHAR(10) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    status VARCHAR(8) NOT NULL,
    place TEXT NOT NULL,
    place_key VARCHAR(64) NOT NULL,
    lat FLOAT,
    lon FLOAT,
    words TEXT NOT NULL,
    summary TEXT NOT NULL,
    result TEXT,
    reporter BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    anonymous BOOLEAN NOT NULL,
    designated BOOLEAN NOT NULL,
    dispatches INTEGER NOT NULL,
    reopened INTEGER NOT NULL,
    followers INTEGER NOT NULL,
    source VARCHAR(16) NOT NULL,
    opened TIMESTAMP WITH TIME ZONE NOT NULL,
    changed TIMESTAMP WITH TIME ZONE NOT NULL,
    accept_by TIMESTAMP WITH TIME ZONE,
    due TIMESTAMP WITH TIME ZONE,
    dispatched TIMESTAMP WITH TIME ZONE,
    accepted TIMESTAMP WITH TIME ZONE,
    visited TIMESTAMP WITH TIME ZONE,
    solved TIMESTAMP WITH TIME ZONE,
    closed TIMESTAMP WITH TIME ZONE,
    extended BOOLEAN NOT NULL,
    extension_until TIMESTAMP WITH TIME ZONE,
    solved_answer BOOLEAN,
    rating VARCHAR(8) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_tickets PRIMARY KEY (id),
    CONSTRAINT uq_tickets_code UNIQUE (code),
    CONSTRAINT fk_tickets_community FOREIGN KEY(community) REFERENCES communities (id)
);

CREATE INDEX ix_tickets_board ON tickets (community, changed);

CREATE INDEX ix_tickets_desk ON tickets (community, status);

CREATE INDEX ix_tickets_grid ON tickets (micro_grid, status);

CREATE INDEX ix_tickets_near ON tickets (place_key, category, opened);

CREATE INDEX ix_tickets_owner_status ON tickets (owner, status);

CREATE INDEX ix_tickets_pin ON tickets (category, lat) WHERE lat IS NOT NULL;

CREATE INDEX ix_tickets_reporter ON tickets (reporter, opened);

CREATE INDEX ix_tickets_tail ON tickets (tail);

CREATE TABLE buildings (
    id BIGINT NOT NULL,
    estate BIGINT NOT NULL,
    community BIGINT NOT NULL,
    name VARCHAR(16) NOT NULL,
    lat FLOAT,
    lon FLOAT,
    qr VARCHAR(32) NOT NULL,
    CONSTRAINT pk_buildings PRIMARY KEY (id),
    CONSTRAINT uq_buildings_estate_name UNIQUE (estate, name),
    CONSTRAINT fk_buildings_estate FOREIGN KEY(estate) REFERENCES estates (id),
    CONSTRAINT fk_buildings_community FOREIGN KEY(community) REFERENCES communities (id),
    CONSTRAINT uq_buildings_qr UNIQUE (qr)
);

CREATE INDEX ix_buildings_lat ON buildings (lat);

CREATE TABLE micro_grids (
    id BIGINT NOT NULL,
    grid BIGINT NOT NULL,
    community BIGINT NOT NULL,
    code VARCHAR(17) NOT NULL,
    name VARCHAR(64) NOT NULL,
    CONSTRAINT pk_micro_grids PRIMARY KEY (id),
    CONSTRAINT fk_micro_grids_grid FOREIGN KEY(grid) REFERENCES grids (id),
    CONSTRAINT fk_micro_grids_community FOREIGN KEY(community) REFERENCES communities (id),
    CONSTRAINT uq_micro_grids_code UNIQUE (code)
);

CREATE TABLE sessions (
    token_hash VARCHAR(64) NOT NULL,
    login VARCHAR(64) NOT NULL,
    created TIMESTAMP WITH TIME ZONE NOT NULL,
    seen TIMESTAMP WITH TIME ZONE NOT NULL,
    ended TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sessions PRIMARY KEY (token_hash),
    CONSTRAINT fk_sessions_login FOREIGN KEY(login) REFERENCES logins (login)
);

CREATE TABLE households (
    id BIGINT NOT NULL,
    building BIGINT NOT NULL,
    estate BIGINT NOT NULL,
    community BIGINT NOT NULL,
    micro_grid BIGINT,
    unit VARCHAR(8) NOT NULL,
    floor VARCHAR(8) NOT NULL,
    room VARCHAR(16) NOT NULL,
    CONSTRAINT pk_households PRIMARY KEY (id),
    CONSTRAINT uq_households_building_unit_room UNIQUE (building, unit, room),
    CONSTRAINT fk_households_building FOREIGN KEY(building) REFERENCES buildings (id),
    CONSTRAINT fk_households_estate FOREIGN KEY(estate) REFERENCES estates (id),
    CONSTRAINT fk_households_community FOREIGN KEY(community) REFERENCES communities (id),
    CONSTRAINT fk_households_micro_grid FOREIGN KEY(micro_grid) REFERENCES micro_grids (id)
);

CREATE INDEX ix_households_micro_grid ON households (micro_grid);

CREATE TABLE homes (
    id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    household BIGINT NOT NULL,
    relation VARCHAR(8) NOT NULL,
    source VARCHAR(8) NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_homes PRIMARY KEY (id),
    CONSTRAINT fk_homes_person FOREIGN KEY(person) REFERENCES persons (id),
    CONSTRAINT fk_homes_household FOREIGN KEY(household) REFERENCES households (id)
);

CREATE INDEX ix_homes_household ON homes (household);

CREATE INDEX ix_homes_person ON homes (person);
