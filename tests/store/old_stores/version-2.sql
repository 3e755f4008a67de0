-- A store of schema 2: the tables of the program of that time, verbatim, and a few rows.
PRAGMA application_id = 0x6d696e69;
PRAGMA user_version = 2;
CREATE TABLE study_record (
  one             INTEGER PRIMARY KEY CHECK (one = 1),
  name            TEXT NOT NULL,
  text            TEXT NOT NULL,
  train           TEXT NOT NULL,
  shard           TEXT NOT NULL,
  program_version TEXT NOT NULL,
  keep_weights    TEXT NOT NULL
);
CREATE TABLE dataset (
  id             INTEGER PRIMARY KEY,
  name           TEXT NOT NULL UNIQUE,
  channels       INTEGER NOT NULL,
  height         INTEGER NOT NULL,
  width          INTEGER NOT NULL,
  classes        INTEGER NOT NULL,
  train_count    INTEGER NOT NULL,
  test_count     INTEGER NOT NULL,
  majority_share REAL NOT NULL,
  class_names    TEXT NOT NULL,
  checksum       TEXT NOT NULL
);
CREATE TABLE run (
  id           INTEGER PRIMARY KEY,
  run_id       TEXT NOT NULL UNIQUE,
  position     INTEGER NOT NULL,
  dataset      INTEGER NOT NULL REFERENCES dataset,
  family       TEXT NOT NULL,
  architecture TEXT NOT NULL,
  parameters   INTEGER NOT NULL,
  replicate    INTEGER NOT NULL,
  seed         INTEGER NOT NULL,
  train        TEXT NOT NULL
);
CREATE INDEX run_position ON run (position);
CREATE TABLE result (
  run            INTEGER PRIMARY KEY REFERENCES run,
  status         TEXT NOT NULL CHECK (status IN ('finished', 'diverged')),
  epochs         INTEGER NOT NULL,
  train_loss     REAL,
  train_accuracy REAL,
  test_loss      REAL,
  test_accuracy  REAL,
  diverged_step  INTEGER,
  seconds        REAL NOT NULL,
  last_layer     INTEGER,
  last_gradient  REAL,
  last_loss      REAL
);
CREATE TABLE epoch (
  run               INTEGER NOT NULL REFERENCES run,
  epoch             INTEGER NOT NULL,
  learning_rate     REAL,
  train_loss        REAL,
  train_accuracy    REAL,
  test_loss         REAL,
  test_accuracy     REAL,
  predicted_classes INTEGER NOT NULL,
  top_class         INTEGER NOT NULL,
  top_class_share   REAL,
  PRIMARY KEY (run, epoch)
) WITHOUT ROWID;
CREATE TABLE layer_signal (
  run           INTEGER NOT NULL REFERENCES run,
  epoch         INTEGER NOT NULL,
  layer         INTEGER NOT NULL,
  units         INTEGER NOT NULL,
  dead_units    INTEGER NOT NULL,
  gradient_norm REAL,
  PRIMARY KEY (run, epoch, layer)
) WITHOUT ROWID;
CREATE TABLE weight_file (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  sealed     INTEGER NOT NULL,
  data_start INTEGER NOT NULL,
  bytes      INTEGER NOT NULL
);
CREATE TABLE weight (
  run    INTEGER NOT NULL REFERENCES run,
  tensor INTEGER NOT NULL,
  name   TEXT NOT NULL,
  shape  TEXT NOT NULL,
  file   INTEGER NOT NULL REFERENCES weight_file,
  offset INTEGER NOT NULL,
  count  INTEGER NOT NULL,
  PRIMARY KEY (run, tensor)
) WITHOUT ROWID;
CREATE TABLE run_label (
  run            INTEGER PRIMARY KEY REFERENCES run,
  accuracy_group TEXT,
  regime         TEXT,
  diagnosis      TEXT
);
CREATE TABLE analysis_record (
  name            TEXT PRIMARY KEY,
  settings        TEXT NOT NULL,
  program_version TEXT NOT NULL,
  runs            INTEGER NOT NULL
);
CREATE TABLE analysis_table (
  name     TEXT PRIMARY KEY,
  analysis TEXT NOT NULL REFERENCES analysis_record
);
CREATE VIEW runs AS
  SELECT run.run_id AS run_id, dataset.name AS dataset, run.family AS family,
         run.architecture AS architecture, run.parameters AS parameters,
         run.replicate AS replicate, coalesce(result.status, 'planned') AS status,
         result.epochs AS epochs, result.train_loss AS train_loss,
         result.train_accuracy AS train_accuracy, result.test_loss AS test_loss,
         result.test_accuracy AS test_accuracy, run_label.accuracy_group AS accuracy_group,
         run_label.regime AS regime, run_label.diagnosis AS diagnosis
  FROM run CROSS JOIN dataset ON dataset.id = run.dataset
       LEFT JOIN result ON result.run = run.id
       LEFT JOIN run_label ON run_label.run = run.id
  ORDER BY run.position;
