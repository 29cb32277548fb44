using System.Text.Json.Nodes;
using Rer.Engine.Models;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Attention;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

public sealed class RopeScalingTests
{
    [Fact]
    public void Yarn_keeps_fast_pairs_stretches_slow_ones_and_blends_between()
    {
        // Qwen2.5's own: base 1e6, heads of 128, 32,768 tokens stretched fourfold. The pairs that turn 32 times and once are 23.6 and 39.6.
        var config = SmallModels.Config with { HeadSize = 128, RopeTheta = 1e6 };
        var plain = RotaryFrequencies.Of(config);
        var scaled = RotaryFrequencies.Of(config with { RopeScaling = new RopeScaling("yarn", 4, OriginalMaxPositions: 32_768) });
        for (var i = 0; i < 64; i++)
        {
            var stretched = Math.Clamp((i - 23.0) / (40 - 23), 0, 1);
            Assert.Equal(plain[i] * (1 - stretched) + plain[i] / 4 * stretched, scaled[i], 1e-15);
        }
    }

    [Fact]
    public void Yarns_cosines_are_scaled_by_its_temperature()
    {
        using var scope = NewDisposeScope();
        var config = SmallModels.Config with
        {
            RopeScaling = new RopeScaling("yarn", 4, OriginalMaxPositions: 16)
            {
                AttentionFactor = RopeScaling.YarnAttention(4),
            }
        };
        using var table = new RotaryTable(config, CPU, ScalarType.Float32);
        Assert.Equal(1 + 0.1 * Math.Log(4), table.At(new FullAttention(1, CPU)).Cos.max().item<float>(), 1e-6);
    }

    [Fact]
    public void Dynamic_scaling_changes_nothing_within_the_context_and_grows_the_base_beyond_it()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var scaling = new RopeScaling("dynamic", 2, OriginalMaxPositions: 8);
        using var plain = CausalLm.Create(SmallModels.Config, seed: 7);
        using var dynamic = CausalLm.Create(SmallModels.Config with { RopeScaling = scaling }, seed: 7);
        Assert.True(dynamic.Hidden(SmallModels.Ids(1, 8)).SameAs(plain.Hidden(SmallModels.Ids(1, 8))));

        // Twice the context at factor 2: the base is multiplied by (2 · 2 - 1)^(8/6).
        using var expected = CausalLm.Create(SmallModels.Config with { RopeTheta = 10_000 * Math.Pow(3, 8.0 / 6) }, seed: 7);
        Assert.True(dynamic.Hidden(SmallModels.Ids(1, 16)).SameAs(expected.Hidden(SmallModels.Ids(1, 16))));
    }

    [Theory]
    [InlineData("""{"type":"linear","factor":4}""", 256)]
    [InlineData("""{"rope_type":"dynamic","factor":2.0}""", 128)]
    [InlineData("""{"rope_type":"yarn","factor":4.0,"original_max_position_embeddings":32}""", 128)]
    [InlineData("""{"type":"yarn","factor":4.0}""", 256)]
    [InlineData("""{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":16}""", 64)]
    [InlineData("""{"rope_type":"default","rope_theta":500000}""", 64)]
    public void The_context_is_what_the_scaling_stretches_it_to(string scaling, int context)
    {
        using var folder = new TemporaryFolder();
        var json = JsonNode.Parse(SmallModels.Config.ToJson(ScalarType.Float32))!.AsObject();
        json["rope_scaling"] = JsonNode.Parse(scaling);
        File.WriteAllText(folder.File("config.json"), json.ToJsonString());
        Assert.Equal(context, ModelConfig.Read(folder.Path).MaxPositions);
    }

    [Fact]
    public void The_table_grows_with_the_longest_sequence_and_changes_no_row()
    {
        using var scope = NewDisposeScope();
        using var table = new RotaryTable(SmallModels.Config with { MaxPositions = 4096 }, CPU, ScalarType.Float32);
        var early = table.At(new FullAttention(4, CPU));
        var late = table.At(new FullAttention(1500, CPU));
        Assert.True(early.Sin.SameAs(late.Sin.narrow(1, 0, 4)));
        Assert.Equal((float)Math.Sin(1499), late.Sin[0, 1499, 0, 0].item<float>());
    }
}
