-- A database that the first version of the program made (schema 0001): two sources, a correction, a retraction.
PRAGMA application_id = 1349481265;
BEGIN TRANSACTION;
CREATE TABLE actor (
	id INTEGER NOT NULL, 
	slug VARCHAR(64) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	name TEXT NOT NULL, 
	side_id INTEGER, 
	speaks_for_id INTEGER, 
	role TEXT, 
	episode_id INTEGER NOT NULL, 
	recorded_in INTEGER NOT NULL, 
	retracted_in INTEGER, 
	CONSTRAINT pk_actor PRIMARY KEY (id), 
	CONSTRAINT ck_actor_person_shares_side CHECK (kind <> 'person' OR side_id IS NULL), 
	CONSTRAINT ck_actor_only_persons_speak CHECK (kind = 'person' OR speaks_for_id IS NULL), 
	CONSTRAINT ck_actor_retracted_later CHECK (retracted_in > recorded_in), 
	CONSTRAINT fk_actor_episode_id FOREIGN KEY(episode_id) REFERENCES episode (id), 
	CONSTRAINT fk_actor_recorded_in FOREIGN KEY(recorded_in) REFERENCES revision (number), 
	CONSTRAINT fk_actor_retracted_in FOREIGN KEY(retracted_in) REFERENCES revision (number), 
	CONSTRAINT fk_actor_side_id FOREIGN KEY(side_id) REFERENCES side (id), 
	CONSTRAINT fk_actor_speaks_for_id FOREIGN KEY(speaks_for_id) REFERENCES actor (id), 
	CONSTRAINT ck_actor_actorkind CHECK (kind IN ('state', 'alliance', 'organisation', 'person'))
);
INSERT INTO "actor" VALUES(1,'russia','state','Russia',1,NULL,NULL,1,1,NULL);
INSERT INTO "actor" VALUES(2,'us','state','United States',2,NULL,NULL,1,1,NULL);
INSERT INTO "actor" VALUES(3,'nato','alliance','NATO',2,NULL,NULL,1,1,NULL);
INSERT INTO "actor" VALUES(4,'lavrov','person','Sergey Lavrov',NULL,1,NULL,1,1,NULL);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE change (
	id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	what VARCHAR(16) NOT NULL, 
	name TEXT NOT NULL, 
	episode VARCHAR NOT NULL, 
	"before" TEXT, 
	"after" TEXT, 
	CONSTRAINT pk_change PRIMARY KEY (id), 
	CONSTRAINT fk_change_revision FOREIGN KEY(revision) REFERENCES revision (number), 
	CONSTRAINT uq_change_revision_what_name UNIQUE (revision, what, name), 
	CONSTRAINT ck_change_what CHECK (what IN ('episode', 'side', 'actor', 'package', 'demand', 'offer', 'extension', 'response', 'outcome'))
);
INSERT INTO "change" VALUES(1,1,'episode','talks','talks',NULL,'{"id": "talks", "kind": "article", "published": "2022-01-31", "title": "The talks begin", "url": "https://example.org/talks"}');
INSERT INTO "change" VALUES(2,1,'side','russia','talks',NULL,'{"id": "russia", "name": "Russia"}');
INSERT INTO "change" VALUES(3,1,'side','west','talks',NULL,'{"id": "west", "name": "The West"}');
INSERT INTO "change" VALUES(4,1,'actor','russia','talks',NULL,'{"id": "russia", "kind": "state", "name": "Russia", "side": "russia"}');
INSERT INTO "change" VALUES(5,1,'actor','us','talks',NULL,'{"id": "us", "kind": "state", "name": "United States", "side": "west"}');
INSERT INTO "change" VALUES(6,1,'actor','nato','talks',NULL,'{"id": "nato", "kind": "alliance", "name": "NATO", "side": "west"}');
INSERT INTO "change" VALUES(7,1,'actor','lavrov','talks',NULL,'{"id": "lavrov", "kind": "person", "name": "Sergey Lavrov", "speaks_for": "russia"}');
INSERT INTO "change" VALUES(8,1,'package','guarantees','talks',NULL,'{"basis": "reported", "by": ["russia"], "core": ["no-enlargement"], "core_quote": "the key to the rest", "id": "guarantees", "items": ["no-enlargement", "no-missiles"], "quote": "a package and no menu", "said": "2022-01-14", "title": "One package"}');
INSERT INTO "change" VALUES(9,1,'demand','no-enlargement','talks',NULL,'{"basis": "stated", "by": ["russia"], "id": "no-enlargement", "made": "2021-12-17", "quote": "no more members", "title": "No further enlargement", "to": ["nato", "us"], "topic": "enlargement"}');
INSERT INTO "change" VALUES(10,1,'demand','no-missiles','talks',NULL,'{"basis": "stated", "by": ["russia"], "id": "no-missiles", "made": "2021-12-17", "quote": "no missiles near us", "title": "No missiles nearby", "to": ["nato", "us"], "topic": "missiles"}');
INSERT INTO "change" VALUES(11,1,'offer','missile-talks','talks',NULL,'{"answers": ["guarantees", "no-missiles"], "basis": "reported", "by": ["us"], "id": "missile-talks", "made": "2022-01-10", "quote": "open to discussing missiles", "title": "Talks on missiles", "to": ["russia"], "topic": "missiles"}');
INSERT INTO "change" VALUES(12,1,'response','talks/refusal','talks',NULL,'{"basis": "reported", "by": ["nato", "us"], "id": "refusal", "quote": "simply non-starters", "said": "2022-01-12", "stances": {"no-enlargement": {"stance": "non-starter", "wording": "simply non-starters"}}}');
INSERT INTO "change" VALUES(13,1,'response','talks/second-thoughts','talks',NULL,'{"basis": "reported", "by": ["nato"], "id": "second-thoughts", "quote": "something to talk about", "said": "2022-01-12", "stances": {"no-enlargement": {"stance": "negotiable"}}}');
INSERT INTO "change" VALUES(14,1,'response','talks/insistence','talks',NULL,'{"about": {"missile-talks": {}}, "basis": "stated", "by": ["russia"], "id": "insistence", "quote": "we insist", "repeats": {"no-enlargement": {}}, "said": "2022-01-14", "speaker": "lavrov"}');
INSERT INTO "change" VALUES(15,2,'episode','reply','reply',NULL,'{"id": "reply", "kind": "reply", "published": "2022-02-02", "title": "The written reply", "url": "https://example.org/reply"}');
INSERT INTO "change" VALUES(16,2,'offer','wider-talks','reply',NULL,'{"alternative_to": ["missile-talks"], "basis": "stated", "by": ["us"], "id": "wider-talks", "made": "2022-01-26", "quote": "talks on all arms", "title": "Talks on all arms", "to": ["russia"], "topic": "missiles"}');
INSERT INTO "change" VALUES(17,2,'response','reply/open-to-talks','reply',NULL,'{"basis": "stated", "by": ["us"], "id": "open-to-talks", "quote": "ready to talk about missiles", "said": "2022-01-26", "stances": {"no-missiles": {"stance": "open"}}}');
INSERT INTO "change" VALUES(18,2,'response','reply/a-slip','reply',NULL,'{"basis": "stated", "by": ["nato"], "id": "a-slip", "quote": "never", "said": "2022-01-26", "stances": {"no-missiles": {"stance": "non-starter"}}}');
INSERT INTO "change" VALUES(19,2,'outcome','reply/superseded-missile-talks','reply',NULL,'{"by": ["us"], "id": "superseded-missile-talks", "items": ["missile-talks"], "on": "2022-01-26", "outcome": "superseded", "superseded_by": "wider-talks"}');
INSERT INTO "change" VALUES(20,3,'response','talks/refusal','talks','{"basis": "reported", "by": ["nato", "us"], "id": "refusal", "quote": "simply non-starters", "said": "2022-01-12", "stances": {"no-enlargement": {"stance": "non-starter", "wording": "simply non-starters"}}}','{"basis": "reported", "by": ["nato", "us"], "id": "refusal", "quote": "these are simply non-starters", "said": "2022-01-12", "stances": {"no-enlargement": {"stance": "non-starter", "wording": "simply non-starters"}}}');
INSERT INTO "change" VALUES(21,4,'response','reply/a-slip','reply','{"basis": "stated", "by": ["nato"], "id": "a-slip", "quote": "never", "said": "2022-01-26", "stances": {"no-missiles": {"stance": "non-starter"}}}',NULL);
CREATE TABLE episode (
	id INTEGER NOT NULL, 
	slug VARCHAR(64) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	title TEXT NOT NULL, 
	published DATE NOT NULL, 
	url TEXT, 
	author TEXT, 
	publisher TEXT, 
	language VARCHAR, 
	translation VARCHAR(16), 
	read VARCHAR(16) NOT NULL, 
	missing TEXT, 
	summary TEXT, 
	text_sha256 VARCHAR, 
	recorded_in INTEGER NOT NULL, 
	retracted_in INTEGER, 
	CONSTRAINT pk_episode PRIMARY KEY (id), 
	CONSTRAINT ck_episode_missing_if_part CHECK ((read = 'part') = (missing IS NOT NULL)), 
	CONSTRAINT ck_episode_retracted_later CHECK (retracted_in > recorded_in), 
	CONSTRAINT fk_episode_recorded_in FOREIGN KEY(recorded_in) REFERENCES revision (number), 
	CONSTRAINT fk_episode_retracted_in FOREIGN KEY(retracted_in) REFERENCES revision (number), 
	CONSTRAINT ck_episode_episodekind CHECK (kind IN ('article', 'draft', 'statement', 'reply', 'letter', 'report')), 
	CONSTRAINT ck_episode_translation CHECK (translation IN ('official', 'unofficial', 'machine')), 
	CONSTRAINT ck_episode_reading CHECK (read IN ('whole', 'part'))
);
INSERT INTO "episode" VALUES(1,'talks','article','The talks begin','2022-01-31','https://example.org/talks',NULL,NULL,NULL,NULL,'whole',NULL,NULL,NULL,1,NULL);
INSERT INTO "episode" VALUES(2,'reply','reply','The written reply','2022-02-02','https://example.org/reply',NULL,NULL,NULL,NULL,'whole',NULL,NULL,NULL,2,NULL);
CREATE TABLE item (
	id INTEGER NOT NULL, 
	slug VARCHAR(64) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	side_id INTEGER, 
	topic VARCHAR(64) NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT, 
	made_from DATE, 
	made_to DATE NOT NULL, 
	said_from DATE, 
	said_to DATE, 
	speaker_id INTEGER, 
	reported_by_id INTEGER, 
	basis VARCHAR(16) NOT NULL, 
	quote TEXT, 
	summary TEXT, 
	url TEXT, 
	language VARCHAR, 
	translation VARCHAR(16), 
	episode_id INTEGER NOT NULL, 
	recorded_in INTEGER NOT NULL, 
	retracted_in INTEGER, 
	CONSTRAINT pk_item PRIMARY KEY (id), 
	CONSTRAINT ck_item_said_whole CHECK ((said_from IS NULL) = (said_to IS NULL)), 
	CONSTRAINT ck_item_made_in_order CHECK (made_from <= made_to), 
	CONSTRAINT ck_item_retracted_later CHECK (retracted_in > recorded_in), 
	CONSTRAINT ck_item_said_in_order CHECK (said_from <= said_to), 
	CONSTRAINT fk_item_episode_id FOREIGN KEY(episode_id) REFERENCES episode (id), 
	CONSTRAINT fk_item_recorded_in FOREIGN KEY(recorded_in) REFERENCES revision (number), 
	CONSTRAINT fk_item_reported_by_id FOREIGN KEY(reported_by_id) REFERENCES actor (id), 
	CONSTRAINT fk_item_retracted_in FOREIGN KEY(retracted_in) REFERENCES revision (number), 
	CONSTRAINT fk_item_side_id FOREIGN KEY(side_id) REFERENCES side (id), 
	CONSTRAINT fk_item_speaker_id FOREIGN KEY(speaker_id) REFERENCES actor (id), 
	CONSTRAINT ck_item_itemkind CHECK (kind IN ('demand', 'offer')), 
	CONSTRAINT ck_item_basis CHECK (basis IN ('stated', 'reported', 'alleged', 'inferred')), 
	CONSTRAINT ck_item_translation CHECK (translation IN ('official', 'unofficial', 'machine'))
);
INSERT INTO "item" VALUES(1,'no-enlargement','demand',NULL,'enlargement','No further enlargement',NULL,'2021-12-17','2021-12-17',NULL,NULL,NULL,NULL,'stated','no more members',NULL,NULL,NULL,NULL,1,1,NULL);
INSERT INTO "item" VALUES(2,'no-missiles','demand',NULL,'missiles','No missiles nearby',NULL,'2021-12-17','2021-12-17',NULL,NULL,NULL,NULL,'stated','no missiles near us',NULL,NULL,NULL,NULL,1,1,NULL);
INSERT INTO "item" VALUES(3,'missile-talks','offer',NULL,'missiles','Talks on missiles',NULL,'2022-01-10','2022-01-10',NULL,NULL,NULL,NULL,'reported','open to discussing missiles',NULL,NULL,NULL,NULL,1,1,NULL);
INSERT INTO "item" VALUES(4,'wider-talks','offer',NULL,'missiles','Talks on all arms',NULL,'2022-01-26','2022-01-26',NULL,NULL,NULL,NULL,'stated','talks on all arms',NULL,NULL,NULL,NULL,2,2,NULL);
CREATE TABLE item_actor (
	id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	actor_id INTEGER NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	episode_id INTEGER NOT NULL, 
	recorded_in INTEGER NOT NULL, 
	retracted_in INTEGER, 
	CONSTRAINT pk_item_actor PRIMARY KEY (id), 
	CONSTRAINT ck_item_actor_retracted_later CHECK (retracted_in > recorded_in), 
	CONSTRAINT fk_item_actor_actor_id FOREIGN KEY(actor_id) REFERENCES actor (id), 
	CONSTRAINT fk_item_actor_episode_id FOREIGN KEY(episode_id) REFERENCES episode (id), 
	CONSTRAINT fk_item_actor_item_id FOREIGN KEY(item_id) REFERENCES item (id), 
	CONSTRAINT fk_item_actor_recorded_in FOREIGN KEY(recorded_in) REFERENCES revision (number), 
	CONSTRAINT fk_item_actor_retracted_in FOREIGN KEY(retracted_in) REFERENCES revision (number), 
	CONSTRAINT ck_item_actor_role CHECK (role IN ('maker', 'addressee', 'affected'))
);
INSERT INTO "item_actor" VALUES(1,1,1,'maker',1,1,NULL);
INSERT INTO "item_actor" VALUES(2,1,3,'addressee',1,1,NULL);
INSERT INTO "item_actor" VALUES(3,1,2,'addressee',1,1,NULL);
INSERT INTO "item_actor" VALUES(4,2,1,'maker',1,1,NULL);
INSERT INTO "item_actor" VALUES(5,2,3,'addressee',1,1,NULL);
INSERT INTO "item_actor" VALUES(6,2,2,'addressee',1,1,NULL);
INSERT INTO "item_actor" VALUES(7,3,2,'maker',1,1,NULL);
INSERT INTO "item_actor" VALUES(8,3,1,'addressee',1,1,NULL);
INSERT INTO "item_actor" VALUES(9,4,2,'maker',2,2,NULL);
INSERT INTO "item_actor" VALUES(10,4,1,'addressee',2,2,NULL);
CREATE TABLE item_link (
	id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	to_item_id INTEGER, 
	to_package_id INTEGER, 
	episode_id INTEGER NOT NULL, 
	recorded_in INTEGER NOT NULL, 
	retracted_in INTEGER, 
	CONSTRAINT pk_item_link PRIMARY KEY (id), 
	CONSTRAINT ck_item_link_packages_are_answered CHECK (to_package_id IS NULL OR kind = 'answers'), 
	CONSTRAINT ck_item_link_one_target CHECK ((to_item_id IS NULL) <> (to_package_id IS NULL)), 
	CONSTRAINT ck_item_link_retracted_later CHECK (retracted_in > recorded_in), 
	CONSTRAINT ck_item_link_not_to_itself CHECK (to_item_id <> item_id), 
	CONSTRAINT fk_item_link_episode_id FOREIGN KEY(episode_id) REFERENCES episode (id), 
	CONSTRAINT fk_item_link_item_id FOREIGN KEY(item_id) REFERENCES item (id), 
	CONSTRAINT fk_item_link_recorded_in FOREIGN KEY(recorded_in) REFERENCES revision (number), 
	CONSTRAINT fk_item_link_retracted_in FOREIGN KEY(retracted_in) REFERENCES revision (number), 
	CONSTRAINT fk_item_link_to_item_id FOREIGN KEY(to_item_id) REFERENCES item (id), 
	CONSTRAINT fk_item_link_to_package_id FOREIGN KEY(to_package_id) REFERENCES package (id), 
	CONSTRAINT ck_item_link_linkkind CHECK (kind IN ('answers', 'alternative_to', 'part_of'))
);
INSERT INTO "item_link" VALUES(1,3,'answers',NULL,1,1,1,NULL);
INSERT INTO "item_link" VALUES(2,3,'answers',2,NULL,1,1,NULL);
INSERT INTO "item_link" VALUES(3,4,'alternative_to',3,NULL,2,2,NULL);
CREATE TABLE mention (
	id INTEGER NOT NULL, 
	response_id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	wording TEXT, 
	scope VARCHAR(16), 
	quote TEXT, 
	recorded_in INTEGER NOT NULL, 
	retracted_in INTEGER, 
	CONSTRAINT pk_mention PRIMARY KEY (id), 
	CONSTRAINT ck_mention_scope_if_repeated CHECK ((kind = 'repeats') = (scope IS NOT NULL)), 
	CONSTRAINT ck_mention_retracted_later CHECK (retracted_in > recorded_in), 
	CONSTRAINT fk_mention_item_id FOREIGN KEY(item_id) REFERENCES item (id), 
	CONSTRAINT fk_mention_recorded_in FOREIGN KEY(recorded_in) REFERENCES revision (number), 
	CONSTRAINT fk_mention_response_id FOREIGN KEY(response_id) REFERENCES response (id), 
	CONSTRAINT fk_mention_retracted_in FOREIGN KEY(retracted_in) REFERENCES revision (number), 
	CONSTRAINT ck_mention_mentionkind CHECK (kind IN ('repeats', 'about')), 
	CONSTRAINT ck_mention_scope CHECK (scope IN ('same', 'wider', 'narrower', 'other'))
);
INSERT INTO "mention" VALUES(1,3,1,'repeats',NULL,'same',NULL,1,NULL);
INSERT INTO "mention" VALUES(2,3,3,'about',NULL,NULL,NULL,1,NULL);
CREATE TABLE outcome (
	id INTEGER NOT NULL, 
	slug VARCHAR(64) NOT NULL, 
	episode_id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	in_part BOOLEAN NOT NULL, 
	superseded_by_id INTEGER, 
	said_from DATE NOT NULL, 
	said_to DATE NOT NULL, 
	speaker_id INTEGER, 
	reported_by_id INTEGER, 
	basis VARCHAR(16), 
	quote TEXT, 
	summary TEXT, 
	url TEXT, 
	language VARCHAR, 
	translation VARCHAR(16), 
	sequence INTEGER NOT NULL, 
	recorded_in INTEGER NOT NULL, 
	retracted_in INTEGER, 
	CONSTRAINT pk_outcome PRIMARY KEY (id), 
	CONSTRAINT ck_outcome_superseded_by CHECK ((kind = 'superseded') = (superseded_by_id IS NOT NULL)), 
	CONSTRAINT ck_outcome_retracted_later CHECK (retracted_in > recorded_in), 
	CONSTRAINT ck_outcome_said_in_order CHECK (said_from <= said_to), 
	CONSTRAINT fk_outcome_episode_id FOREIGN KEY(episode_id) REFERENCES episode (id), 
	CONSTRAINT fk_outcome_recorded_in FOREIGN KEY(recorded_in) REFERENCES revision (number), 
	CONSTRAINT fk_outcome_reported_by_id FOREIGN KEY(reported_by_id) REFERENCES actor (id), 
	CONSTRAINT fk_outcome_retracted_in FOREIGN KEY(retracted_in) REFERENCES revision (number), 
	CONSTRAINT fk_outcome_speaker_id FOREIGN KEY(speaker_id) REFERENCES actor (id), 
	CONSTRAINT fk_outcome_superseded_by_id FOREIGN KEY(superseded_by_id) REFERENCES item (id), 
	CONSTRAINT ck_outcome_outcomekind CHECK (kind IN ('agreed', 'met', 'withdrawn', 'superseded')), 
	CONSTRAINT ck_outcome_basis CHECK (basis IN ('stated', 'reported', 'alleged', 'inferred')), 
	CONSTRAINT ck_outcome_translation CHECK (translation IN ('official', 'unofficial', 'machine'))
);
INSERT INTO "outcome" VALUES(1,'superseded-missile-talks',2,'superseded',0,4,'2022-01-26','2022-01-26',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,6,2,NULL);
CREATE TABLE outcome_actor (
	outcome_id INTEGER NOT NULL, 
	actor_id INTEGER NOT NULL, 
	CONSTRAINT pk_outcome_actor PRIMARY KEY (outcome_id, actor_id), 
	CONSTRAINT fk_outcome_actor_actor_id FOREIGN KEY(actor_id) REFERENCES actor (id), 
	CONSTRAINT fk_outcome_actor_outcome_id FOREIGN KEY(outcome_id) REFERENCES outcome (id)
);
INSERT INTO "outcome_actor" VALUES(1,2);
CREATE TABLE outcome_item (
	outcome_id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	CONSTRAINT pk_outcome_item PRIMARY KEY (outcome_id, item_id), 
	CONSTRAINT fk_outcome_item_item_id FOREIGN KEY(item_id) REFERENCES item (id), 
	CONSTRAINT fk_outcome_item_outcome_id FOREIGN KEY(outcome_id) REFERENCES outcome (id)
);
INSERT INTO "outcome_item" VALUES(1,3);
CREATE TABLE package (
	id INTEGER NOT NULL, 
	slug VARCHAR(64) NOT NULL, 
	title TEXT NOT NULL, 
	said_from DATE NOT NULL, 
	said_to DATE NOT NULL, 
	speaker_id INTEGER, 
	reported_by_id INTEGER, 
	basis VARCHAR(16), 
	quote TEXT, 
	core_quote TEXT, 
	summary TEXT, 
	url TEXT, 
	episode_id INTEGER NOT NULL, 
	recorded_in INTEGER NOT NULL, 
	retracted_in INTEGER, 
	CONSTRAINT pk_package PRIMARY KEY (id), 
	CONSTRAINT ck_package_retracted_later CHECK (retracted_in > recorded_in), 
	CONSTRAINT ck_package_said_in_order CHECK (said_from <= said_to), 
	CONSTRAINT fk_package_episode_id FOREIGN KEY(episode_id) REFERENCES episode (id), 
	CONSTRAINT fk_package_recorded_in FOREIGN KEY(recorded_in) REFERENCES revision (number), 
	CONSTRAINT fk_package_reported_by_id FOREIGN KEY(reported_by_id) REFERENCES actor (id), 
	CONSTRAINT fk_package_retracted_in FOREIGN KEY(retracted_in) REFERENCES revision (number), 
	CONSTRAINT fk_package_speaker_id FOREIGN KEY(speaker_id) REFERENCES actor (id), 
	CONSTRAINT ck_package_basis CHECK (basis IN ('stated', 'reported', 'alleged', 'inferred'))
);
INSERT INTO "package" VALUES(1,'guarantees','One package','2022-01-14','2022-01-14',NULL,NULL,'reported','a package and no menu','the key to the rest',NULL,NULL,1,1,NULL);
CREATE TABLE package_item (
	id INTEGER NOT NULL, 
	package_id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	core BOOLEAN NOT NULL, 
	episode_id INTEGER NOT NULL, 
	recorded_in INTEGER NOT NULL, 
	retracted_in INTEGER, 
	CONSTRAINT pk_package_item PRIMARY KEY (id), 
	CONSTRAINT ck_package_item_retracted_later CHECK (retracted_in > recorded_in), 
	CONSTRAINT fk_package_item_episode_id FOREIGN KEY(episode_id) REFERENCES episode (id), 
	CONSTRAINT fk_package_item_item_id FOREIGN KEY(item_id) REFERENCES item (id), 
	CONSTRAINT fk_package_item_package_id FOREIGN KEY(package_id) REFERENCES package (id), 
	CONSTRAINT fk_package_item_recorded_in FOREIGN KEY(recorded_in) REFERENCES revision (number), 
	CONSTRAINT fk_package_item_retracted_in FOREIGN KEY(retracted_in) REFERENCES revision (number)
);
INSERT INTO "package_item" VALUES(1,1,1,1,1,1,NULL);
INSERT INTO "package_item" VALUES(2,1,2,0,1,1,NULL);
CREATE TABLE package_maker (
	id INTEGER NOT NULL, 
	package_id INTEGER NOT NULL, 
	actor_id INTEGER NOT NULL, 
	episode_id INTEGER NOT NULL, 
	recorded_in INTEGER NOT NULL, 
	retracted_in INTEGER, 
	CONSTRAINT pk_package_maker PRIMARY KEY (id), 
	CONSTRAINT ck_package_maker_retracted_later CHECK (retracted_in > recorded_in), 
	CONSTRAINT fk_package_maker_actor_id FOREIGN KEY(actor_id) REFERENCES actor (id), 
	CONSTRAINT fk_package_maker_episode_id FOREIGN KEY(episode_id) REFERENCES episode (id), 
	CONSTRAINT fk_package_maker_package_id FOREIGN KEY(package_id) REFERENCES package (id), 
	CONSTRAINT fk_package_maker_recorded_in FOREIGN KEY(recorded_in) REFERENCES revision (number), 
	CONSTRAINT fk_package_maker_retracted_in FOREIGN KEY(retracted_in) REFERENCES revision (number)
);
INSERT INTO "package_maker" VALUES(1,1,1,1,1,NULL);
CREATE TABLE provision (
	id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	document_id INTEGER NOT NULL, 
	article TEXT NOT NULL, 
	episode_id INTEGER NOT NULL, 
	recorded_in INTEGER NOT NULL, 
	retracted_in INTEGER, 
	CONSTRAINT pk_provision PRIMARY KEY (id), 
	CONSTRAINT ck_provision_retracted_later CHECK (retracted_in > recorded_in), 
	CONSTRAINT fk_provision_document_id FOREIGN KEY(document_id) REFERENCES episode (id), 
	CONSTRAINT fk_provision_episode_id FOREIGN KEY(episode_id) REFERENCES episode (id), 
	CONSTRAINT fk_provision_item_id FOREIGN KEY(item_id) REFERENCES item (id), 
	CONSTRAINT fk_provision_recorded_in FOREIGN KEY(recorded_in) REFERENCES revision (number), 
	CONSTRAINT fk_provision_retracted_in FOREIGN KEY(retracted_in) REFERENCES revision (number)
);
CREATE TABLE response (
	id INTEGER NOT NULL, 
	slug VARCHAR(64) NOT NULL, 
	episode_id INTEGER NOT NULL, 
	said_from DATE NOT NULL, 
	said_to DATE NOT NULL, 
	venue TEXT, 
	speaker_id INTEGER, 
	reported_by_id INTEGER, 
	basis VARCHAR(16) NOT NULL, 
	quote TEXT, 
	summary TEXT, 
	url TEXT, 
	language VARCHAR, 
	translation VARCHAR(16), 
	sequence INTEGER NOT NULL, 
	recorded_in INTEGER NOT NULL, 
	retracted_in INTEGER, 
	CONSTRAINT pk_response PRIMARY KEY (id), 
	CONSTRAINT ck_response_retracted_later CHECK (retracted_in > recorded_in), 
	CONSTRAINT ck_response_said_in_order CHECK (said_from <= said_to), 
	CONSTRAINT fk_response_episode_id FOREIGN KEY(episode_id) REFERENCES episode (id), 
	CONSTRAINT fk_response_recorded_in FOREIGN KEY(recorded_in) REFERENCES revision (number), 
	CONSTRAINT fk_response_reported_by_id FOREIGN KEY(reported_by_id) REFERENCES actor (id), 
	CONSTRAINT fk_response_retracted_in FOREIGN KEY(retracted_in) REFERENCES revision (number), 
	CONSTRAINT fk_response_speaker_id FOREIGN KEY(speaker_id) REFERENCES actor (id), 
	CONSTRAINT uq_response_copied UNIQUE (id, episode_id, said_from, said_to, sequence, basis), 
	CONSTRAINT ck_response_basis CHECK (basis IN ('stated', 'reported', 'alleged', 'inferred')), 
	CONSTRAINT ck_response_translation CHECK (translation IN ('official', 'unofficial', 'machine'))
);
INSERT INTO "response" VALUES(1,'refusal',1,'2022-01-12','2022-01-12',NULL,NULL,NULL,'reported','simply non-starters',NULL,NULL,NULL,NULL,1,1,3);
INSERT INTO "response" VALUES(2,'second-thoughts',1,'2022-01-12','2022-01-12',NULL,NULL,NULL,'reported','something to talk about',NULL,NULL,NULL,NULL,2,1,NULL);
INSERT INTO "response" VALUES(3,'insistence',1,'2022-01-14','2022-01-14',NULL,4,NULL,'stated','we insist',NULL,NULL,NULL,NULL,3,1,NULL);
INSERT INTO "response" VALUES(4,'open-to-talks',2,'2022-01-26','2022-01-26',NULL,NULL,NULL,'stated','ready to talk about missiles',NULL,NULL,NULL,NULL,4,2,NULL);
INSERT INTO "response" VALUES(5,'a-slip',2,'2022-01-26','2022-01-26',NULL,NULL,NULL,'stated','never',NULL,NULL,NULL,NULL,5,2,4);
INSERT INTO "response" VALUES(6,'refusal',1,'2022-01-12','2022-01-12',NULL,NULL,NULL,'reported','these are simply non-starters',NULL,NULL,NULL,NULL,1,3,NULL);
CREATE TABLE response_actor (
	response_id INTEGER NOT NULL, 
	actor_id INTEGER NOT NULL, 
	CONSTRAINT pk_response_actor PRIMARY KEY (response_id, actor_id), 
	CONSTRAINT fk_response_actor_actor_id FOREIGN KEY(actor_id) REFERENCES actor (id), 
	CONSTRAINT fk_response_actor_response_id FOREIGN KEY(response_id) REFERENCES response (id)
);
INSERT INTO "response_actor" VALUES(1,3);
INSERT INTO "response_actor" VALUES(1,2);
INSERT INTO "response_actor" VALUES(2,3);
INSERT INTO "response_actor" VALUES(3,1);
INSERT INTO "response_actor" VALUES(4,2);
INSERT INTO "response_actor" VALUES(5,3);
INSERT INTO "response_actor" VALUES(6,3);
INSERT INTO "response_actor" VALUES(6,2);
CREATE TABLE revision (
	number INTEGER NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	recorded_by TEXT NOT NULL, 
	message TEXT NOT NULL, 
	file TEXT, 
	file_sha256 VARCHAR, 
	CONSTRAINT pk_revision PRIMARY KEY (number)
);
INSERT INTO "revision" VALUES(1,'2026-11-27 19:44:47.987282','analyst','record f1.yaml','talks.yaml','afae7850ea1826e1848a1b9467bdc222cc05eb228897552ac0ef05486e3d4adc');
INSERT INTO "revision" VALUES(2,'2026-11-27 19:44:48.623762','analyst','record f2.yaml','reply.yaml','602a99ec71521942b54c92f296fdea7b84a2495ea1837441a7e08c316c838630');
INSERT INTO "revision" VALUES(3,'2026-11-27 19:44:56.840340','analyst','record f1.yaml','talks.yaml','3cb095f7906ca2e87410ec68a4356260b1fa28e77593022fab107ef1c03b6263');
INSERT INTO "revision" VALUES(4,'2026-11-27 19:45:05.295060','analyst','Said of another item.',NULL,NULL);
CREATE TABLE side (
	id INTEGER NOT NULL, 
	slug VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	episode_id INTEGER NOT NULL, 
	recorded_in INTEGER NOT NULL, 
	retracted_in INTEGER, 
	CONSTRAINT pk_side PRIMARY KEY (id), 
	CONSTRAINT ck_side_retracted_later CHECK (retracted_in > recorded_in), 
	CONSTRAINT fk_side_episode_id FOREIGN KEY(episode_id) REFERENCES episode (id), 
	CONSTRAINT fk_side_recorded_in FOREIGN KEY(recorded_in) REFERENCES revision (number), 
	CONSTRAINT fk_side_retracted_in FOREIGN KEY(retracted_in) REFERENCES revision (number)
);
INSERT INTO "side" VALUES(1,'russia','Russia',1,1,NULL);
INSERT INTO "side" VALUES(2,'west','The West',1,1,NULL);
CREATE TABLE stance (
	id INTEGER NOT NULL, 
	response_id INTEGER NOT NULL, 
	actor_id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	wording TEXT, 
	condition TEXT, 
	quote TEXT, 
	basis VARCHAR(16), 
	response_basis VARCHAR(16) NOT NULL, 
	firm BOOLEAN NOT NULL, 
	stated BOOLEAN NOT NULL, 
	episode_id INTEGER NOT NULL, 
	said_from DATE NOT NULL, 
	said_to DATE NOT NULL, 
	sequence INTEGER NOT NULL, 
	recorded_in INTEGER NOT NULL, 
	retracted_in INTEGER, 
	CONSTRAINT pk_stance PRIMARY KEY (id), 
	CONSTRAINT ck_stance_firm CHECK (firm = (coalesce(basis, response_basis) IN ('stated', 'reported'))), 
	CONSTRAINT ck_stance_open_without_condition CHECK (kind <> 'open' OR condition IS NULL), 
	CONSTRAINT ck_stance_stated CHECK (stated = (coalesce(basis, response_basis) = 'stated')), 
	CONSTRAINT ck_stance_retracted_later CHECK (retracted_in > recorded_in), 
	CONSTRAINT fk_stance_item_id FOREIGN KEY(item_id) REFERENCES item (id), 
	CONSTRAINT fk_stance_recorded_in FOREIGN KEY(recorded_in) REFERENCES revision (number), 
	CONSTRAINT fk_stance_giver FOREIGN KEY(response_id, actor_id) REFERENCES response_actor (response_id, actor_id), 
	CONSTRAINT fk_stance_copied FOREIGN KEY(response_id, episode_id, said_from, said_to, sequence, response_basis) REFERENCES response (id, episode_id, said_from, said_to, sequence, basis), 
	CONSTRAINT fk_stance_retracted_in FOREIGN KEY(retracted_in) REFERENCES revision (number), 
	CONSTRAINT ck_stance_stancekind CHECK (kind IN ('non-starter', 'negotiable', 'open')), 
	CONSTRAINT ck_stance_basis CHECK (basis IN ('stated', 'reported', 'alleged', 'inferred')), 
	CONSTRAINT ck_stance_response_basis CHECK (response_basis IN ('stated', 'reported', 'alleged', 'inferred'))
);
INSERT INTO "stance" VALUES(1,1,3,1,'non-starter','simply non-starters',NULL,NULL,NULL,'reported',1,0,1,'2022-01-12','2022-01-12',1,1,3);
INSERT INTO "stance" VALUES(2,1,2,1,'non-starter','simply non-starters',NULL,NULL,NULL,'reported',1,0,1,'2022-01-12','2022-01-12',1,1,3);
INSERT INTO "stance" VALUES(3,2,3,1,'negotiable',NULL,NULL,NULL,NULL,'reported',1,0,1,'2022-01-12','2022-01-12',2,1,NULL);
INSERT INTO "stance" VALUES(4,4,2,2,'open',NULL,NULL,NULL,NULL,'stated',1,1,2,'2022-01-26','2022-01-26',4,2,NULL);
INSERT INTO "stance" VALUES(5,5,3,2,'non-starter',NULL,NULL,NULL,NULL,'stated',1,1,2,'2022-01-26','2022-01-26',5,2,4);
INSERT INTO "stance" VALUES(6,6,3,1,'non-starter','simply non-starters',NULL,NULL,NULL,'reported',1,0,1,'2022-01-12','2022-01-12',1,3,NULL);
INSERT INTO "stance" VALUES(7,6,2,1,'non-starter','simply non-starters',NULL,NULL,NULL,'reported',1,0,1,'2022-01-12','2022-01-12',1,3,NULL);
CREATE INDEX ix_change_episode ON change (episode);
CREATE INDEX ix_change_name ON change (what, name, revision);
CREATE INDEX ix_episode_published ON episode (published);
CREATE UNIQUE INDEX uq_episode_held ON episode (slug) WHERE retracted_in IS NULL;
CREATE INDEX ix_side_episode_id ON side (episode_id);
CREATE UNIQUE INDEX uq_side_held ON side (slug) WHERE retracted_in IS NULL;
CREATE INDEX ix_actor_episode_id ON actor (episode_id);
CREATE INDEX ix_actor_side_id ON actor (side_id);
CREATE INDEX ix_actor_speaks_for_id ON actor (speaks_for_id);
CREATE UNIQUE INDEX uq_actor_held ON actor (slug) WHERE retracted_in IS NULL;
CREATE INDEX ix_item_episode_id ON item (episode_id);
CREATE INDEX ix_item_made_to ON item (made_to);
CREATE INDEX ix_item_reported_by_id ON item (reported_by_id);
CREATE INDEX ix_item_side_id ON item (side_id);
CREATE INDEX ix_item_speaker_id ON item (speaker_id);
CREATE INDEX ix_item_topic ON item (topic);
CREATE UNIQUE INDEX uq_item_held ON item (slug) WHERE retracted_in IS NULL;
CREATE INDEX ix_package_episode_id ON package (episode_id);
CREATE INDEX ix_package_reported_by_id ON package (reported_by_id);
CREATE INDEX ix_package_speaker_id ON package (speaker_id);
CREATE UNIQUE INDEX uq_package_held ON package (slug) WHERE retracted_in IS NULL;
CREATE INDEX ix_response_reported_by_id ON response (reported_by_id);
CREATE INDEX ix_response_said_to ON response (said_to);
CREATE INDEX ix_response_speaker_id ON response (speaker_id);
CREATE UNIQUE INDEX uq_response_held ON response (episode_id, slug) WHERE retracted_in IS NULL;
CREATE INDEX ix_item_actor_actor_id ON item_actor (actor_id);
CREATE INDEX ix_item_actor_episode_id ON item_actor (episode_id);
CREATE INDEX ix_item_actor_item_id ON item_actor (item_id);
CREATE UNIQUE INDEX uq_item_actor_held ON item_actor (item_id, actor_id, role, episode_id) WHERE retracted_in IS NULL;
CREATE INDEX ix_item_link_episode_id ON item_link (episode_id);
CREATE INDEX ix_item_link_item_id ON item_link (item_id);
CREATE INDEX ix_item_link_to_item_id ON item_link (to_item_id);
CREATE INDEX ix_item_link_to_package_id ON item_link (to_package_id);
CREATE UNIQUE INDEX uq_item_link_item_held ON item_link (item_id, kind, to_item_id, episode_id) WHERE retracted_in IS NULL;
CREATE UNIQUE INDEX uq_item_link_package_held ON item_link (item_id, kind, to_package_id, episode_id) WHERE retracted_in IS NULL;
CREATE INDEX ix_mention_item_id ON mention (item_id);
CREATE UNIQUE INDEX uq_mention_held ON mention (response_id, item_id, kind) WHERE retracted_in IS NULL;
CREATE INDEX ix_outcome_reported_by_id ON outcome (reported_by_id);
CREATE INDEX ix_outcome_speaker_id ON outcome (speaker_id);
CREATE INDEX ix_outcome_superseded_by_id ON outcome (superseded_by_id);
CREATE UNIQUE INDEX uq_outcome_held ON outcome (episode_id, slug) WHERE retracted_in IS NULL;
CREATE INDEX ix_package_item_episode_id ON package_item (episode_id);
CREATE INDEX ix_package_item_item_id ON package_item (item_id);
CREATE INDEX ix_package_item_package_id ON package_item (package_id);
CREATE UNIQUE INDEX uq_package_item_held ON package_item (package_id, item_id, episode_id) WHERE retracted_in IS NULL;
CREATE INDEX ix_package_maker_actor_id ON package_maker (actor_id);
CREATE INDEX ix_package_maker_episode_id ON package_maker (episode_id);
CREATE INDEX ix_package_maker_package_id ON package_maker (package_id);
CREATE UNIQUE INDEX uq_package_maker_held ON package_maker (package_id, actor_id, episode_id) WHERE retracted_in IS NULL;
CREATE INDEX ix_provision_document_id ON provision (document_id);
CREATE INDEX ix_provision_episode_id ON provision (episode_id);
CREATE INDEX ix_provision_item_id ON provision (item_id);
CREATE UNIQUE INDEX uq_provision_held ON provision (item_id, document_id, article, episode_id) WHERE retracted_in IS NULL;
CREATE INDEX ix_response_actor_actor_id ON response_actor (actor_id);
CREATE INDEX ix_outcome_actor_actor_id ON outcome_actor (actor_id);
CREATE INDEX ix_outcome_item_item_id ON outcome_item (item_id);
CREATE INDEX ix_stance_current ON stance (item_id, actor_id, firm, said_from, stated, said_to, sequence, recorded_in, retracted_in, episode_id, kind);
CREATE INDEX ix_stance_day ON stance (said_to, item_id, actor_id);
CREATE INDEX ix_stance_refused ON stance (item_id, actor_id, firm, said_from, stated, said_to, sequence) WHERE kind = 'non-starter';
CREATE UNIQUE INDEX uq_stance_held ON stance (response_id, actor_id, item_id) WHERE retracted_in IS NULL;
CREATE VIEW current_stance AS SELECT i.slug AS item, i.title AS title, i.kind AS item_kind, a.slug AS actor, s.kind AS stance,
  s.wording AS wording, s.condition AS condition,
  coalesce(s.basis, s.response_basis) AS basis, coalesce(s.quote, r.quote) AS quote, r.summary AS summary,
  s.said_from AS said_from, s.said_to AS said_to, e.slug AS episode, r.slug AS response,
  coalesce(r.url, e.url) AS url, s.recorded_in AS revision,
  EXISTS (
    SELECT 1 FROM stance AS x
    WHERE x.item_id = c.item_id AND x.actor_id = c.actor_id AND x.retracted_in IS NULL
    AND coalesce(x.basis, x.response_basis) = coalesce(c.basis, c.response_basis)
    AND x.said_from <= c.said_to AND c.said_from <= x.said_to
    AND x.kind <> c.kind) AS contested
