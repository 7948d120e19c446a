-- The job store of the GenAI connector, version 1, for SQL Server 2016 or newer, or Azure SQL.
-- Set READ_COMMITTED_SNAPSHOT ON for the database: else a transaction that has queued a job and is not committed yet
-- makes the dispatchers wait. Names and tags are compared exactly, hence the collation.
-- Can be run again after a failure: statements that fail because a table or an index exists do no harm.

-- One row for each running application server.
CREATE TABLE genai_instance (
  id NVARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL,
  name NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
  lease_until BIGINT NOT NULL,
  started BIGINT NOT NULL,
  claims BIGINT NOT NULL,
  PRIMARY KEY (id)
);

-- One row for each ComfyUI; its lock makes claims wait for each other.
CREATE TABLE genai_backend (
  address NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY NONCLUSTERED (address)
);

-- Which application server asked lately for jobs of which ComfyUI.
CREATE TABLE genai_worker (
  instance NVARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL,
  backend NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
  seen BIGINT NOT NULL,
  PRIMARY KEY NONCLUSTERED (instance, backend)
);

-- One row for each job. Times are milliseconds since 1970 by the clock of the database.
CREATE TABLE genai_job (
  id NVARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL,
  backend NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL,
  tag NVARCHAR(200) COLLATE Latin1_General_100_BIN2,
  caller NVARCHAR(200) COLLATE Latin1_General_100_BIN2,
  priority FLOAT(53) NOT NULL,
  seq BIGINT NOT NULL,
  state NVARCHAR(10) COLLATE Latin1_General_100_BIN2 NOT NULL,
  cancel SMALLINT NOT NULL,
  submission NVARCHAR(MAX) NOT NULL,
  prompt_id NVARCHAR(100) COLLATE Latin1_General_100_BIN2,
  attempts INTEGER NOT NULL,
  owner NVARCHAR(36) COLLATE Latin1_General_100_BIN2,
  fence BIGINT NOT NULL,
  created BIGINT NOT NULL,
  due BIGINT NOT NULL,
  deadline BIGINT,
  sent BIGINT,
  ended BIGINT,
  progress NVARCHAR(2000) COLLATE Latin1_General_100_BIN2,
  reason NVARCHAR(2000) COLLATE Latin1_General_100_BIN2,
  outcome NVARCHAR(MAX),
  PRIMARY KEY (id)
);

-- One row for each durable subscription of a message-driven bean.
CREATE TABLE genai_subscription (
  name NVARCHAR(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
  backend NVARCHAR(500) COLLATE Latin1_General_100_BIN2,
  tag NVARCHAR(200) COLLATE Latin1_General_100_BIN2,
  created BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (name)
);

-- One row for each end of a job that a subscription has not acknowledged.
CREATE TABLE genai_delivery (
  subscription NVARCHAR(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
  job_id NVARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL,
  state NVARCHAR(10) COLLATE Latin1_General_100_BIN2 NOT NULL,
  attempts INTEGER NOT NULL,
  due BIGINT NOT NULL,
  owner NVARCHAR(36) COLLATE Latin1_General_100_BIN2,
  fence BIGINT NOT NULL,
  reason NVARCHAR(2000) COLLATE Latin1_General_100_BIN2,
  changed BIGINT NOT NULL,
  PRIMARY KEY (subscription, job_id)
);

-- What limits and budgets of LLM calls have counted, one row for each target, model, key, application and caller.
CREATE TABLE genai_limit (
  id NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  targets NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
  belongs_to NVARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL,
  name NVARCHAR(200) COLLATE Latin1_General_100_BIN2,
  version BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  counted NVARCHAR(MAX) NOT NULL,
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
  product NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  PRIMARY KEY (version)
);

INSERT INTO genai_schema (version, product) VALUES (1, 'genai-connector');