CREATE VIEW epochs AS
  SELECT run.run_id AS run_id, epoch.epoch AS epoch, epoch.train_loss AS train_loss,
         epoch.train_accuracy AS train_accuracy, epoch.test_loss AS test_loss,
         epoch.test_accuracy AS test_accuracy
  FROM run CROSS JOIN epoch ON epoch.run = run.id
  ORDER BY run.position, epoch.epoch;
CREATE VIEW epoch_details AS
  SELECT run.run_id AS run_id, epoch.epoch AS epoch, epoch.learning_rate AS learning_rate,
         epoch.predicted_classes AS predicted_classes, epoch.top_class AS top_class,
         epoch.top_class_share AS top_class_share
  FROM run CROSS JOIN epoch ON epoch.run = run.id
  ORDER BY run.position, epoch.epoch;
CREATE VIEW layers AS
  SELECT run.run_id AS run_id, layer_signal.epoch AS epoch, layer_signal.layer AS layer,
         layer_signal.units AS units, layer_signal.dead_units AS dead_units,
         layer_signal.gradient_norm AS gradient_norm
  FROM run CROSS JOIN layer_signal ON layer_signal.run = run.id
  ORDER BY run.position, layer_signal.epoch, layer_signal.layer;
CREATE VIEW divergences AS
  SELECT run.run_id AS run_id, result.diverged_step AS step, result.last_layer AS last_layer,
         result.last_gradient AS last_gradient, result.last_loss AS last_loss
  FROM run CROSS JOIN result ON result.run = run.id
  WHERE result.diverged_step IS NOT NULL
  ORDER BY run.position;
CREATE VIEW timings AS
  SELECT run.run_id AS run_id, result.seconds AS seconds
  FROM run CROSS JOIN result ON result.run = run.id
  ORDER BY run.position;
CREATE VIEW weights AS
  SELECT run.run_id AS run_id, weight.tensor AS tensor, weight.name AS name,
         weight.shape AS shape, weight.count AS count,
         printf('weights-%04d.%s', weight_file.number,
                CASE weight_file.sealed WHEN 1 THEN 'safetensors' ELSE 'part' END) AS file,
         weight_file.data_start + weight.offset AS byte
  FROM run CROSS JOIN weight ON weight.run = run.id
       CROSS JOIN weight_file ON weight_file.number = weight.file
  ORDER BY run.position, weight.tensor;
CREATE VIEW datasets AS
  SELECT name, channels, height, width, classes, train_count, test_count, majority_share,
         class_names, checksum
  FROM dataset
  ORDER BY id;
CREATE VIEW studies AS
  SELECT name, train, shard, keep_weights, program_version, text
  FROM study_record;
