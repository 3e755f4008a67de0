#include "store/database/sqlite_views.h"

namespace minima::store {

// Other programs, such as DuckDB, read the values of a column by its declared type. A column of a
// view has one if it is a column of a table. A computed value gets the type of a column by
//   (SELECT value UNION ALL SELECT column FROM table WHERE 0)
// which is the value: SQLite declares the type of the last part. A CAST has a declared type only
// since SQLite 3.41.
//
// CROSS JOIN keeps runs in the outer loop, so that the index on position yields the order without
// sorting.
const char* const kViews = R"sql(
CREATE VIEW runs AS
  SELECT run.run_id AS run_id, dataset.name AS dataset, run.family AS family,
         run.architecture AS architecture, run.parameters AS parameters,
         run.replicate AS replicate,
         (SELECT coalesce(result.status, 'planned')
          UNION ALL SELECT status FROM result WHERE 0) AS status,
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
         (SELECT printf('weights-%04d.%s', weight_file.number,
                        CASE weight_file.sealed WHEN 1 THEN 'safetensors' ELSE 'part' END)
          UNION ALL SELECT name FROM weight WHERE 0) AS file,
         (SELECT weight_file.data_start + weight.offset
          UNION ALL SELECT offset FROM weight WHERE 0) AS byte, weight.checksum AS checksum
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
         (SELECT CASE variant.weights WHEN 0 THEN 0.0
                 ELSE 1.0 - CAST(variant.kept AS REAL) / variant.weights END
          UNION ALL SELECT sparsity_asked FROM variant WHERE 0) AS sparsity,
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
         class_names, checksum, validation_count, notes
  FROM dataset
  ORDER BY id;
CREATE VIEW studies AS
  SELECT name, train, shard, keep_weights, program_version, text
  FROM study_record;
CREATE VIEW sessions AS
  SELECT session_id, started,
         (SELECT nullif(session.ended, '') UNION ALL SELECT ended FROM session WHERE 0) AS ended,
         shard, program_version, jobs, processor,
         cores, memory_bytes, system, cpu_seconds, compression_left, backend, instruction_set,
         matrix_products, left_out
  FROM session
  ORDER BY started, session_id;
CREATE VIEW analyses AS
  SELECT analysis_record.name AS name, settings, runs, program_version,
         (SELECT group_concat(analysis_table.name, ' ') FROM analysis_table
          WHERE analysis_table.analysis = analysis_record.name
          UNION ALL SELECT name FROM analysis_table WHERE 0) AS tables
  FROM analysis_record
  ORDER BY analysis_record.name;
)sql";

}  // namespace minima::store
