-- The job store of the GenAI connector, version 1, for Db2 11.1 or newer, in a table space with pages of 8 KB or more.
-- Can be run again after a failure: statements that fail because a table or an index exists do no harm.

-- One row for each running application server.
CREATE TABLE genai_instance (
  id VARCHAR(36 OCTETS) NOT NULL,
  name VARCHAR(800 OCTETS) NOT NULL,
  lease_until BIGINT NOT NULL,
  started BIGINT NOT NULL,
  claims BIGINT NOT NULL,
  PRIMARY KEY (id)
);

-- One row for each ComfyUI; its lock makes claims wait for each other.
CREATE TABLE genai_backend (
  address VARCHAR(500 OCTETS) NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (address)
);

-- Which application server asked lately for jobs of which ComfyUI.
CREATE TABLE genai_worker (
  instance VARCHAR(36 OCTETS) NOT NULL,
  backend VARCHAR(500 OCTETS) NOT NULL,
  seen BIGINT NOT NULL,
  PRIMARY KEY (instance, backend)
);

-- One row for each job. Times are milliseconds since 1970 by the clock of the database.
CREATE TABLE genai_job (
  id VARCHAR(36 OCTETS) NOT NULL,
  backend VARCHAR(500 OCTETS) NOT NULL,
  tag VARCHAR(800 OCTETS),
  caller VARCHAR(800 OCTETS),
  priority DOUBLE NOT NULL,
  seq BIGINT NOT NULL,
  state VARCHAR(10 OCTETS) NOT NULL,
  cancel SMALLINT NOT NULL,
  submission CLOB(64M) NOT NULL,
  prompt_id VARCHAR(100 OCTETS),
  attempts INTEGER NOT NULL,
  owner VARCHAR(36 OCTETS),
  fence BIGINT NOT NULL,
  created BIGINT NOT NULL,
  due BIGINT NOT NULL,
  deadline BIGINT,
  sent BIGINT,
  ended BIGINT,
  progress VARCHAR(2000 OCTETS),
  reason VARCHAR(2000 OCTETS),
  outcome CLOB(64M),
  PRIMARY KEY (id)
);

-- One row for each durable subscription of a message-driven bean.
CREATE TABLE genai_subscription (
  name VARCHAR(400 OCTETS) NOT NULL,
  backend VARCHAR(500 OCTETS),
  tag VARCHAR(800 OCTETS),
  created BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (name)
);

-- One row for each end of a job that a subscription has not acknowledged.
CREATE TABLE genai_delivery (
  subscription VARCHAR(400 OCTETS) NOT NULL,
  job_id VARCHAR(36 OCTETS) NOT NULL,
  state VARCHAR(10 OCTETS) NOT NULL,
  attempts INTEGER NOT NULL,
  due BIGINT NOT NULL,
  owner VARCHAR(36 OCTETS),
  fence BIGINT NOT NULL,
  reason VARCHAR(2000 OCTETS),
  changed BIGINT NOT NULL,
  PRIMARY KEY (subscription, job_id)
);

-- What limits and budgets of LLM calls have counted, one row for each target, model, key, application and caller.
CREATE TABLE genai_limit (
  id VARCHAR(64 OCTETS) NOT NULL,
  targets VARCHAR(800 OCTETS) NOT NULL,
  belongs_to VARCHAR(20 OCTETS) NOT NULL,
  name VARCHAR(800 OCTETS),
  version BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  counted CLOB(1M) NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX genai_job_claim ON genai_job (backend, state, priority, created, seq);
CREATE INDEX genai_job_owner ON genai_job (owner);
CREATE INDEX genai_job_ended ON genai_job (ended);
CREATE INDEX genai_job_deadline ON genai_job (deadline);
CREATE INDEX genai_job_created ON genai_job (backend, created, id);
CREATE INDEX genai_job_tag ON genai_job (backend, tag, created, id);
CREATE INDEX genai_job_caller ON genai_job (backend, caller, created, id);
CREATE INDEX genai_delivery_due ON genai_delivery (subscription, state, due, job_id);
CREATE INDEX genai_delivery_owner ON genai_delivery (owner);
CREATE INDEX genai_delivery_job ON genai_delivery (job_id);
CREATE INDEX genai_limit_expires ON genai_limit (expires);

-- The version of these tables; the last one, so that it is there only if all are.
CREATE TABLE genai_schema (
  version INTEGER NOT NULL,
  product VARCHAR(40 OCTETS) NOT NULL,
  PRIMARY KEY (version)
);

INSERT INTO genai_schema (version, product) VALUES (1, 'genai-connector');