FROM (SELECT DISTINCT item_id, actor_id FROM stance WHERE retracted_in IS NULL) AS pair
JOIN stance AS c ON c.id = (
  SELECT x.id FROM stance AS x
  WHERE x.item_id = pair.item_id AND x.actor_id = pair.actor_id AND x.retracted_in IS NULL
  ORDER BY x.firm DESC, x.said_from DESC, x.stated DESC, x.said_to DESC, x.sequence DESC LIMIT 1)
JOIN stance AS s ON s.id = c.id
JOIN item AS i ON i.id = s.item_id
JOIN actor AS a ON a.id = s.actor_id
JOIN response AS r ON r.id = s.response_id
JOIN episode AS e ON e.id = s.episode_id;
CREATE VIEW non_starter AS SELECT i.slug AS item, i.title AS title, i.kind AS item_kind, i.quote AS item_quote, a.slug AS refused_by,
  s.wording AS wording, s.condition AS condition,
  coalesce(s.basis, s.response_basis) AS basis, coalesce(s.quote, r.quote) AS quote, r.summary AS summary,
  s.said_from AS said_from, s.said_to AS said_to, e.slug AS episode, r.slug AS response,
  coalesce(r.url, e.url) AS url, s.recorded_in AS revision,
  EXISTS (
    SELECT 1 FROM stance AS x
    WHERE x.item_id = c.item_id AND x.actor_id = c.actor_id AND x.retracted_in IS NULL
    AND coalesce(x.basis, x.response_basis) = coalesce(c.basis, c.response_basis)
    AND x.said_from <= c.said_to AND c.said_from <= x.said_to
    AND x.kind <> c.kind) AS contested
