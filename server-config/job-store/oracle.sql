-- The job store of the GenAI connector, version 1, for Oracle Database 12.2 or newer.
-- Can be run again after a failure: statements that fail because a table or an index exists do no harm.

-- One row for each running application server.
CREATE TABLE genai_instance (
  id VARCHAR2(36 CHAR) NOT NULL,
  name VARCHAR2(200 CHAR) NOT NULL,
  lease_until NUMBER(19) NOT NULL,
  started NUMBER(19) NOT NULL,
  claims NUMBER(19) NOT NULL,
  PRIMARY KEY (id)
);

-- One row for each ComfyUI; its lock makes claims wait for each other.
CREATE TABLE genai_backend (
  address VARCHAR2(500 CHAR) NOT NULL,
  version NUMBER(19) NOT NULL,
  PRIMARY KEY (address)
);

-- Which application server asked lately for jobs of which ComfyUI.
CREATE TABLE genai_worker (
  instance VARCHAR2(36 CHAR) NOT NULL,
  backend VARCHAR2(500 CHAR) NOT NULL,
  seen NUMBER(19) NOT NULL,
  PRIMARY KEY (instance, backend)
);

-- One row for each job. Times are milliseconds since 1970 by the clock of the database.
CREATE TABLE genai_job (
  id VARCHAR2(36 CHAR) NOT NULL,
  backend VARCHAR2(500 CHAR) NOT NULL,
  tag VARCHAR2(200 CHAR),
  caller VARCHAR2(200 CHAR),
  priority BINARY_DOUBLE NOT NULL,
  seq NUMBER(19) NOT NULL,
  state VARCHAR2(10 CHAR) NOT NULL,
  cancel NUMBER(5) NOT NULL,
  submission CLOB NOT NULL,
  prompt_id VARCHAR2(100 CHAR),
  attempts NUMBER(10) NOT NULL,
  owner VARCHAR2(36 CHAR),
  fence NUMBER(19) NOT NULL,
  created NUMBER(19) NOT NULL,
  due NUMBER(19) NOT NULL,
  deadline NUMBER(19),
  sent NUMBER(19),
  ended NUMBER(19),
  progress VARCHAR2(2000 CHAR),
  reason VARCHAR2(2000 CHAR),
  outcome CLOB,
  PRIMARY KEY (id)
);

-- One row for each durable subscription of a message-driven bean.
CREATE TABLE genai_subscription (
  name VARCHAR2(100 CHAR) NOT NULL,
  backend VARCHAR2(500 CHAR),
  tag VARCHAR2(200 CHAR),
  created NUMBER(19) NOT NULL,
  version NUMBER(19) NOT NULL,
  PRIMARY KEY (name)
);

-- One row for each end of a job that a subscription has not acknowledged.
CREATE TABLE genai_delivery (
  subscription VARCHAR2(100 CHAR) NOT NULL,
  job_id VARCHAR2(36 CHAR) NOT NULL,
  state VARCHAR2(10 CHAR) NOT NULL,
  attempts NUMBER(10) NOT NULL,
  due NUMBER(19) NOT NULL,
  owner VARCHAR2(36 CHAR),
  fence NUMBER(19) NOT NULL,
  reason VARCHAR2(2000 CHAR),
  changed NUMBER(19) NOT NULL,
  PRIMARY KEY (subscription, job_id)
);

-- What limits and budgets of LLM calls have counted, one row for each target, model, key, application and caller.
CREATE TABLE genai_limit (
  id VARCHAR2(64 CHAR) NOT NULL,
  targets VARCHAR2(200 CHAR) NOT NULL,
  belongs_to VARCHAR2(20 CHAR) NOT NULL,
  name VARCHAR2(200 CHAR),
  version NUMBER(19) NOT NULL,
  expires NUMBER(19) NOT NULL,
  counted CLOB NOT NULL,
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
  version NUMBER(10) NOT NULL,
  product VARCHAR2(40 CHAR) NOT NULL,
  PRIMARY KEY (version)
);

INSERT INTO genai_schema (version, product) VALUES (1, 'genai-connector');
