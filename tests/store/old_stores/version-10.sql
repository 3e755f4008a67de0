-- A store of schema 10: the tables of the program of that time, verbatim, and a few rows.
PRAGMA application_id = 0x6d696e69;
PRAGMA user_version = 10;
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
CREATE TABLE compression_task (
  id      INTEGER PRIMARY KEY,
  run     INTEGER NOT NULL REFERENCES run,
  task    TEXT NOT NULL,
  seconds REAL NOT NULL,
  UNIQUE (run, task)
);
CREATE TABLE variant (
  id             INTEGER PRIMARY KEY,
  run            INTEGER NOT NULL REFERENCES run,
  task           INTEGER NOT NULL REFERENCES compression_task,
  pruning        TEXT NOT NULL,
  sparsity_asked REAL NOT NULL,
  tensor         TEXT NOT NULL,
  quantization   TEXT NOT NULL,
  format         TEXT NOT NULL,
  bits           INTEGER NOT NULL,
  activations    TEXT NOT NULL,
  arithmetic     TEXT NOT NULL,
  architecture   TEXT NOT NULL,
  parameters     INTEGER NOT NULL,
  weights        INTEGER NOT NULL,
  kept           INTEGER NOT NULL,
  dead_units     INTEGER NOT NULL,
  epochs         INTEGER NOT NULL,
  test_loss      REAL,
  test_accuracy  REAL,
  dense_bytes    INTEGER,
  index_bytes    INTEGER NOT NULL,
  bitmask_bytes  INTEGER NOT NULL,
  entropy_bytes  INTEGER NOT NULL,
  packed_bytes   INTEGER NOT NULL,
  note           TEXT NOT NULL,
  UNIQUE (run, pruning, sparsity_asked, tensor, quantization, format)
);
CREATE TABLE variant_tensor (
  variant INTEGER NOT NULL REFERENCES variant,
  number  INTEGER NOT NULL,
  name    TEXT NOT NULL,
  weights INTEGER NOT NULL,
  kept    INTEGER NOT NULL,
  PRIMARY KEY (variant, number)
) WITHOUT ROWID;
ALTER TABLE dataset ADD COLUMN validation_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE result ADD COLUMN validation_accuracy REAL;
ALTER TABLE variant ADD COLUMN validation_accuracy REAL;
CREATE TABLE weight_summary (
  run         INTEGER NOT NULL REFERENCES run,
  stage       TEXT NOT NULL CHECK (stage IN ('start', 'epoch', 'end')),
  epoch       INTEGER NOT NULL,
  tensor      INTEGER NOT NULL,
  name        TEXT NOT NULL,
  shape       TEXT NOT NULL,
  count       INTEGER NOT NULL,
  not_finite  INTEGER NOT NULL,
  mean        REAL,
  sd          REAL,
  skewness    REAL,
  kurtosis    REAL,
  near_zero   REAL,
  l1          REAL,
  l2          REAL,
  max         REAL,
  stable_rank REAL,
  quantiles   TEXT NOT NULL,
  exponent    INTEGER NOT NULL,
  first_bin   INTEGER NOT NULL,
  bins        TEXT NOT NULL,
  nodes       INTEGER NOT NULL,
  node_mean   REAL,
  node_sd     REAL,
  node_min    REAL,
  node_max    REAL,
  node_values TEXT NOT NULL,
  PRIMARY KEY (run, stage, epoch, tensor)
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
CREATE TABLE session (
  session_id       TEXT PRIMARY KEY,
  started          TEXT NOT NULL,
  ended            TEXT NOT NULL,
  shard            TEXT NOT NULL,
  program_version  TEXT NOT NULL,
  jobs             INTEGER NOT NULL,
  processor        TEXT NOT NULL,
  cores            INTEGER NOT NULL,
  memory_bytes     INTEGER NOT NULL,
  system           TEXT NOT NULL,
  cpu_seconds      REAL,
  compression_left INTEGER
) WITHOUT ROWID;
ALTER TABLE weight ADD COLUMN checksum INTEGER;
CREATE TABLE checksum (
  part  TEXT NOT NULL,
  owner TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (part, owner)
) WITHOUT ROWID;
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
CREATE VIEW validations AS
  SELECT run.run_id AS run_id, result.validation_accuracy AS validation_accuracy
  FROM run CROSS JOIN dataset ON dataset.id = run.dataset
       CROSS JOIN result ON result.run = run.id
  WHERE dataset.validation_count > 0
  ORDER BY run.position;
CREATE VIEW timings AS
  SELECT run.run_id AS run_id, result.seconds AS seconds, result.session AS session_id
  FROM run CROSS JOIN result ON result.run = run.id
  ORDER BY run.position;
CREATE VIEW weights AS
  SELECT run.run_id AS run_id, weight.tensor AS tensor, weight.name AS name,
         weight.shape AS shape, weight.count AS count,
         printf('weights-%04d.%s', weight_file.number,
                CASE weight_file.sealed WHEN 1 THEN 'safetensors' ELSE 'part' END) AS file,
         weight_file.data_start + weight.offset AS byte, weight.checksum AS checksum
  FROM run CROSS JOIN weight ON weight.run = run.id
       CROSS JOIN weight_file ON weight_file.number = weight.file
  ORDER BY run.position, weight.tensor;
CREATE VIEW weight_statistics AS
  SELECT run.run_id AS run_id, stage, epoch, tensor, name, shape, count, not_finite, mean, sd,
         skewness, kurtosis, near_zero, l1, l2, max, stable_rank
  FROM run CROSS JOIN weight_summary ON weight_summary.run = run.id
  ORDER BY run.position, stage DESC, epoch, tensor;
CREATE VIEW weight_histograms AS
  SELECT run.run_id AS run_id, stage, epoch, tensor, name, exponent, first_bin, bins, quantiles
  FROM run CROSS JOIN weight_summary ON weight_summary.run = run.id
  WHERE bins <> '[]'
  ORDER BY run.position, stage DESC, epoch, tensor;
CREATE VIEW node_strengths AS
  SELECT run.run_id AS run_id, stage, epoch, tensor, name, nodes, node_mean AS mean,
         node_sd AS sd, node_min AS min, node_max AS max, node_values AS node_values
  FROM run CROSS JOIN weight_summary ON weight_summary.run = run.id
  WHERE nodes > 0
  ORDER BY run.position, stage DESC, epoch, tensor;
CREATE VIEW variants AS
  SELECT run.run_id AS run_id, dataset.name AS dataset, run.architecture AS architecture,
         run.replicate AS replicate, variant.pruning AS pruning,
         variant.sparsity_asked AS sparsity_asked,
         CASE variant.weights WHEN 0 THEN 0.0
              ELSE 1.0 - CAST(variant.kept AS REAL) / variant.weights END AS sparsity,
         variant.tensor AS tensor, variant.quantization AS quantization,
         variant.format AS format, variant.bits AS bits, variant.activations AS activations,
         variant.arithmetic AS arithmetic, variant.architecture AS left_architecture,
         variant.parameters AS parameters, variant.weights AS weights, variant.kept AS kept,
         variant.dead_units AS dead_units, variant.epochs AS epochs,
         variant.test_loss AS test_loss, variant.test_accuracy AS test_accuracy,
         variant.dense_bytes AS dense_bytes, variant.index_bytes AS index_bytes,
         variant.bitmask_bytes AS bitmask_bytes, variant.entropy_bytes AS entropy_bytes,
         variant.packed_bytes AS packed_bytes, variant.note AS note,
         variant.validation_accuracy AS validation_accuracy
  FROM run CROSS JOIN dataset ON dataset.id = run.dataset
       CROSS JOIN variant ON variant.run = run.id
  ORDER BY run.position, variant.pruning, variant.sparsity_asked, variant.tensor,
           variant.quantization, variant.bits DESC, variant.format;
CREATE VIEW variant_tensors AS
  SELECT run.run_id AS run_id, variant.pruning AS pruning,
         variant.sparsity_asked AS sparsity_asked, variant.tensor AS pruned_tensor,
         variant_tensor.name AS name, variant_tensor.weights AS weights,
         variant_tensor.kept AS kept
  FROM run CROSS JOIN variant ON variant.run = run.id
       CROSS JOIN variant_tensor ON variant_tensor.variant = variant.id
  ORDER BY run.position, variant.pruning, variant.sparsity_asked, variant.tensor,
           variant_tensor.number;
CREATE VIEW compressions AS
  SELECT run.run_id AS run_id, compression_task.task AS task,
         compression_task.seconds AS seconds, compression_task.session AS session_id
  FROM run CROSS JOIN compression_task ON compression_task.run = run.id
  ORDER BY run.position, compression_task.task;
CREATE VIEW datasets AS
  SELECT name, channels, height, width, classes, train_count, test_count, majority_share,
         class_names, checksum, validation_count
  FROM dataset
  ORDER BY id;
CREATE VIEW studies AS
  SELECT name, train, shard, keep_weights, program_version, text
  FROM study_record;
CREATE VIEW sessions AS
  SELECT session_id, started, nullif(ended, '') AS ended, shard, program_version, jobs, processor,
         cores, memory_bytes, system, cpu_seconds, compression_left, backend, instruction_set,
         matrix_products
  FROM session
  ORDER BY started, session_id;
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
INSERT INTO dataset VALUES (1, 'glyphs train=60 test=10', 1, 28, 28, 10, 60, 10, 0.1, '["0","1","2","3","4","5","6","7","8","9"]', 'aa', 0);
INSERT INTO run VALUES (1, 'a000000000000001', 0, 1, 'dnn', 'dnn 2', 1600, 0, 1, 'epochs=2 batch=10');
INSERT INTO run VALUES (2, 'a000000000000002', 1, 1, 'dnn', 'dnn 2', 1600, 1, 1, 'epochs=2 batch=10');
INSERT INTO run VALUES (3, 'a000000000000003', 2, 1, 'dnn', 'dnn 4', 3190, 0, 1, 'epochs=2 batch=10');
INSERT INTO run VALUES (4, 'a000000000000004', 3, 1, 'dnn', 'dnn 4', 3190, 1, 1, 'epochs=2 batch=10');
INSERT INTO result VALUES (1, 'finished', 2, 1.5, 0.5, 1.25, 0.75, NULL, 0.5, NULL, NULL, NULL, NULL);
INSERT INTO result VALUES (2, 'finished', 2, 1.75, 0.375, 1.5, 0.5, NULL, 0.5, NULL, NULL, NULL, NULL);
INSERT INTO result VALUES (3, 'diverged', 1, NULL, NULL, NULL, NULL, 9, 0.25, 2, 8.5, 3.5, NULL);
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
INSERT INTO compression_task VALUES (1, 1, 'prune one-shot global magnitude at 0.5; quantize ptq tensor symmetric max activations=int8 images=100 to int8; quantize ptq tensor symmetric max activations=int8 images=1000 to int8', 0.125);
INSERT INTO variant VALUES (1, 1, 1, 'one-shot global magnitude', 0.5, '', '', 'fp32', 32, 'fp32', 'float', 'dnn 2', 1600, 1588, 794, 0, 0, 1.25, 0.75, 6400, 4800, 3500, 3000, 3500, '', NULL);
INSERT INTO variant VALUES (2, 1, 1, 'one-shot global magnitude', 0.5, '', 'ptq tensor symmetric max activations=int8 images=100', 'int8', 8, 'int8', 'integer', 'dnn 2', 1600, 1588, 794, 0, 0, 1.25, 0.75, 6400, 4800, 3500, 3000, 3500, '', NULL);
INSERT INTO variant VALUES (3, 1, 1, 'one-shot global magnitude', 0.5, '', 'ptq tensor symmetric max activations=int8 images=1000', 'int8', 8, 'int8', 'integer', 'dnn 2', 1600, 1588, 794, 0, 0, 1.25, 0.75, 6400, 4800, 3500, 3000, 3500, '', NULL);
INSERT INTO variant_tensor VALUES (1, 0, 'fc1.weight', 1568, 784);
INSERT INTO variant_tensor VALUES (1, 1, 'fc2.weight', 20, 10);
INSERT INTO weight_summary VALUES (1, 'start', 0, 0, 'fc1.weight', '[2,784]', 1568, 0, 0.125, 0.5, 0.25, -1, 0.05, 2, 3, 0.75, 1.5, '[-0.5,0.25,0.75]', -8, -3, '[1,0,19]', 2, 1, 0.5, 0.5, 1.5, '[0.5,1.5]');
INSERT INTO weight_summary VALUES (1, 'end', 2, 0, 'fc1.weight', '[2,784]', 1568, 0, 0.125, 0.5, 0.25, -1, 0.05, 2, 3, 0.75, 1.5, '[-0.5,0.25,0.75]', -8, -3, '[1,0,19]', 2, 1, 0.5, 0.5, 1.5, '[0.5,1.5]');
INSERT INTO session VALUES ('b000000000000001', '2026-11-20T10:00:00Z', '2026-11-20T10:01:00Z', '', '0.1.0', 2, 'a processor', 2, 8000000000, 'a system', 1.5, 0);
-- A store of schema 5 that the program of schema 10 brought up to date.
CREATE TABLE dataset_label (
  dataset    INTEGER PRIMARY KEY REFERENCES dataset,
  test       BLOB NOT NULL,
  validation BLOB NOT NULL
);
CREATE TABLE run_prediction (
  run        INTEGER PRIMARY KEY REFERENCES run,
  test       BLOB NOT NULL,
  validation BLOB NOT NULL
);
CREATE TABLE variant_outcome (
  variant    INTEGER PRIMARY KEY REFERENCES variant,
  test       BLOB NOT NULL,
  validation BLOB NOT NULL
);
ALTER TABLE compression_task ADD COLUMN schema INTEGER NOT NULL DEFAULT 5;
ALTER TABLE session ADD COLUMN backend TEXT;
ALTER TABLE session ADD COLUMN instruction_set TEXT;
ALTER TABLE session ADD COLUMN matrix_products TEXT;
ALTER TABLE result ADD COLUMN session TEXT;
ALTER TABLE compression_task ADD COLUMN session TEXT;
-- The checksums of these rows, as the program of that time makes them.
INSERT INTO checksum VALUES ('analysis', 'convergence', 5572953862);
INSERT INTO checksum VALUES ('analysis', 'labels', 3928897580);
INSERT INTO checksum VALUES ('compression', '1', 12537714070);
INSERT INTO checksum VALUES ('dataset', '1', 2050563874);
INSERT INTO checksum VALUES ('run', '1', 15475481586);
INSERT INTO checksum VALUES ('run', '2', 23659688066);
INSERT INTO checksum VALUES ('run', '3', 13376707199);
INSERT INTO checksum VALUES ('run', '4', 2424299068);
INSERT INTO checksum VALUES ('session', 'b000000000000001', 3905621078);
INSERT INTO checksum VALUES ('study', '1', 9298829204);