FROM (SELECT DISTINCT item_id, actor_id FROM stance WHERE retracted_in IS NULL) AS pair
JOIN stance AS c ON c.id = (
  SELECT x.id FROM stance AS x
  WHERE x.item_id = pair.item_id AND x.actor_id = pair.actor_id AND x.retracted_in IS NULL
  ORDER BY x.firm DESC, x.said_from DESC, x.stated DESC, x.said_to DESC, x.sequence DESC LIMIT 1)
JOIN stance AS s ON s.id = (
  SELECT x.id FROM stance AS x
  WHERE x.item_id = c.item_id AND x.actor_id = c.actor_id AND x.retracted_in IS NULL
    AND x.kind = 'non-starter'
    AND (x.id = c.id OR coalesce(x.basis, x.response_basis) = coalesce(c.basis, c.response_basis)
    AND x.said_from <= c.said_to AND c.said_from <= x.said_to)
  ORDER BY x.firm DESC, x.said_from DESC, x.stated DESC, x.said_to DESC, x.sequence DESC LIMIT 1)
JOIN item AS i ON i.id = s.item_id
JOIN actor AS a ON a.id = s.actor_id
JOIN response AS r ON r.id = s.response_id
JOIN episode AS e ON e.id = s.episode_id
WHERE NOT EXISTS (
  SELECT 1 FROM item_actor AS m
  WHERE m.item_id = s.item_id AND m.actor_id = s.actor_id AND m.role = 'maker' AND m.retracted_in IS NULL);
