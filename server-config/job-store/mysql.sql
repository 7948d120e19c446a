-- The job store of the GenAI connector, version 1, for MySQL 8.0 or newer.
-- Names and tags are compared exactly, hence the collation. A workflow may be as large as max_allowed_packet.
-- Can be run again after a failure: statements that fail because a table or an index exists do no harm.

-- One row for each running application server.
CREATE TABLE genai_instance (
  id VARCHAR(36) NOT NULL,
  name VARCHAR(200) NOT NULL,
  lease_until BIGINT NOT NULL,
  started BIGINT NOT NULL,
  claims BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One row for each ComfyUI; its lock makes claims wait for each other.
CREATE TABLE genai_backend (
  address VARCHAR(500) NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (address)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Which application server asked lately for jobs of which ComfyUI.
CREATE TABLE genai_worker (
  instance VARCHAR(36) NOT NULL,
  backend VARCHAR(500) NOT NULL,
  seen BIGINT NOT NULL,
  PRIMARY KEY (instance, backend)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One row for each job. Times are milliseconds since 1970 by the clock of the database.
CREATE TABLE genai_job (
  id VARCHAR(36) NOT NULL,
  backend VARCHAR(500) NOT NULL,
  tag VARCHAR(200),
  caller VARCHAR(200),
  priority DOUBLE PRECISION NOT NULL,
  seq BIGINT NOT NULL,
  state VARCHAR(10) NOT NULL,
  cancel SMALLINT NOT NULL,
  submission LONGTEXT NOT NULL,
  prompt_id VARCHAR(100),
  attempts INTEGER NOT NULL,
  owner VARCHAR(36),
  fence BIGINT NOT NULL,
  created BIGINT NOT NULL,
  due BIGINT NOT NULL,
  deadline BIGINT,
  sent BIGINT,
  ended BIGINT,
  progress VARCHAR(2000),
  reason VARCHAR(2000),
  outcome LONGTEXT,
  PRIMARY KEY (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One row for each durable subscription of a message-driven bean.
CREATE TABLE genai_subscription (
  name VARCHAR(100) NOT NULL,
  backend VARCHAR(500),
  tag VARCHAR(200),
  created BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One row for each end of a job that a subscription has not acknowledged.
CREATE TABLE genai_delivery (
  subscription VARCHAR(100) NOT NULL,
  job_id VARCHAR(36) NOT NULL,
  state VARCHAR(10) NOT NULL,
  attempts INTEGER NOT NULL,
  due BIGINT NOT NULL,
  owner VARCHAR(36),
  fence BIGINT NOT NULL,
  reason VARCHAR(2000),
  changed BIGINT NOT NULL,
  PRIMARY KEY (subscription, job_id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What limits and budgets of LLM calls have counted, one row for each target, model, key, application and caller.
CREATE TABLE genai_limit (
  id VARCHAR(64) NOT NULL,
  targets VARCHAR(200) NOT NULL,
  belongs_to VARCHAR(20) NOT NULL,
  name VARCHAR(200),
  version BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  counted LONGTEXT NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

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
  product VARCHAR(40) NOT NULL,
  PRIMARY KEY (version)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT INTO genai_schema (version, product) VALUES (1, 'genai-connector');
