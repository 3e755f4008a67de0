#include <fmt/format.h>

#include <numeric>

#include "network/families/graph_builder.h"
#include "network/notation/divisors.h"

namespace minima::network {
namespace {

/// Sizes of an encoder block (Vaswani et al. 2017), as PyTorch's nn.TransformerEncoderLayer:
///   pre-norm   y = x + attention(norm1(x));  z = y + mlp(norm2(y))
///   post-norm  y = norm1(x + attention(x));  z = norm2(y + mlp(y))
struct Block {
  int tokens = 1;
  int width = 1;
  int heads = 1;
  int head_width = 1;
  int hidden = 1;
  bool pre_norm = true;
  Activation activation = Activation::gelu;
  double dropout = 0.0;
};

struct BlockTensors {
  std::vector<std::size_t> norm1, query, key, value, output, norm2, first, second;
};

// In the order of the parameters, which may differ from the order of the operations.
BlockTensors tensors_of(const Block& block, GraphBuilder& builder) {
  const int inner = block.heads * block.head_width;
  BlockTensors tensors;
  tensors.norm1 = builder.norm_tensors(".norm1", block.width);
  tensors.query = builder.linear_tensors(".attention.q", block.width, inner);
  tensors.key = builder.linear_tensors(".attention.k", block.width, inner);
  tensors.value = builder.linear_tensors(".attention.v", block.width, inner);
  tensors.output = builder.linear_tensors(".attention.o", inner, block.width);
  tensors.norm2 = builder.norm_tensors(".norm2", block.width);
  tensors.first = builder.linear_tensors(".mlp.fc1", block.width, block.hidden);
  tensors.second = builder.linear_tensors(".mlp.fc2", block.hidden, block.width);
  return tensors;
}

/// Adds the operations of a block; each function returns the index of its last operation.
class BlockBuilder {
 public:
  BlockBuilder(const Block& block, GraphBuilder& builder)
      : block_(block), builder_(builder), tensors_(tensors_of(block, builder)) {}

  void build(int x) {
    if (block_.pre_norm) {
      const int y = sum(x, attention(norm(x, tensors_.norm1)));
      sum(y, mlp(norm(y, tensors_.norm2)));
    } else {
      const int y = norm(sum(x, attention(x)), tensors_.norm1);
      norm(sum(y, mlp(y)), tensors_.norm2);
    }
  }

 private:
  int norm(int x, const std::vector<std::size_t>& tensors) {
    return builder_.add({.what = LayerNorm{.tokens = block_.tokens, .width = block_.width},
                         .inputs = {x},
                         .tensors = tensors});
  }

  int sum(int x, int y) {
    return builder_.add(
        {.what = Add{.tokens = block_.tokens, .width = block_.width}, .inputs = {x, y}});
  }

  int attention(int x) {
    const int inner = block_.heads * block_.head_width;
    const auto project = [&](const std::vector<std::size_t>& tensors) {
      return builder_.add(
          {.what = Linear{.inputs = block_.width, .outputs = inner, .tokens = block_.tokens},
           .inputs = {x},
           .tensors = tensors,
           .part = BlockPart::attention});
    };
    const int query = project(tensors_.query);
    const int key = project(tensors_.key);
    const int value = project(tensors_.value);
    const int attended = builder_.add({.what = Attention{.tokens = block_.tokens,
                                                         .heads = block_.heads,
                                                         .head_width = block_.head_width},
                                       .inputs = {query, key, value},
                                       .dropout = block_.dropout,
                                       .part = BlockPart::attention});
    return builder_.add(
        {.what = Linear{.inputs = inner, .outputs = block_.width, .tokens = block_.tokens},
         .inputs = {attended},
         .tensors = tensors_.output,
         .dropout = block_.dropout,
         .part = BlockPart::attention});
  }

  int mlp(int x) {
    const int hidden = builder_.add(
        {.what = Linear{.inputs = block_.width, .outputs = block_.hidden, .tokens = block_.tokens},
         .inputs = {x},
         .tensors = tensors_.first,
         .activation = block_.activation,
         .dropout = block_.dropout,
         .part = BlockPart::mlp});
    return builder_.add(
        {.what = Linear{.inputs = block_.hidden, .outputs = block_.width, .tokens = block_.tokens},
         .inputs = {hidden},
         .tensors = tensors_.second,
         .dropout = block_.dropout,
         .part = BlockPart::mlp});
  }