CREATE TRIGGER revision_keeps_rows BEFORE DELETE ON revision BEGIN SELECT RAISE(ABORT, 'what is recorded in revision is never rewritten'); END;
CREATE TRIGGER revision_no_replace BEFORE INSERT ON revision WHEN EXISTS (SELECT 1 FROM revision WHERE number = NEW.number) BEGIN SELECT RAISE(ABORT, 'what is recorded in revision is never rewritten'); END;
CREATE TRIGGER revision_no_rewrite BEFORE UPDATE ON revision  BEGIN SELECT RAISE(ABORT, 'what is recorded in revision is never rewritten'); END;
CREATE TRIGGER change_keeps_rows BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'what is recorded in change is never rewritten'); END;
CREATE TRIGGER change_no_replace BEFORE INSERT ON change WHEN EXISTS (SELECT 1 FROM change WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM change WHERE revision = NEW.revision AND what = NEW.what AND name = NEW.name) BEGIN SELECT RAISE(ABORT, 'what is recorded in change is never rewritten'); END;
CREATE TRIGGER change_no_rewrite BEFORE UPDATE ON change  BEGIN SELECT RAISE(ABORT, 'what is recorded in change is never rewritten'); END;
CREATE TRIGGER package_maker_keeps_rows BEFORE DELETE ON package_maker BEGIN SELECT RAISE(ABORT, 'what is recorded in package_maker is never rewritten'); END;
CREATE TRIGGER package_maker_no_replace BEFORE INSERT ON package_maker WHEN EXISTS (SELECT 1 FROM package_maker WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM package_maker WHERE package_id = NEW.package_id AND actor_id = NEW.actor_id AND episode_id = NEW.episode_id AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in package_maker is never rewritten'); END;
CREATE TRIGGER package_maker_no_rewrite BEFORE UPDATE ON package_maker WHEN NOT (OLD.retracted_in IS NULL AND NEW.retracted_in IS NOT NULL AND NEW.id IS OLD.id AND NEW.package_id IS OLD.package_id AND NEW.actor_id IS OLD.actor_id AND NEW.episode_id IS OLD.episode_id AND NEW.recorded_in IS OLD.recorded_in) BEGIN SELECT RAISE(ABORT, 'what is recorded in package_maker is never rewritten'); END;
CREATE TRIGGER package_item_keeps_rows BEFORE DELETE ON package_item BEGIN SELECT RAISE(ABORT, 'what is recorded in package_item is never rewritten'); END;
CREATE TRIGGER package_item_no_replace BEFORE INSERT ON package_item WHEN EXISTS (SELECT 1 FROM package_item WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM package_item WHERE package_id = NEW.package_id AND item_id = NEW.item_id AND episode_id = NEW.episode_id AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in package_item is never rewritten'); END;
CREATE TRIGGER package_item_no_rewrite BEFORE UPDATE ON package_item WHEN NOT (OLD.retracted_in IS NULL AND NEW.retracted_in IS NOT NULL AND NEW.id IS OLD.id AND NEW.package_id IS OLD.package_id AND NEW.item_id IS OLD.item_id AND NEW.core IS OLD.core AND NEW.episode_id IS OLD.episode_id AND NEW.recorded_in IS OLD.recorded_in) BEGIN SELECT RAISE(ABORT, 'what is recorded in package_item is never rewritten'); END;
CREATE TRIGGER item_actor_keeps_rows BEFORE DELETE ON item_actor BEGIN SELECT RAISE(ABORT, 'what is recorded in item_actor is never rewritten'); END;
CREATE TRIGGER item_actor_no_replace BEFORE INSERT ON item_actor WHEN EXISTS (SELECT 1 FROM item_actor WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM item_actor WHERE item_id = NEW.item_id AND actor_id = NEW.actor_id AND role = NEW.role AND episode_id = NEW.episode_id AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in item_actor is never rewritten'); END;
CREATE TRIGGER item_actor_no_rewrite BEFORE UPDATE ON item_actor WHEN NOT (OLD.retracted_in IS NULL AND NEW.retracted_in IS NOT NULL AND NEW.id IS OLD.id AND NEW.item_id IS OLD.item_id AND NEW.actor_id IS OLD.actor_id AND NEW.role IS OLD.role AND NEW.episode_id IS OLD.episode_id AND NEW.recorded_in IS OLD.recorded_in) BEGIN SELECT RAISE(ABORT, 'what is recorded in item_actor is never rewritten'); END;
CREATE TRIGGER item_link_keeps_rows BEFORE DELETE ON item_link BEGIN SELECT RAISE(ABORT, 'what is recorded in item_link is never rewritten'); END;
CREATE TRIGGER item_link_no_replace BEFORE INSERT ON item_link WHEN EXISTS (SELECT 1 FROM item_link WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM item_link WHERE item_id = NEW.item_id AND kind = NEW.kind AND to_item_id = NEW.to_item_id AND episode_id = NEW.episode_id AND retracted_in IS NULL AND NEW.retracted_in IS NULL) OR EXISTS (SELECT 1 FROM item_link WHERE item_id = NEW.item_id AND kind = NEW.kind AND to_package_id = NEW.to_package_id AND episode_id = NEW.episode_id AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in item_link is never rewritten'); END;
CREATE TRIGGER item_link_no_rewrite BEFORE UPDATE ON item_link WHEN NOT (OLD.retracted_in IS NULL AND NEW.retracted_in IS NOT NULL AND NEW.id IS OLD.id AND NEW.item_id IS OLD.item_id AND NEW.kind IS OLD.kind AND NEW.to_item_id IS OLD.to_item_id AND NEW.to_package_id IS OLD.to_package_id AND NEW.episode_id IS OLD.episode_id AND NEW.recorded_in IS OLD.recorded_in) BEGIN SELECT RAISE(ABORT, 'what is recorded in item_link is never rewritten'); END;
CREATE TRIGGER provision_keeps_rows BEFORE DELETE ON provision BEGIN SELECT RAISE(ABORT, 'what is recorded in provision is never rewritten'); END;
CREATE TRIGGER provision_no_replace BEFORE INSERT ON provision WHEN EXISTS (SELECT 1 FROM provision WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM provision WHERE item_id = NEW.item_id AND document_id = NEW.document_id AND article = NEW.article AND episode_id = NEW.episode_id AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in provision is never rewritten'); END;
CREATE TRIGGER provision_no_rewrite BEFORE UPDATE ON provision WHEN NOT (OLD.retracted_in IS NULL AND NEW.retracted_in IS NOT NULL AND NEW.id IS OLD.id AND NEW.item_id IS OLD.item_id AND NEW.document_id IS OLD.document_id AND NEW.article IS OLD.article AND NEW.episode_id IS OLD.episode_id AND NEW.recorded_in IS OLD.recorded_in) BEGIN SELECT RAISE(ABORT, 'what is recorded in provision is never rewritten'); END;
CREATE TRIGGER response_keeps_rows BEFORE DELETE ON response BEGIN SELECT RAISE(ABORT, 'what is recorded in response is never rewritten'); END;
CREATE TRIGGER response_no_replace BEFORE INSERT ON response WHEN EXISTS (SELECT 1 FROM response WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM response WHERE id = NEW.id AND episode_id = NEW.episode_id AND said_from = NEW.said_from AND said_to = NEW.said_to AND sequence = NEW.sequence AND basis = NEW.basis) OR EXISTS (SELECT 1 FROM response WHERE episode_id = NEW.episode_id AND slug = NEW.slug AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in response is never rewritten'); END;
CREATE TRIGGER response_no_rewrite BEFORE UPDATE ON response WHEN NOT (OLD.retracted_in IS NULL AND NEW.retracted_in IS NOT NULL AND NEW.id IS OLD.id AND NEW.slug IS OLD.slug AND NEW.episode_id IS OLD.episode_id AND NEW.said_from IS OLD.said_from AND NEW.said_to IS OLD.said_to AND NEW.venue IS OLD.venue AND NEW.speaker_id IS OLD.speaker_id AND NEW.reported_by_id IS OLD.reported_by_id AND NEW.basis IS OLD.basis AND NEW.quote IS OLD.quote AND NEW.summary IS OLD.summary AND NEW.url IS OLD.url AND NEW.language IS OLD.language AND NEW.translation IS OLD.translation AND NEW.sequence IS OLD.sequence AND NEW.recorded_in IS OLD.recorded_in) BEGIN SELECT RAISE(ABORT, 'what is recorded in response is never rewritten'); END;
CREATE TRIGGER response_actor_keeps_rows BEFORE DELETE ON response_actor BEGIN SELECT RAISE(ABORT, 'what is recorded in response_actor is never rewritten'); END;
CREATE TRIGGER response_actor_no_replace BEFORE INSERT ON response_actor WHEN EXISTS (SELECT 1 FROM response_actor WHERE response_id = NEW.response_id AND actor_id = NEW.actor_id) OR EXISTS (SELECT 1 FROM response_actor WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'what is recorded in response_actor is never rewritten'); END;
CREATE TRIGGER response_actor_no_rewrite BEFORE UPDATE ON response_actor  BEGIN SELECT RAISE(ABORT, 'what is recorded in response_actor is never rewritten'); END;
CREATE TRIGGER stance_keeps_rows BEFORE DELETE ON stance BEGIN SELECT RAISE(ABORT, 'what is recorded in stance is never rewritten'); END;
CREATE TRIGGER stance_no_replace BEFORE INSERT ON stance WHEN EXISTS (SELECT 1 FROM stance WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM stance WHERE response_id = NEW.response_id AND actor_id = NEW.actor_id AND item_id = NEW.item_id AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in stance is never rewritten'); END;
CREATE TRIGGER stance_no_rewrite BEFORE UPDATE ON stance WHEN NOT (OLD.retracted_in IS NULL AND NEW.retracted_in IS NOT NULL AND NEW.id IS OLD.id AND NEW.response_id IS OLD.response_id AND NEW.actor_id IS OLD.actor_id AND NEW.item_id IS OLD.item_id AND NEW.kind IS OLD.kind AND NEW.wording IS OLD.wording AND NEW.condition IS OLD.condition AND NEW.quote IS OLD.quote AND NEW.basis IS OLD.basis AND NEW.response_basis IS OLD.response_basis AND NEW.firm IS OLD.firm AND NEW.stated IS OLD.stated AND NEW.episode_id IS OLD.episode_id AND NEW.said_from IS OLD.said_from AND NEW.said_to IS OLD.said_to AND NEW.sequence IS OLD.sequence AND NEW.recorded_in IS OLD.recorded_in) BEGIN SELECT RAISE(ABORT, 'what is recorded in stance is never rewritten'); END;
CREATE TRIGGER mention_keeps_rows BEFORE DELETE ON mention BEGIN SELECT RAISE(ABORT, 'what is recorded in mention is never rewritten'); END;
CREATE TRIGGER mention_no_replace BEFORE INSERT ON mention WHEN EXISTS (SELECT 1 FROM mention WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM mention WHERE response_id = NEW.response_id AND item_id = NEW.item_id AND kind = NEW.kind AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in mention is never rewritten'); END;
CREATE TRIGGER mention_no_rewrite BEFORE UPDATE ON mention WHEN NOT (OLD.retracted_in IS NULL AND NEW.retracted_in IS NOT NULL AND NEW.id IS OLD.id AND NEW.response_id IS OLD.response_id AND NEW.item_id IS OLD.item_id AND NEW.kind IS OLD.kind AND NEW.wording IS OLD.wording AND NEW.scope IS OLD.scope AND NEW.quote IS OLD.quote AND NEW.recorded_in IS OLD.recorded_in) BEGIN SELECT RAISE(ABORT, 'what is recorded in mention is never rewritten'); END;
CREATE TRIGGER outcome_keeps_rows BEFORE DELETE ON outcome BEGIN SELECT RAISE(ABORT, 'what is recorded in outcome is never rewritten'); END;
CREATE TRIGGER outcome_no_replace BEFORE INSERT ON outcome WHEN EXISTS (SELECT 1 FROM outcome WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM outcome WHERE episode_id = NEW.episode_id AND slug = NEW.slug AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in outcome is never rewritten'); END;
CREATE TRIGGER outcome_no_rewrite BEFORE UPDATE ON outcome WHEN NOT (OLD.retracted_in IS NULL AND NEW.retracted_in IS NOT NULL AND NEW.id IS OLD.id AND NEW.slug IS OLD.slug AND NEW.episode_id IS OLD.episode_id AND NEW.kind IS OLD.kind AND NEW.in_part IS OLD.in_part AND NEW.superseded_by_id IS OLD.superseded_by_id AND NEW.said_from IS OLD.said_from AND NEW.said_to IS OLD.said_to AND NEW.speaker_id IS OLD.speaker_id AND NEW.reported_by_id IS OLD.reported_by_id AND NEW.basis IS OLD.basis AND NEW.quote IS OLD.quote AND NEW.summary IS OLD.summary AND NEW.url IS OLD.url AND NEW.language IS OLD.language AND NEW.translation IS OLD.translation AND NEW.sequence IS OLD.sequence AND NEW.recorded_in IS OLD.recorded_in) BEGIN SELECT RAISE(ABORT, 'what is recorded in outcome is never rewritten'); END;
CREATE TRIGGER outcome_item_keeps_rows BEFORE DELETE ON outcome_item BEGIN SELECT RAISE(ABORT, 'what is recorded in outcome_item is never rewritten'); END;
CREATE TRIGGER outcome_item_no_replace BEFORE INSERT ON outcome_item WHEN EXISTS (SELECT 1 FROM outcome_item WHERE outcome_id = NEW.outcome_id AND item_id = NEW.item_id) OR EXISTS (SELECT 1 FROM outcome_item WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'what is recorded in outcome_item is never rewritten'); END;
CREATE TRIGGER outcome_item_no_rewrite BEFORE UPDATE ON outcome_item  BEGIN SELECT RAISE(ABORT, 'what is recorded in outcome_item is never rewritten'); END;
CREATE TRIGGER outcome_actor_keeps_rows BEFORE DELETE ON outcome_actor BEGIN SELECT RAISE(ABORT, 'what is recorded in outcome_actor is never rewritten'); END;
CREATE TRIGGER outcome_actor_no_replace BEFORE INSERT ON outcome_actor WHEN EXISTS (SELECT 1 FROM outcome_actor WHERE outcome_id = NEW.outcome_id AND actor_id = NEW.actor_id) OR EXISTS (SELECT 1 FROM outcome_actor WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'what is recorded in outcome_actor is never rewritten'); END;
CREATE TRIGGER outcome_actor_no_rewrite BEFORE UPDATE ON outcome_actor  BEGIN SELECT RAISE(ABORT, 'what is recorded in outcome_actor is never rewritten'); END;
CREATE TRIGGER episode_keeps_rows BEFORE DELETE ON episode BEGIN SELECT RAISE(ABORT, 'what is recorded in episode is never rewritten'); END;
CREATE TRIGGER episode_no_replace BEFORE INSERT ON episode WHEN EXISTS (SELECT 1 FROM episode WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM episode WHERE slug = NEW.slug AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in episode is never rewritten'); END;
CREATE TRIGGER episode_no_rewrite BEFORE UPDATE ON episode WHEN NEW.id IS NOT OLD.id OR NEW.recorded_in IS NOT OLD.recorded_in OR OLD.retracted_in IS NOT NULL OR EXISTS (SELECT 1 FROM episode WHERE id <> OLD.id AND id = NEW.id) OR EXISTS (SELECT 1 FROM episode WHERE id <> OLD.id AND slug = NEW.slug AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in episode is never rewritten'); END;
CREATE TRIGGER side_keeps_rows BEFORE DELETE ON side BEGIN SELECT RAISE(ABORT, 'what is recorded in side is never rewritten'); END;
CREATE TRIGGER side_no_replace BEFORE INSERT ON side WHEN EXISTS (SELECT 1 FROM side WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM side WHERE slug = NEW.slug AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in side is never rewritten'); END;
CREATE TRIGGER side_no_rewrite BEFORE UPDATE ON side WHEN NEW.id IS NOT OLD.id OR NEW.recorded_in IS NOT OLD.recorded_in OR OLD.retracted_in IS NOT NULL OR EXISTS (SELECT 1 FROM side WHERE id <> OLD.id AND id = NEW.id) OR EXISTS (SELECT 1 FROM side WHERE id <> OLD.id AND slug = NEW.slug AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in side is never rewritten'); END;
CREATE TRIGGER actor_keeps_rows BEFORE DELETE ON actor BEGIN SELECT RAISE(ABORT, 'what is recorded in actor is never rewritten'); END;
CREATE TRIGGER actor_no_replace BEFORE INSERT ON actor WHEN EXISTS (SELECT 1 FROM actor WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM actor WHERE slug = NEW.slug AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in actor is never rewritten'); END;
CREATE TRIGGER actor_no_rewrite BEFORE UPDATE ON actor WHEN NEW.id IS NOT OLD.id OR NEW.recorded_in IS NOT OLD.recorded_in OR OLD.retracted_in IS NOT NULL OR EXISTS (SELECT 1 FROM actor WHERE id <> OLD.id AND id = NEW.id) OR EXISTS (SELECT 1 FROM actor WHERE id <> OLD.id AND slug = NEW.slug AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in actor is never rewritten'); END;
CREATE TRIGGER package_keeps_rows BEFORE DELETE ON package BEGIN SELECT RAISE(ABORT, 'what is recorded in package is never rewritten'); END;
CREATE TRIGGER package_no_replace BEFORE INSERT ON package WHEN EXISTS (SELECT 1 FROM package WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM package WHERE slug = NEW.slug AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in package is never rewritten'); END;
CREATE TRIGGER package_no_rewrite BEFORE UPDATE ON package WHEN NEW.id IS NOT OLD.id OR NEW.recorded_in IS NOT OLD.recorded_in OR OLD.retracted_in IS NOT NULL OR EXISTS (SELECT 1 FROM package WHERE id <> OLD.id AND id = NEW.id) OR EXISTS (SELECT 1 FROM package WHERE id <> OLD.id AND slug = NEW.slug AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in package is never rewritten'); END;
CREATE TRIGGER item_keeps_rows BEFORE DELETE ON item BEGIN SELECT RAISE(ABORT, 'what is recorded in item is never rewritten'); END;
CREATE TRIGGER item_no_replace BEFORE INSERT ON item WHEN EXISTS (SELECT 1 FROM item WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM item WHERE slug = NEW.slug AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in item is never rewritten'); END;
CREATE TRIGGER item_no_rewrite BEFORE UPDATE ON item WHEN NEW.id IS NOT OLD.id OR NEW.recorded_in IS NOT OLD.recorded_in OR OLD.retracted_in IS NOT NULL OR EXISTS (SELECT 1 FROM item WHERE id <> OLD.id AND id = NEW.id) OR EXISTS (SELECT 1 FROM item WHERE id <> OLD.id AND slug = NEW.slug AND retracted_in IS NULL AND NEW.retracted_in IS NULL) BEGIN SELECT RAISE(ABORT, 'what is recorded in item is never rewritten'); END;
COMMIT;
