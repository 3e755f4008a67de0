// The tables of file_kinds.h. Every program ends by writing one NumPy archive, which is read.
#include "data/source/file_kinds.h"

namespace minima::data {

std::span<const ReadKind> read_kinds() {
  static const std::vector<ReadKind> kKinds{
      {"image folder",
       "train/<class>/, test/<class>/ or <class>/: PNG, JPEG, GIF, TIFF, WebP, ..."},
      {"archive", "an image folder, IDX files or tables as .zip, .tar, .tar.gz, .xz or .bz2"},
      {"IDX files", "those of MNIST, Fashion-MNIST, KMNIST, QMNIST, EMNIST; plain, .gz or .xz"},
      {"NumPy archive", ".npz with x_train, y_train, ... (Keras) or train_images, ... (MedMNIST)"},
      {"table of pixels",
       "train.csv and test.csv, or one .csv: a column label and one for each "
       "pixel"},
      {"CIFAR-10, CIFAR-100", "the binary version, as a folder or an archive (.tar.gz)"},
  };
  return kKinds;
}

std::span<const UnreadKind> unread_kinds() {
  static const std::vector<UnreadKind> kKinds{
      {"Parquet file",
       {".parquet"},
       R"(import io, numpy, pandas                # pip install pandas pyarrow pillow
from PIL import Image

def split(file):
    table = pandas.read_parquet(file)   # columns "image" and "label" as on Hugging Face
    images = [Image.open(io.BytesIO(cell["bytes"])).convert("L") for cell in table["image"]]
    return numpy.stack([numpy.asarray(image) for image in images]), table["label"].to_numpy("int64")

x_train, y_train = split("train.parquet")
x_test, y_test = split("test.parquet")
numpy.savez_compressed("data.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
)"},
      {"MATLAB file",
       {".mat"},
       R"(import numpy, scipy.io                  # pip install scipy

def split(file):
    data = scipy.io.loadmat(file)       # X is height x width x channels x images as in SVHN
    images = numpy.ascontiguousarray(data["X"].transpose(3, 0, 1, 2)).astype("uint8")
    return images, data["y"].ravel().astype("int64") % 10   # SVHN calls the digit 0 "10"

x_train, y_train = split("train_32x32.mat")
x_test, y_test = split("test_32x32.mat")
numpy.savez_compressed("data.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
)"},
      {"HDF5 file",
       {".h5", ".hdf5"},
       R"(import h5py, numpy                      # pip install h5py

def split(file, images, labels):
    with h5py.File(file) as data:
        print(list(data))               # the names of the arrays in the file
        return data[images][:].astype("uint8"), data[labels][:].ravel().astype("int64")

x_train, y_train = split("train.h5", "images", "labels")
x_test, y_test = split("test.h5", "images", "labels")
numpy.savez_compressed("data.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
)"},
      {"ARFF file",
       {".arff"},
       R"(import numpy, scipy.io.arff             # pip install scipy

rows, about = scipy.io.arff.loadarff("mnist_784.arff")
names = about.names()                   # the last column is the label as at OpenML
labels = rows[names[-1]]
classes, y = numpy.unique(labels, return_inverse=True)
x = numpy.stack([rows[name] for name in names[:-1]], axis=1).astype("uint8")
side = int(x.shape[1] ** 0.5)
numpy.savez_compressed("data.npz", images=x.reshape(-1, side, side), labels=y)
print("add test_share=0.2 to hold out test images; the classes are", classes)
)"},
      {"pickled Python object",
       {".pkl", ".pickle", ".pkl.gz"},
       R"(import numpy, pickle                    # unpickling runs code: only files that you trust

def split(file):
    with open(file, "rb") as stream:    # gzip.open for .pkl.gz
        data = pickle.load(stream, encoding="latin1")   # as in the Python version of CIFAR-10
    images = numpy.asarray(data["data"], "uint8").reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return numpy.ascontiguousarray(images), numpy.asarray(data["labels"], "int64")

x_train, y_train = split("data_batch_1")
x_test, y_test = split("test_batch")
numpy.savez_compressed("data.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
)"},
      {"NumPy array",
       {".npy"},
       R"(import numpy

x_train = numpy.load("x_train.npy").astype("uint8")   # images x height x width (x channels)
y_train = numpy.load("y_train.npy").ravel().astype("int64")
x_test = numpy.load("x_test.npy").astype("uint8")
y_test = numpy.load("y_test.npy").ravel().astype("int64")
numpy.savez_compressed("data.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
)"},
      {"PyTorch file",
       {".pt", ".pth"},
       R"(import numpy, torch                     # pip install torch

def split(file):
    images, labels = torch.load(file)[:2]   # tensors as in torchvision's processed MNIST
    return images.numpy().astype("uint8"), labels.numpy().astype("int64")

x_train, y_train = split("training.pt")
x_test, y_test = split("test.pt")
numpy.savez_compressed("data.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
)"},
      {"TensorFlow record file",
       {".tfrecord", ".tfrecords"},
       R"(import numpy                            # pip install tensorflow tensorflow-datasets
import tensorflow_datasets as tfds

def split(name):
    examples = tfds.as_numpy(tfds.load("mnist", split=name))
    pairs = [(example["image"], example["label"]) for example in examples]
    return numpy.stack([image for image, _ in pairs]), numpy.array([label for _, label in pairs])

x_train, y_train = split("train")
x_test, y_test = split("test")
numpy.savez_compressed("data.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
)"},
      {"spreadsheet or table in another format",
       {".xlsx", ".xls", ".ods", ".feather", ".json", ".jsonl"},
       R"(import pandas                           # pip install pandas openpyxl odfpy pyarrow

table = pandas.read_excel("train.xlsx")    # or read_feather, read_json
table.to_csv("train.csv", index=False)     # one column "label", and one for each pixel
)"},
      {"packed file that has to be unpacked first",
       {".7z", ".rar", ".tar.zst", ".tar.lz4", ".zst"},
       R"(import shutil                           # .zip, .tar, .tar.gz, .tar.xz
shutil.unpack_archive("photos.tar.xz", "photos")
# .7z: `7z x photos.7z`   .rar: `unrar x photos.rar`   .zst: `tar --zstd -xf photos.tar.zst`
)"},
  };
  return kKinds;
}

}  // namespace minima::data