CREATE VIEW analyses AS
  SELECT analysis_record.name AS name, settings, runs, program_version,
         (SELECT group_concat(analysis_table.name, ' ') FROM analysis_table
          WHERE analysis_table.analysis = analysis_record.name) AS tables
  FROM analysis_record
  ORDER BY analysis_record.name;
INSERT INTO study_record VALUES (1, 'old', '[study]
name = "old"
replicates = 2
[data]
datasets = "glyphs train=60 test=10"
[train]
epochs = 2
batch = 10
[[design]]
architectures = ["dnn 2", "dnn 4"]
', 'seed=1 epochs=2 batch=10', '', '0.1.0', 'none');
INSERT INTO dataset VALUES (1, 'glyphs train=60 test=10', 1, 28, 28, 10, 60, 10, 0.1, '["0","1","2","3","4","5","6","7","8","9"]', 'aa');
INSERT INTO run VALUES (1, 'a000000000000001', 0, 1, 'dnn', 'dnn 2', 1600, 0, 1, 'epochs=2 batch=10');
INSERT INTO run VALUES (2, 'a000000000000002', 1, 1, 'dnn', 'dnn 2', 1600, 1, 1, 'epochs=2 batch=10');
INSERT INTO run VALUES (3, 'a000000000000003', 2, 1, 'dnn', 'dnn 4', 3190, 0, 1, 'epochs=2 batch=10');
INSERT INTO run VALUES (4, 'a000000000000004', 3, 1, 'dnn', 'dnn 4', 3190, 1, 1, 'epochs=2 batch=10');
INSERT INTO result VALUES (1, 'finished', 2, 1.5, 0.5, 1.25, 0.75, NULL, 0.5, NULL, NULL, NULL);
INSERT INTO result VALUES (2, 'finished', 2, 1.75, 0.375, 1.5, 0.5, NULL, 0.5, NULL, NULL, NULL);
INSERT INTO result VALUES (3, 'diverged', 1, NULL, NULL, NULL, NULL, 9, 0.25, 2, 8.5, 3.5);
INSERT INTO epoch VALUES (1, 1, 0.001, 2.0, 0.25, 1.75, 0.5, 3, 1, 0.5);
INSERT INTO layer_signal VALUES (1, 1, 1, 2, 0, 0.5);
INSERT INTO layer_signal VALUES (1, 1, 2, 10, 0, 0.5);
INSERT INTO epoch VALUES (1, 2, 0.001, 1.0, 0.25, 0.875, 0.5, 3, 1, 0.5);
INSERT INTO layer_signal VALUES (1, 2, 1, 2, 0, 0.5);
INSERT INTO layer_signal VALUES (1, 2, 2, 10, 0, 0.5);
INSERT INTO epoch VALUES (2, 1, 0.001, 2.0, 0.25, 1.75, 0.5, 3, 1, 0.5);
INSERT INTO layer_signal VALUES (2, 1, 1, 2, 0, 0.5);
INSERT INTO layer_signal VALUES (2, 1, 2, 10, 0, 0.5);
INSERT INTO epoch VALUES (2, 2, 0.001, 1.0, 0.25, 0.875, 0.5, 3, 1, 0.5);
INSERT INTO layer_signal VALUES (2, 2, 1, 2, 0, 0.5);
INSERT INTO layer_signal VALUES (2, 2, 2, 10, 0, 0.5);
INSERT INTO epoch VALUES (3, 1, 0.001, 2.0, 0.25, 1.75, 0.5, 3, 1, 0.5);
INSERT INTO layer_signal VALUES (3, 1, 1, 2, 0, 0.5);
INSERT INTO layer_signal VALUES (3, 1, 2, 10, 0, 0.5);
INSERT INTO run_label VALUES (1, 'high', 'learning', NULL);
INSERT INTO analysis_record VALUES ('convergence', '', '0.1.0', 3);
INSERT INTO analysis_table VALUES ('old_table', 'convergence');
CREATE TABLE old_table (family TEXT, runs INTEGER);
INSERT INTO old_table VALUES ('dnn', 3);
