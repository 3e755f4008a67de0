#include "engine/tokens/encoder_block.h"

#include <stdexcept>
#include <vector>

namespace minima::engine {
namespace {

using network::Op;

class Matcher {
 public:
  Matcher(const network::Graph& graph, const network::Layer& layer)
      : graph_(graph), input_(static_cast<int>(layer.first_op) - 1) {
    for (const Op& op : graph.ops_of(layer)) {
      if (std::holds_alternative<network::LayerNorm>(op.what)) norms_.push_back(&op);
      if (std::holds_alternative<network::Linear>(op.what)) linears_.push_back(&op);
      if (std::holds_alternative<network::Add>(op.what)) sums_.push_back(&op);
      if (std::holds_alternative<network::Attention>(op.what)) attentions_.push_back(&op);
    }
    require(layer.ops == 11 && norms_.size() == 2 && linears_.size() == 6 && sums_.size() == 2 &&
            attentions_.size() == 1);
  }

  [[nodiscard]] EncoderBlock block() const {
    EncoderBlock block{.norm1 = norms_[0],
                       .query = linears_[0],
                       .key = linears_[1],
                       .value = linears_[2],
                       .attention = attentions_[0],
                       .output = linears_[3],
                       .norm2 = norms_[1],
                       .first = linears_[4],
                       .second = linears_[5],
                       .pre_norm = reads(*norms_[0], {input_})};
    const int attended = block.pre_norm ? index(block.norm1) : input_;
    const int middle = block.pre_norm ? index(sums_[0]) : index(block.norm1);
    const int perceived = block.pre_norm ? index(block.norm2) : middle;
    require(reads(*block.query, {attended}) && reads(*block.key, {attended}) &&
            reads(*block.value, {attended}) &&
            reads(*block.attention, {index(block.query), index(block.key), index(block.value)}) &&
            reads(*block.output, {index(block.attention)}) &&
            reads(*sums_[0], {input_, index(block.output)}) && reads(*block.first, {perceived}) &&
            reads(*block.second, {index(block.first)}) &&
            reads(*sums_[1], {middle, index(block.second)}));
    require(block.pre_norm
                ? reads(*block.norm2, {middle})
                : reads(*block.norm1, {index(sums_[0])}) && reads(*block.norm2, {index(sums_[1])}));
    return block;
  }

 private:
  [[nodiscard]] int index(const Op* op) const { return static_cast<int>(op - graph_.ops.data()); }
  [[nodiscard]] static bool reads(const Op& op, const std::vector<int>& inputs) {
    return op.inputs == inputs;
  }
  static void require(bool condition) {
    if (!condition) throw std::invalid_argument("expected an encoder block");
  }

  const network::Graph& graph_;
  int input_;  // of the block
  std::vector<const Op*> norms_, linears_, sums_, attentions_;
};

}  // namespace

EncoderBlock encoder_block(const network::Graph& graph, const network::Layer& layer) {
  return Matcher(graph, layer).block();
}

}  // namespace minima::engine