  const Block& block_;
  GraphBuilder& builder_;
  BlockTensors tensors_;
};

void add_block(int number, const Block& block, GraphBuilder& builder) {
  const int before = builder.last();
  builder.begin_layer(fmt::format("block{}", number));
  BlockBuilder(block, builder).build(before);
}

/// Returns the number of tokens.
int add_embedding(const Vit& vit, GraphBuilder& builder) {
  const ImageShape& image = builder.problem().image;
  if (image.height % vit.patch != 0 || image.width % vit.patch != 0) {
    const int common = std::gcd(image.height, image.width);
    throw builder.misfit(fmt::format("patches of {} x {} do not divide {} x {}", vit.patch,
                                     vit.patch, image.height, image.width),
                         fmt::format("write {}", nearest_divisors(common, vit.patch, "p")));
  }
  const Patches patches{.input = image, .height = vit.patch, .width = vit.patch};
  const int tokens = patches.tokens() + (vit.class_token ? 1 : 0);
  builder.check_features("embedding", tokens, vit.width, 1);
  builder.begin_layer("embedding");
  int x = builder.add({.what = patches, .inputs = {kImage}});
  x = builder.add(
      {.what = Linear{.inputs = patches.values(), .outputs = vit.width, .tokens = patches.tokens()},
       .inputs = {x},
       .tensors = builder.linear_tensors("", patches.values(), vit.width)});
  const auto positions = builder.learned_token(".position", Role::position, {tokens, vit.width});
  if (vit.class_token) {
    x = builder.add(
        {.what = ClassToken{.tokens = tokens, .width = vit.width},
         .inputs = {x},
         .tensors = builder.learned_token(".class_token", Role::class_token, {vit.width})});
  }
  builder.add({.what = Positions{.tokens = tokens, .width = vit.width},
               .inputs = {x},
               .tensors = positions});
  return tokens;
}

void add_token_pooling(const Vit& vit, int tokens, GraphBuilder& builder) {
  if (!vit.pre_norm && tokens == 1) return;
  int x = builder.last();
  builder.begin_layer(vit.pre_norm ? "norm" : "pool");
  if (vit.pre_norm) {
    x = builder.add({.what = LayerNorm{.tokens = tokens, .width = vit.width},
                     .inputs = {x},
                     .tensors = builder.norm_tensors("", vit.width)});
  }
  using Kind = TokenPooling::Kind;
  builder.add({.what = TokenPooling{.tokens = tokens,
                                    .width = vit.width,
                                    .kind = vit.class_token ? Kind::first : Kind::mean},
               .inputs = {x}});
}

}  // namespace

void lower(const Vit& vit, GraphBuilder& builder) {
  const int tokens = add_embedding(vit, builder);
  for (int number = 1; number <= vit.blocks; ++number) {
    add_block(number,
              {.tokens = tokens,
               .width = vit.width,
               .heads = vit.heads,
               .head_width = vit.head_width > 0 ? vit.head_width : vit.width / vit.heads,
               .hidden = vit.mlp_width,
               .pre_norm = vit.pre_norm,
               .activation = vit.activation,
               .dropout = vit.dropout},
              builder);
  }
  add_token_pooling(vit, tokens, builder);
  builder.add_dense("fc", vit.width, builder.problem().classes, Activation::none);
}

void lower(const PaperVit& vit, GraphBuilder& builder) {
  const ImageShape& image = builder.problem().image;
  constexpr int kWidth = PaperVit::kWidth;
  if (image.pixels() == kWidth) {
    builder.begin_layer("embedding");
    builder.add({.what = Patches{.input = image, .height = image.height, .width = image.width},
                 .inputs = {kImage}});
  } else {
    builder.add_dense("embedding", image.pixels(), kWidth, Activation::none);
  }
  add_block(1,
            {.width = kWidth,
             .heads = vit.heads,
             .head_width = kWidth / vit.heads,
             .hidden = PaperVit::kMlpWidth,
             .pre_norm = false,
             .activation = Activation::relu,
             .dropout = vit.dropout},
            builder);
  builder.add_dense("fc", kWidth, builder.problem().classes, Activation::none);
}

}  // namespace minima::network
