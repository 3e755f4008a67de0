PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE study_record (
  one             INTEGER PRIMARY KEY CHECK (one = 1),
  name            TEXT NOT NULL,
  text            TEXT NOT NULL,
  train           TEXT NOT NULL,
  shard           TEXT NOT NULL,
  program_version TEXT NOT NULL,
  keep_weights    TEXT NOT NULL
);
INSERT INTO study_record VALUES(1,'old',replace('[study]\nname = "old"\nreplicates = 2\nweights = "all"\n[data]\ndatasets = ["glyphs train=60 test=20"]\n[train]\nepochs = 2\nbatch = 10\n[[design]]\narchitectures = ["dnn 1"]\n[[pruning.protocol]]\nsparsity = 0.5\n[[quantization.protocol]]\nformats = "int8"\n','\n',char(10)),'seed=1 epochs=2 batch=10','','0.1.0','all');
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
, validation_count INTEGER NOT NULL DEFAULT 0);
INSERT INTO dataset VALUES(1,'glyphs test=20 train=60',1,28,28,10,60,20,0.10000000000000000555,'["circle","cross","triangle","square","arrow","spiral","wave","star","heart","hourglass"]','369cd4bface458062cfbfddd1ce42966bd706a58cda52c747eafb140153e4b87',0);
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
INSERT INTO run VALUES(1,'4fdfed5257de0d07',0,1,'dnn','dnn 1',805,0,1,'epochs=2 batch=10');
INSERT INTO run VALUES(2,'17c7ea09e8c95c95',1,1,'dnn','dnn 1',805,1,1,'epochs=2 batch=10');
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
, validation_accuracy REAL);
INSERT INTO result VALUES(1,'finished',2,2.3437233209609984463,0.03333333333333333287,2.3064059972763062411,0.050000000000000002775,NULL,0.00067155199999999995626,NULL,NULL,NULL,NULL);
INSERT INTO result VALUES(2,'finished',2,2.3028566360473634588,0.11666666666666666851,2.301035571098327459,0.10000000000000000555,NULL,0.00034169700000000001851,NULL,NULL,NULL,NULL);
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
INSERT INTO epoch VALUES(1,1,0.0010000000000000000208,2.5987182696660360292,0.03333333333333333287,2.3863633155822752129,0.0,2,1,0.6500000000000000222);
INSERT INTO epoch VALUES(1,2,0.0010000000000000000208,2.3733686129252116181,0.016666666666666666435,2.3064059972763062411,0.050000000000000002775,2,1,0.84999999999999997779);
INSERT INTO epoch VALUES(2,1,0.0010000000000000000208,2.3292981227238973573,0.066666666666666665741,2.3005635976791380947,0.10000000000000000555,2,2,0.9000000000000000222);
INSERT INTO epoch VALUES(2,2,0.0010000000000000000208,2.3070104996363323124,0.11666666666666666851,2.301035571098327459,0.10000000000000000555,2,2,0.9000000000000000222);
CREATE TABLE layer_signal (
  run           INTEGER NOT NULL REFERENCES run,
  epoch         INTEGER NOT NULL,
  layer         INTEGER NOT NULL,
  units         INTEGER NOT NULL,
  dead_units    INTEGER NOT NULL,
  gradient_norm REAL,
  PRIMARY KEY (run, epoch, layer)
) WITHOUT ROWID;
INSERT INTO layer_signal VALUES(1,1,1,1,0,4.961248581937468316);
INSERT INTO layer_signal VALUES(1,1,2,10,0,0.36510147039114637657);
INSERT INTO layer_signal VALUES(1,2,1,1,0,2.7026103790130284743);
INSERT INTO layer_signal VALUES(1,2,2,10,0,0.24586115228040419933);
INSERT INTO layer_signal VALUES(2,1,1,1,0,1.2141983609886177752);
INSERT INTO layer_signal VALUES(2,1,2,10,0,0.29468968170360471114);
INSERT INTO layer_signal VALUES(2,2,1,1,0,0.52032675405115502709);
INSERT INTO layer_signal VALUES(2,2,2,10,0,0.2463385249096222973);
CREATE TABLE weight_file (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  sealed     INTEGER NOT NULL,
  data_start INTEGER NOT NULL,
  bytes      INTEGER NOT NULL
);
INSERT INTO weight_file VALUES(1,1,744,6440);
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
INSERT INTO weight VALUES(1,0,'fc1.weight','[1,784]',1,0,784);
INSERT INTO weight VALUES(1,1,'fc1.bias','[1]',1,3136,1);
INSERT INTO weight VALUES(1,2,'fc2.weight','[10,1]',1,3140,10);
INSERT INTO weight VALUES(1,3,'fc2.bias','[10]',1,3180,10);
INSERT INTO weight VALUES(2,0,'fc1.weight','[1,784]',1,3220,784);
INSERT INTO weight VALUES(2,1,'fc1.bias','[1]',1,6356,1);
INSERT INTO weight VALUES(2,2,'fc2.weight','[10,1]',1,6360,10);
INSERT INTO weight VALUES(2,3,'fc2.bias','[10]',1,6400,10);
CREATE TABLE compression_task (
  id      INTEGER PRIMARY KEY,
  run     INTEGER NOT NULL REFERENCES run,
  task    TEXT NOT NULL,
  seconds REAL NOT NULL, schema INTEGER NOT NULL DEFAULT 5,
  UNIQUE (run, task)
);
INSERT INTO compression_task VALUES(1,1,'prune one-shot global magnitude at 0.5',0.010014475499999999849,6);
INSERT INTO compression_task VALUES(2,2,'prune one-shot global magnitude at 0.5',0.010014475499999999849,6);
INSERT INTO compression_task VALUES(3,1,'quantize ptq tensor symmetric auto to int8',0.0004788724999999999861,6);
INSERT INTO compression_task VALUES(4,2,'quantize ptq tensor symmetric auto to int8',0.0004788724999999999861,6);
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
  note           TEXT NOT NULL, validation_accuracy REAL,
  UNIQUE (run, pruning, sparsity_asked, tensor, quantization, format)
);
INSERT INTO variant VALUES(1,1,1,'one-shot global magnitude',0.5,'','','fp32',32,'fp32','float','dnn 1',805,794,397,0,0,2.2909920692443845879,0.050000000000000002775,3220,2442,1732,1730,1730,'',NULL);
INSERT INTO variant VALUES(2,2,2,'one-shot global magnitude',0.5,'','','fp32',32,'fp32','float','dnn 1',805,794,397,0,0,2.300898504257202326,0.10000000000000000555,3220,2443,1732,1731,1732,'',NULL);
INSERT INTO variant VALUES(3,1,3,'',0.0,'','ptq tensor symmetric auto','int8',8,'fp32','float','dnn 1',805,794,794,0,0,2.306520366668701083,0.050000000000000002775,846,2450,946,751,846,'',NULL);
INSERT INTO variant VALUES(4,2,4,'',0.0,'','ptq tensor symmetric auto','int8',8,'fp32','float','dnn 1',805,794,794,0,0,2.3010936737060547763,0.10000000000000000555,846,2450,946,765,846,'',NULL);
CREATE TABLE variant_tensor (
  variant INTEGER NOT NULL REFERENCES variant,
  number  INTEGER NOT NULL,
  name    TEXT NOT NULL,
  weights INTEGER NOT NULL,
  kept    INTEGER NOT NULL,
  PRIMARY KEY (variant, number)
) WITHOUT ROWID;
INSERT INTO variant_tensor VALUES(1,0,'fc1.weight',784,387);
INSERT INTO variant_tensor VALUES(1,1,'fc2.weight',10,10);
INSERT INTO variant_tensor VALUES(2,0,'fc1.weight',784,388);
INSERT INTO variant_tensor VALUES(2,1,'fc2.weight',10,9);
CREATE TABLE dataset_label (
  dataset    INTEGER PRIMARY KEY REFERENCES dataset,
  test       BLOB NOT NULL,
  validation BLOB NOT NULL
);
INSERT INTO dataset_label VALUES(1,X'789c63e5606460676162e3640612ec1c8caccc9c0c0003c4005b',X'');
CREATE TABLE run_prediction (
  run        INTEGER PRIMARY KEY REFERENCES run,
  test       BLOB NOT NULL,
  validation BLOB NOT NULL
);
INSERT INTO run_prediction VALUES(1,X'789c63626260020246260860043100017e0024',X'');
INSERT INTO run_prediction VALUES(2,X'789c6366666665666660668612202e00026b003b',X'');
CREATE TABLE variant_outcome (
  variant    INTEGER PRIMARY KEY REFERENCES variant,
  test       BLOB NOT NULL,
  validation BLOB NOT NULL
);
INSERT INTO variant_outcome VALUES(1,X'789c636060000000030001',X'');
INSERT INTO variant_outcome VALUES(2,X'789c636060000000030001',X'');
INSERT INTO variant_outcome VALUES(3,X'789c636060000000030001',X'');
INSERT INTO variant_outcome VALUES(4,X'789c636060000000030001',X'');
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
INSERT INTO weight_summary VALUES(1,'end',2,0,'fc1.weight','[1,784]',784,0,-0.005237449197196912369,0.049877664660947756969,0.040421464227182991868,0.14871003579815544881,0.093112244897959189904,30.825019441283075139,1.4042529857545489324,0.16653718054294586181,1.0000000209488588698,'[-0.1218654,-0.1051123,-0.09507287,-0.08307665,-0.07812551,-0.0729221,-0.06829207,-0.06377498,-0.0613239,-0.05865573,-0.05489226,-0.05044764,-0.04631276,-0.04331749,-0.04198968,-0.03859073,-0.03561568,-0.03348143,-0.03167435,-0.02836646,-0.02675345,-0.02435736,-0.02276365,-0.02057076,-0.01835441,-0.01671903,-0.01511408,-0.0129791,-0.01073399,-0.00927236,-0.007514448,-0.006212175,-0.004742757,-0.003298471,-0.001758729,-6.699218e-05,0.001257221,0.002728248,0.005604492,0.008471396,0.01085402,0.01251966,0.014748,0.01670441,0.01808642,0.02085977,0.02198723,0.02444676,0.02751761,0.02991354,0.03307322,0.03535008,0.03819168,0.04205783,0.04517502,0.04966165,0.0533466,0.05829569,0.06539264,0.07193139,0.07614047,0.08219447,0.09393986,0.1170834]',-10,-171,'[1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,0,1,0,0,0,0,0,0,0,0,0,1,2,3,0,2,0,0,2,1,1,1,0,0,0,0,0,0,1,0,1,0,1,1,1,3,2,1,2,0,2,1,2,0,0,2,1,1,1,0,1,1,1,1,3,4,4,1,3,4,2,1,3,0,3,2,5,2,3,2,4,3,4,6,6,3,4,2,2,5,4,3,2,2,4,2,4,4,1,2,4,4,6,10,5,4,1,5,0,6,6,7,3,9,4,3,5,3,9,6,5,4,8,7,3,8,5,4,6,9,6,10,4,5,1,10,6,8,7,12,9,5,8,9,5,7,11,7,10,7,2,6,6,4,3,5,4,5,8,7,7,3,5,5,11,5,5,3,9,11,4,4,0,3,6,7,6,3,4,3,5,5,6,4,4,5,2,2,2,6,5,2,4,4,4,2,2,2,1,5,3,6,0,1,1,5,4,2,1,2,1,0,2,2,2,1,3,2,2,2,2,3,4,1,3,0,2,1,1,3,5,1,1,0,3,1,1,0,3,1,0,0,1,1,1,0,2,0,1,1,0,1,1,0,0,0,0,0,1,1,0,0,1,0,0,1,0,1,0,0,2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,1,0,0,0,0,1,0,0,1]',1,30.825019441283075139,0.0,30.825019441283075139,30.825019441283075139,'[30.82502]');
INSERT INTO weight_summary VALUES(1,'end',2,1,'fc1.bias','[1]',1,0,-0.0098443878814578056335,0.0,NULL,NULL,NULL,0.0098443878814578056335,0.0098443878814578056335,0.0098443878814578056335,NULL,'[]',0,0,'[]',0,0.0,0.0,0.0,0.0,'[]');
INSERT INTO weight_summary VALUES(1,'end',2,2,'fc2.weight','[10,1]',10,0,-0.30026206076145173229,1.3053529421128284848,0.13421175475093294338,-0.87098856153837278526,0.0,11.183670848608016967,4.2356860230844901593,2.2025961875915527343,1.0,'[-2.186149,-2.153255,-2.120361,-2.087467,-2.054573,-2.021679,-1.988785,-1.949622,-1.900609,-1.851595,-1.802582,-1.753568,-1.704555,-1.655541,-1.587628,-1.470576,-1.353524,-1.236472,-1.11942,-1.002368,-0.8853157,-0.7813546,-0.7428486,-0.7043425,-0.6658365,-0.6273304,-0.5888243,-0.5503182,-0.5079522,-0.3999662,-0.2919803,-0.1839943,-0.07600837,0.03197758,0.1399635,0.2479495,0.2637981,0.2742269,0.2846557,0.2950845,0.3055134,0.3159421,0.326371,0.3666191,0.4128311,0.4590431,0.5052552,0.5514672,0.5976792,0.6438912,0.6617946,0.6688101,0.6758255,0.6828409,0.6898564,0.6968718,0.7038872,0.8302373,1.032528,1.234818,1.437108,1.639398,1.841689,2.043979]',-6,-141,'[1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1]',10,1.11836708486080183,0.73712866727273818057,0.25394871830940246582,2.2025961875915527343,'[2.145124,2.202596,1.968683,0.2539487,0.3281091,0.7066154,0.5139514,0.6567279,0.7877723,1.620143]');
INSERT INTO weight_summary VALUES(1,'end',2,3,'fc2.bias','[10]',10,0,0.00086973864235915241457,0.0039552109978308099685,-0.75065613158116673009,0.28128333364269719751,0.10000000000000000555,0.031361909583210945129,0.012806302879197623001,0.0081259924918413162231,NULL,'[]',0,0,'[]',0,0.0,0.0,0.0,0.0,'[]');
INSERT INTO weight_summary VALUES(1,'start',0,0,'fc1.weight','[1,784]',784,0,0.0023819392979893732123,0.049862441951763987468,0.040777320624590038256,0.12139137664309584963,0.096938775510204078234,30.643845786966267042,1.3977404672307629507,0.15992070734500885009,1.0000000223662182108,'[-0.1149175,-0.09613071,-0.08707271,-0.07536313,-0.0694446,-0.0663907,-0.06030111,-0.0567791,-0.05347924,-0.05050355,-0.0467017,-0.0433328,-0.03963849,-0.03626693,-0.03425142,-0.03161028,-0.02879317,-0.02626288,-0.0242399,-0.02103795,-0.01880628,-0.01679913,-0.01495284,-0.01272559,-0.01053873,-0.009369416,-0.006985477,-0.005077728,-0.00312864,-0.0009450148,0.0003819216,0.001495129,0.002772632,0.004765922,0.006228861,0.007510241,0.009089759,0.01057527,0.01364723,0.01597779,0.01819435,0.02025633,0.02188353,0.02434293,0.02588695,0.02770127,0.02936539,0.03103781,0.03554618,0.03758794,0.04116349,0.04278979,0.04656098,0.05008499,0.05275114,0.05758054,0.06210236,0.0667753,0.07265825,0.07847191,0.08338004,0.0910871,0.1001371,0.1257182]',-10,-163,'[1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,1,0,0,0,2,0,0,0,0,0,0,0,1,0,1,1,3,2,0,0,0,0,1,2,1,1,0,0,0,0,0,0,1,0,0,2,1,2,3,1,2,0,1,3,1,1,1,0,1,0,1,0,1,1,3,0,2,3,1,4,2,4,5,3,1,2,0,2,3,3,4,4,2,3,2,5,3,4,7,1,5,4,2,3,7,1,4,3,1,4,5,1,3,6,4,7,5,4,4,5,3,3,7,3,5,7,6,3,4,6,1,5,10,3,7,7,5,7,5,4,6,7,11,3,5,7,6,5,8,5,5,11,8,12,8,5,6,10,6,9,9,7,8,4,3,5,4,5,5,6,5,5,7,10,4,2,9,4,9,7,7,8,6,8,3,1,5,0,7,5,3,6,2,1,9,7,3,2,2,6,2,3,3,8,3,3,3,1,6,1,2,2,0,5,1,7,2,4,2,0,3,5,1,0,1,0,5,3,1,3,1,0,3,3,1,4,2,2,1,0,1,2,1,2,3,3,2,1,2,1,1,2,0,1,2,0,0,1,0,1,1,1,0,1,1,0,1,0,0,0,1,1,1,0,0,0,0,0,0,0,2,0,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,1,0,1,0,1]',1,30.643845786966267042,0.0,30.643845786966267042,30.643845786966267042,'[30.64385]');
INSERT INTO weight_summary VALUES(1,'start',0,1,'fc1.bias','[1]',1,0,0.0,0.0,NULL,NULL,NULL,0.0,0.0,0.0,NULL,'[]',0,0,'[]',0,0.0,0.0,0.0,0.0,'[]');
INSERT INTO weight_summary VALUES(1,'start',0,2,'fc2.weight','[10,1]',10,0,-0.30035815238952634498,1.3093063729752110191,0.1332914355367698922,-0.86753344997641201885,0.0,11.21511852741241455,4.2479385565475782371,2.210819244384765625,1.0,'[-2.194086,-2.160619,-2.127153,-2.093686,-2.060219,-2.026753,-1.993286,-1.953851,-1.905035,-1.85622,-1.807405,-1.75859,-1.709775,-1.66096,-1.592834,-1.474499,-1.356164,-1.237828,-1.119493,-1.001158,-0.8828226,-0.7779186,-0.740171,-0.7024233,-0.6646756,-0.6269279,-0.5891802,-0.5514326,-0.5096911,-0.4000558,-0.2904205,-0.1807851,-0.07114982,0.03848551,0.1481208,0.2577562,0.2724843,0.2816297,0.290775,0.2999204,0.3090657,0.318211,0.3273564,0.3672881,0.4133769,0.4594658,0.5055547,0.5516436,0.5977325,0.6438214,0.6613021,0.6677799,0.6742575,0.6807352,0.6872129,0.6936905,0.7001683,0.8273863,1.031439,1.235492,1.439545,1.643598,1.84765,2.051703]',-6,-142,'[1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1]',10,1.1215118527412413218,0.73939797280034558202,0.26384702324867248535,2.210819244384765625,'[2.15373,2.210819,1.972834,0.263847,0.3288806,0.7026873,0.515782,0.6566238,0.7842099,1.625705]');
INSERT INTO weight_summary VALUES(1,'start',0,3,'fc2.bias','[10]',10,0,0.0,0.0,NULL,NULL,NULL,0.0,0.0,0.0,NULL,'[]',0,0,'[]',0,0.0,0.0,0.0,0.0,'[]');
INSERT INTO weight_summary VALUES(2,'end',2,0,'fc1.weight','[1,784]',784,0,-0.0024124010776678025264,0.050532245964067856736,-0.017426509096273433419,-0.12808090145236583623,0.088010204081632653627,31.638538214727304875,1.4165143161747235645,0.14955891668796539306,1.0,'[-0.1218858,-0.09954733,-0.09170457,-0.08669684,-0.08073402,-0.07277662,-0.06785876,-0.06220932,-0.05988318,-0.05607637,-0.0530284,-0.04861218,-0.04577834,-0.04225353,-0.04057314,-0.03914399,-0.03466346,-0.03233678,-0.0289214,-0.02666169,-0.02477523,-0.02286851,-0.02112411,-0.01847341,-0.01695761,-0.01515817,-0.01342049,-0.01121327,-0.00882093,-0.006716172,-0.004734264,-0.002785019,-0.0008913231,0.0005529815,0.002349179,0.004139908,0.006177802,0.008149697,0.01042119,0.01279106,0.01584888,0.0178724,0.02007957,0.02204584,0.02498862,0.02719679,0.02888792,0.03137855,0.03316608,0.03515263,0.037445,0.04143746,0.04365024,0.04576477,0.04906785,0.05207317,0.05697699,0.06134842,0.06681249,0.0727763,0.0775994,0.0865884,0.09573705,0.119721]',-10,-154,'[1,0,0,0,0,0,0,1,0,1,0,0,0,0,0,0,0,0,1,0,0,0,1,0,0,1,0,0,0,2,1,0,1,0,1,0,0,0,0,0,0,1,0,0,1,2,1,1,1,0,0,1,0,2,1,0,3,0,3,3,3,0,4,2,2,4,1,3,2,0,2,3,1,2,3,1,1,0,1,5,1,4,2,1,3,3,1,3,2,0,7,3,5,2,5,1,5,5,4,1,2,2,4,3,6,3,3,4,3,4,6,5,7,10,3,2,1,4,3,3,9,5,2,3,6,6,2,6,8,8,4,6,7,2,7,7,7,7,7,7,5,4,8,2,8,7,3,6,7,8,3,6,7,7,10,8,7,5,7,5,6,5,9,3,3,6,5,7,3,2,5,7,5,4,8,4,6,7,3,4,5,6,8,4,7,3,10,3,8,4,6,4,6,4,2,1,3,4,9,5,6,5,4,2,1,4,6,4,5,3,1,0,1,4,5,1,2,6,2,1,1,1,2,3,1,1,2,4,3,0,2,5,2,1,2,1,3,0,1,1,1,1,2,3,0,0,1,3,2,2,0,1,1,1,1,0,0,0,1,0,0,0,1,0,1,0,0,2,1,1,0,0,0,0,1,1,1,0,0,1,1,1,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,1,1]',1,31.638538214727304875,0.0,31.638538214727304875,31.638538214727304875,'[31.63854]');
INSERT INTO weight_summary VALUES(2,'end',2,1,'fc1.bias','[1]',1,0,-0.0059541231021285057067,0.0,NULL,NULL,NULL,0.0059541231021285057067,0.0059541231021285057067,0.0059541231021285057067,NULL,'[]',0,0,'[]',0,0.0,0.0,0.0,0.0,'[]');
INSERT INTO weight_summary VALUES(2,'end',2,2,'fc2.weight','[10,1]',10,0,0.4920628085732460244,0.5943151494042651084,-0.95884342883557738268,0.53052055155916244544,0.10000000000000000555,6.7248001247644424438,2.4399514429439057572,1.290174722671508789,1.0000000027633162424,'[-0.8381565,-0.7102976,-0.5824386,-0.4545796,-0.3267206,-0.1988617,-0.07100269,0.02391149,0.06705529,0.1101991,0.1533429,0.1964867,0.2396305,0.2827743,0.3146137,0.3170615,0.3195094,0.3219572,0.3244051,0.3268529,0.3293008,0.3329548,0.3426394,0.352324,0.3620085,0.3716931,0.3813777,0.3910623,0.4027212,0.4479428,0.4931644,0.538386,0.5836076,0.6288291,0.6740507,0.7192723,0.7309246,0.7406022,0.7502798,0.7599574,0.769635,0.7793126,0.7889901,0.8001716,0.8116537,0.8231358,0.8346179,0.8461,0.8575822,0.8690643,0.894905,0.9262682,0.9576315,0.9889947,1.020358,1.051721,1.083084,1.11203,1.139437,1.166844,1.194251,1.221658,1.249064,1.276471]',-7,-116,'[1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,1,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1]',10,0.67248001247644417777,0.37829477555483936868,0.007133349776268005371,1.290174722671508789,'[0.7217847,0.3139337,0.3313407,0.902086,1.290175,0.00713335,0.7906031,0.8722538,1.095281,0.4002089]');
INSERT INTO weight_summary VALUES(2,'end',2,3,'fc2.bias','[10]',10,0,-0.00065124832326546311378,0.0023262264407443045827,0.7538885054829357335,-0.19717584720548142485,0.0,0.021356599521823227405,0.0076390142244755600622,0.004333785269409418106,NULL,'[]',0,0,'[]',0,0.0,0.0,0.0,0.0,'[]');
INSERT INTO weight_summary VALUES(2,'start',0,0,'fc1.weight','[1,784]',784,0,0.00073666231468896327134,0.050526430162677278545,-0.015076963166200132299,-0.097006202862463197789,0.079081632653061229021,31.611621921758342069,1.4148904014156824526,0.14829817414283752441,1.0000000293028346032,'[-0.1182067,-0.09920696,-0.0881194,-0.08276222,-0.07676641,-0.06970099,-0.06446642,-0.06051341,-0.05603514,-0.05218937,-0.04915832,-0.04457162,-0.0418965,-0.03895612,-0.03692818,-0.03502125,-0.03206933,-0.02911038,-0.02683031,-0.02434707,-0.02238009,-0.01979423,-0.0183118,-0.01613181,-0.01373419,-0.01155371,-0.009198592,-0.007490773,-0.005972803,-0.003424114,-0.000853019,0.001134591,0.002852886,0.004604231,0.006137936,0.007566718,0.009686766,0.01144295,0.01304344,0.01450068,0.01826772,0.02105261,0.02365427,0.02531564,0.02684066,0.02885789,0.03210364,0.03423022,0.03645309,0.03769985,0.04072987,0.04285136,0.04534228,0.0484302,0.05168666,0.05669842,0.06186239,0.06457479,0.06814317,0.07456686,0.07966083,0.09049465,0.09909571,0.1252365]',-10,-149,'[2,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,2,1,0,0,0,0,0,0,1,0,1,0,1,1,0,1,0,0,2,0,0,1,0,1,0,0,1,1,3,0,0,0,0,1,2,3,1,2,1,1,5,2,0,3,1,5,1,4,1,1,1,1,3,1,3,1,1,2,4,1,2,2,3,1,2,1,5,3,5,3,1,3,5,2,3,2,5,2,5,3,5,1,2,0,6,3,6,6,3,3,9,2,11,2,5,4,4,5,2,4,6,7,5,4,4,9,3,3,4,8,7,7,4,6,4,7,6,5,5,4,7,7,7,8,6,3,6,3,5,10,2,4,10,7,8,8,4,9,7,6,7,6,8,8,7,2,2,4,4,4,4,6,5,5,6,8,5,10,4,6,3,4,7,4,4,3,8,8,7,4,3,5,8,5,5,4,3,5,3,5,2,4,5,0,3,3,3,2,4,2,0,4,2,3,5,5,3,3,2,5,0,3,2,0,3,2,3,1,5,2,1,4,1,1,2,2,0,2,0,0,1,0,1,1,3,0,1,2,0,1,2,3,0,0,0,1,0,2,0,0,1,0,0,1,0,0,0,0,0,3,0,1,0,1,0,0,0,1,2,0,0,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,1]',1,31.611621921758342069,0.0,31.611621921758342069,31.611621921758342069,'[31.61162]');
INSERT INTO weight_summary VALUES(2,'start',0,1,'fc1.bias','[1]',1,0,0.0,0.0,NULL,NULL,NULL,0.0,0.0,0.0,NULL,'[]',0,0,'[]',0,0.0,0.0,0.0,0.0,'[]');
INSERT INTO weight_summary VALUES(2,'start',0,2,'fc2.weight','[10,1]',10,0,0.49417887735180554553,0.59774634875135868039,-0.96283814856791960501,0.53373115540284388202,0.10000000000000000555,6.7591240215115249156,2.4525771349057947645,1.294498443603515625,1.0,'[-0.8444937,-0.716146,-0.5877982,-0.4594505,-0.3311027,-0.2027549,-0.07440716,0.02101005,0.06467924,0.1083484,0.1520176,0.1956868,0.239356,0.2830252,0.3155329,0.3190205,0.3225082,0.3259959,0.3294835,0.3329712,0.3364588,0.3407923,0.3493546,0.3579169,0.3664792,0.3750415,0.3836039,0.3921662,0.4027903,0.4484657,0.4941411,0.5398164,0.5854918,0.6311672,0.6768425,0.7225178,0.7337148,0.7428836,0.7520523,0.7612211,0.7703899,0.7795586,0.7887273,0.800927,0.8137329,0.8265388,0.8393447,0.8521506,0.8649564,0.8777623,0.9036428,0.934552,0.9654611,0.9963702,1.027279,1.058188,1.089098,1.117736,1.144931,1.172125,1.199319,1.226513,1.253707,1.280901]',-7,-117,'[1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,1,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1]',10,0.67591240215115255818,0.38033654161088759071,0.0040275859646499156951,1.294498443603515625,'[0.7250554,0.3145641,0.3393652,0.9086676,1.294498,0.004027586,0.7902555,0.8813195,1.101118,0.4002528]');
INSERT INTO weight_summary VALUES(2,'start',0,3,'fc2.bias','[10]',10,0,0.0,0.0,NULL,NULL,NULL,0.0,0.0,0.0,NULL,'[]',0,0,'[]',0,0.0,0.0,0.0,0.0,'[]');
CREATE TABLE run_label (
  run            INTEGER PRIMARY KEY REFERENCES run,
  accuracy_group TEXT,
  regime         TEXT,
  diagnosis      TEXT
);
INSERT INTO run_label VALUES(1,'non','unstable','too slow: loss still falling, 2.599 to 2.373');
INSERT INTO run_label VALUES(2,'non','unstable','no progress: loss 2.329 to 2.307');
CREATE TABLE analysis_record (
  name            TEXT PRIMARY KEY,
  settings        TEXT NOT NULL,
  program_version TEXT NOT NULL,
  runs            INTEGER NOT NULL
);
INSERT INTO analysis_record VALUES('convergence','','0.1.0',2);
CREATE TABLE analysis_table (
  name     TEXT PRIMARY KEY,
  analysis TEXT NOT NULL REFERENCES analysis_record
);
INSERT INTO analysis_table VALUES('levels','convergence');
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
INSERT INTO session VALUES('e213e78ff0e70dcc','2026-11-28T23:21:53Z','2026-11-28T23:21:53Z','','0.1.0',1,'a processor',2,25276510208,'a system',0.058973999999999998644,0);
CREATE TABLE levels (dataset TEXT, family TEXT, series TEXT, parameters INTEGER, architectures TEXT, regime TEXT, runs INTEGER, learned INTEGER, skilled INTEGER, successes INTEGER, success_share REAL, test_accuracy REAL, test_accuracy_low REAL, test_accuracy_high REAL, test_accuracy_sd REAL, sd_learned, gap REAL, test_loss REAL, loss_known INTEGER, loss_turned INTEGER, turn_epoch);
INSERT INTO levels VALUES('glyphs test=20 train=60','dnn','dnn, 1 layer',805,'dnn 1','unstable',2,0,0,0,0.0,0.075000000000000011102,0.0,0.20404132689679088663,0.035355339059327375861,NULL,-3.4694469519536141888e-18,2.3037207841873170721,2,0,NULL);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('weight_file',1);
CREATE INDEX run_position ON run (position);
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
         compression_task.seconds AS seconds
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
         cores, memory_bytes, system, cpu_seconds, compression_left
  FROM session
  ORDER BY started, session_id;
CREATE VIEW analyses AS
  SELECT analysis_record.name AS name, settings, runs, program_version,
         (SELECT group_concat(analysis_table.name, ' ') FROM analysis_table
          WHERE analysis_table.analysis = analysis_record.name) AS tables
  FROM analysis_record
  ORDER BY analysis_record.name;
COMMIT;
PRAGMA application_id = 1835626089;
PRAGMA user_version = 6;
