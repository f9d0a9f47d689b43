CREATE TABLE "datasets" (
	dataset_uuid VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	digest VARCHAR(36) NOT NULL, 
	dataset_source_type VARCHAR(36) NOT NULL, 
	dataset_source TEXT NOT NULL, 
	dataset_schema TEXT, 
	dataset_profile TEXT, 
	CONSTRAINT dataset_pk PRIMARY KEY (experiment_id, name, digest), 
	CONSTRAINT fk_datasets_experiment_id_experiments FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE
);
INSERT INTO "datasets" VALUES('cd1be8a908e240d6a58fc1f3bdc45bff',1,'arxiv','abc','local','{}',NULL,NULL);
CREATE TABLE "experiment_tags" (
	"key" VARCHAR(250) NOT NULL, 
	value TEXT, 
	experiment_id INTEGER NOT NULL, 
	CONSTRAINT experiment_tag_pk PRIMARY KEY ("key", experiment_id), 
	FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id)
);
INSERT INTO "experiment_tags" VALUES('field','nlp',1);
CREATE TABLE "experiments" (
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	artifact_location VARCHAR(256), 
	lifecycle_stage VARCHAR(32), 
	creation_time BIGINT, 
	last_update_time BIGINT, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT experiment_pk PRIMARY KEY (experiment_id), 
	CONSTRAINT experiments_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted')), 
	CONSTRAINT uq_experiments_workspace_name UNIQUE (workspace, name)
);
INSERT INTO "experiments" VALUES(0,'Default','/elsewhere/mlruns/0','active',1795614343938,1795614343938,'default');
INSERT INTO "experiments" VALUES(1,'papers','/elsewhere/files','active',1795614343960,1795614343960,'default');
INSERT INTO "experiments" VALUES(2,'old','/elsewhere/mlruns/2','deleted',1795614344512,1795614344546,'default');
CREATE TABLE input_tags (
	input_uuid VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	value VARCHAR(500) NOT NULL, 
	CONSTRAINT input_tags_pk PRIMARY KEY (input_uuid, name)
);
INSERT INTO "input_tags" VALUES('26cf7609dd984572a0797e5e25cbe366','mlflow.data.context','training');
CREATE TABLE inputs (
	input_uuid VARCHAR(36) NOT NULL, 
	source_type VARCHAR(36) NOT NULL, 
	source_id VARCHAR(36) NOT NULL, 
	destination_type VARCHAR(36) NOT NULL, 
	destination_id VARCHAR(36) NOT NULL, step BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT inputs_pk PRIMARY KEY (source_type, source_id, destination_type, destination_id)
);
INSERT INTO "inputs" VALUES('26cf7609dd984572a0797e5e25cbe366','DATASET','cd1be8a908e240d6a58fc1f3bdc45bff','RUN','b91beb48d8814d8bba8ef327acb401d9',0);
CREATE TABLE "latest_metrics" (
	"key" VARCHAR(250) NOT NULL, 
	value FLOAT NOT NULL, 
	timestamp BIGINT, 
	step BIGINT NOT NULL, 
	is_nan BOOLEAN NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT latest_metric_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid), 
	CHECK (is_nan IN (0, 1))
);
INSERT INTO "latest_metrics" VALUES('eval/loss',1.0,1700000001002,2,0,'b91beb48d8814d8bba8ef327acb401d9');
INSERT INTO "latest_metrics" VALUES('odd',1.79769313486231562234e+308,1700000001000,1,0,'b91beb48d8814d8bba8ef327acb401d9');
CREATE TABLE "metrics" (
	"key" VARCHAR(250) NOT NULL, 
	value FLOAT NOT NULL, 
	timestamp BIGINT NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	step BIGINT DEFAULT '0' NOT NULL, 
	is_nan BOOLEAN DEFAULT '0' NOT NULL, 
	CONSTRAINT metric_pk PRIMARY KEY ("key", timestamp, step, run_uuid, value, is_nan), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid), 
	CHECK (is_nan IN (0, 1))
);
INSERT INTO "metrics" VALUES('eval/loss',3.0,1700000001000,'b91beb48d8814d8bba8ef327acb401d9',0,0);
INSERT INTO "metrics" VALUES('eval/loss',2.0,1700000001001,'b91beb48d8814d8bba8ef327acb401d9',1,0);
INSERT INTO "metrics" VALUES('eval/loss',1.0,1700000001002,'b91beb48d8814d8bba8ef327acb401d9',2,0);
INSERT INTO "metrics" VALUES('eval/loss',9.0,1700000002000,'b91beb48d8814d8bba8ef327acb401d9',1,0);
INSERT INTO "metrics" VALUES('odd',0.0,1700000001000,'b91beb48d8814d8bba8ef327acb401d9',0,1);
INSERT INTO "metrics" VALUES('odd',1.79769313486231562234e+308,1700000001000,'b91beb48d8814d8bba8ef327acb401d9',1,0);
INSERT INTO "metrics" VALUES('odd',-1.79769313486231562234e+308,1700000001000,'b91beb48d8814d8bba8ef327acb401d9',-2,0);
CREATE TABLE "params" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000) NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT param_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid)
);
INSERT INTO "params" VALUES('lr','5e-05','b91beb48d8814d8bba8ef327acb401d9');
INSERT INTO "params" VALUES('model','t5','b91beb48d8814d8bba8ef327acb401d9');
INSERT INTO "params" VALUES('epochs','3','b91beb48d8814d8bba8ef327acb401d9');
INSERT INTO "params" VALUES('fp16','True','b91beb48d8814d8bba8ef327acb401d9');
INSERT INTO "params" VALUES('text','0123','b91beb48d8814d8bba8ef327acb401d9');
CREATE TABLE "runs" (
	run_uuid VARCHAR(32) NOT NULL, 
	name VARCHAR(250), 
	source_type VARCHAR(20), 
	source_name VARCHAR(500), 
	entry_point_name VARCHAR(50), 
	user_id VARCHAR(256), 
	status VARCHAR(9), 
	start_time BIGINT, 
	end_time BIGINT, 
	source_version VARCHAR(50), 
	lifecycle_stage VARCHAR(20), 
	artifact_uri VARCHAR(200), 
	experiment_id INTEGER, deleted_time BIGINT, 
	CONSTRAINT run_pk PRIMARY KEY (run_uuid), 
	CONSTRAINT runs_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted')), 
	CONSTRAINT source_type CHECK (source_type IN ('NOTEBOOK', 'JOB', 'LOCAL', 'UNKNOWN', 'PROJECT')), 
	FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CHECK (status IN ('SCHEDULED', 'FAILED', 'FINISHED', 'RUNNING', 'KILLED'))
);
INSERT INTO "runs" VALUES('b91beb48d8814d8bba8ef327acb401d9','first','UNKNOWN','','','ann','FINISHED',1700000000000,1700000060000,'','active','/elsewhere/files/b91beb48d8814d8bba8ef327acb401d9/artifacts',1,NULL);
INSERT INTO "runs" VALUES('9772b629f5de4da3b43341c948ed39b3','child','UNKNOWN','','','unknown','KILLED',1700000010000,1700000020000,'','active','/elsewhere/files/9772b629f5de4da3b43341c948ed39b3/artifacts',1,NULL);
INSERT INTO "runs" VALUES('cab1407a68e2404993080e67ea3ca5b2','running','UNKNOWN','','','unknown','RUNNING',1700000030000,NULL,'','active','/elsewhere/mlruns/0/cab1407a68e2404993080e67ea3ca5b2/artifacts',0,NULL);
INSERT INTO "runs" VALUES('37b52ab8d8514cf7986cabe02077d810','gone','UNKNOWN','','','unknown','FAILED',1700000040000,1700000050000,'','deleted','/elsewhere/files/37b52ab8d8514cf7986cabe02077d810/artifacts',1,1795614344485);
CREATE TABLE "tags" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000), 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT tag_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid)
);
INSERT INTO "tags" VALUES('mlflow.user','ann','b91beb48d8814d8bba8ef327acb401d9');
INSERT INTO "tags" VALUES('best','yes','b91beb48d8814d8bba8ef327acb401d9');
INSERT INTO "tags" VALUES('mlflow.source.name','train.py','b91beb48d8814d8bba8ef327acb401d9');
INSERT INTO "tags" VALUES('mlflow.source.git.commit','abc','b91beb48d8814d8bba8ef327acb401d9');
INSERT INTO "tags" VALUES('mlflow.note.content','a **note**','b91beb48d8814d8bba8ef327acb401d9');
INSERT INTO "tags" VALUES('mlflow.runName','first','b91beb48d8814d8bba8ef327acb401d9');
INSERT INTO "tags" VALUES('mlflow.parentRunId','b91beb48d8814d8bba8ef327acb401d9','9772b629f5de4da3b43341c948ed39b3');
INSERT INTO "tags" VALUES('mlflow.runName','child','9772b629f5de4da3b43341c948ed39b3');
INSERT INTO "tags" VALUES('mlflow.runName','running','cab1407a68e2404993080e67ea3ca5b2');
INSERT INTO "tags" VALUES('mlflow.runName','gone','37b52ab8d8514cf7986cabe02077d810');
