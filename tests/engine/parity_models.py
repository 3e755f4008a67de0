"""The three families of networks as PyTorch modules, and minima's tensors as their state.

docs/weights-in-pytorch.md shows the same for readers of a store.
"""

from collections import OrderedDict

import torch
from torch import nn


def dnn(widths, shape, classes, activation=nn.ReLU):
    sizes = [shape[0] * shape[1] * shape[2], *widths]
    layers = OrderedDict(flatten=nn.Flatten())
    for number, (inputs, outputs) in enumerate(zip(sizes, widths), start=1):
        layers[f"fc{number}"] = nn.Linear(inputs, outputs)
        layers[f"activation{number}"] = activation()
    layers[f"fc{len(sizes)}"] = nn.Linear(sizes[-1], classes)
    return nn.Sequential(layers)


def cnn(filters, shape, classes, kernel=3, stride=1, padding=0, pooling=None, gap=False,
        activation=nn.ReLU):
    layers = OrderedDict()
    channels = shape[0]
    for number, outputs in enumerate(filters, start=1):
        layers[f"conv{number}"] = nn.Conv2d(channels, outputs, kernel, stride, padding)
        layers[f"activation{number}"] = activation()
        if pooling:
            layers[f"pool{number}"] = pooling(2)
        channels = outputs
    if gap:
        layers["gap"] = nn.AdaptiveAvgPool2d(1)
    layers["flatten"] = nn.Flatten()
    features = nn.Sequential(layers)(torch.zeros(1, *shape)).shape[1]
    layers["fc"] = nn.Linear(features, classes)
    return nn.Sequential(layers)


class Vit(nn.Module):
    def __init__(self, shape, classes, width, heads, blocks, patch, hidden,
                 pre_norm=True, activation="gelu", class_token=False):
        super().__init__()
        channels, height, columns = shape
        tokens = (height // patch) * (columns // patch) + class_token
        self.embedding = nn.Conv2d(channels, width, patch, stride=patch)
        self.position = nn.Parameter(torch.zeros(tokens, width))
        self.class_token = nn.Parameter(torch.zeros(width)) if class_token else None
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(width, heads, hidden, dropout=0.0, activation=activation,
                                       batch_first=True, norm_first=pre_norm)
            for _ in range(blocks))
        self.norm = nn.LayerNorm(width) if pre_norm else nn.Identity()
        self.fc = nn.Linear(width, classes)

    def forward(self, images):
        tokens = self.embedding(images).flatten(2).transpose(1, 2)
        if self.class_token is not None:
            first = self.class_token.expand(len(images), 1, -1)
            tokens = torch.cat([first, tokens], dim=1)
        tokens = tokens + self.position
        for block in self.blocks:
            tokens = block(tokens)
        tokens = self.norm(tokens)
        return self.fc(tokens.mean(dim=1) if self.class_token is None else tokens[:, 0])


class PaperVit(nn.Module):
    """One token of 784 features: the pixels, or a linear map of them where they are not 784."""

    def __init__(self, shape, classes, heads):
        super().__init__()
        pixels = shape[0] * shape[1] * shape[2]
        self.embedding = nn.Identity() if pixels == 784 else nn.Linear(pixels, 784)
        self.blocks = nn.ModuleList(
            [nn.TransformerEncoderLayer(784, heads, 2048, dropout=0.0, batch_first=True)])
        self.fc = nn.Linear(784, classes)

    def forward(self, images):
        token = self.embedding(images.flatten(1)).unsqueeze(1)
        return self.fc(self.blocks[0](token).squeeze(1))


def pytorch_state(tensors, model):
    """minima's tensors under PyTorch's names: a state for load_state_dict. Gradients are renamed
    in the same way."""
    state = {}
    for name, tensor in tensors.items():
        if name in ("embedding.position", "embedding.class_token"):
            state[name.removeprefix("embedding.")] = tensor
        elif name.startswith("block"):
            block, part = name.split(".", 1)
            prefix = f"blocks.{int(block.removeprefix('block')) - 1}."
            if part.startswith("attention.q"):  # in_proj stacks q, k and v by rows
                kind = part.rsplit(".", 1)[1]
                state[prefix + "self_attn.in_proj_" + kind] = torch.cat(
                    [tensors[f"{block}.attention.{matrix}.{kind}"] for matrix in "qkv"])
            elif not part.startswith(("attention.k", "attention.v")):
                for ours, theirs in (("attention.o", "self_attn.out_proj"), ("mlp.fc1", "linear1"),
                                     ("mlp.fc2", "linear2")):
                    part = part.replace(ours, theirs)
                state[prefix + part] = tensor
        else:  # a patch embedding is a convolution with the patch as its kernel
            state[name] = tensor.reshape(dict(model.named_parameters())[name].shape)
    return state


def network(architecture, shape, classes):
    """The module of an architecture in minima's notation."""
    family, *words = architecture.split()
    activation = nn.GELU if "gelu" in words else nn.ReLU
    if family == "dnn":
        return dnn([] if words == ["linear"] else [int(w) for w in words[0].split("-")], shape,
                   classes, activation)
    letters = {word.rstrip("0123456789"): word for word in words}

    def number(name, fallback=None):
        return int(letters[name].removeprefix(name)) if name in letters else fallback

    if family == "cnn":
        pooling = {"max2": nn.MaxPool2d, "avg2": nn.AvgPool2d}
        return cnn([int(count) for count in words[0].split("-")], shape, classes,
                   kernel=number("k", 3), stride=number("s", 1), padding=number("pad", 0),
                   pooling=next((pooling[word] for word in words if word in pooling), None),
                   gap="gap" in words, activation=activation)
    if "paper" in words:
        return PaperVit(shape, classes, number("h"))
    width = number("d")
    return Vit(shape, classes, width, number("h"), number("l"), number("p"),
               hidden=number("f", number("m", 4) * width), pre_norm="post" not in words,
               activation="relu" if "relu" in words else "gelu", class_token="cls" in words)
