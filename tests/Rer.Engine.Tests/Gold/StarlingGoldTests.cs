using System.Text.Json;
using Rer.Engine.Gold;
using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Gold;

public sealed class StarlingGoldTests
{
    private const double Tolerance = 2e-5;

    private static string Folder => Fixtures.File("models", "tiny-starling");

    [Fact]
    public void Scores_and_position_rewards_are_the_references()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var model = RewardModel.Load(Folder, CPU);
        Assert.Equal(RewardForm.Starling, model.Form);
        using var expected = Safetensors.Open(Path.Combine(Folder, "expected.safetensors"));
        var (ids, mask) = (expected.Read("input_ids"), expected.Read("attention_mask"));
        // The reference was given no positions: it counts all tokens, masked ones too.
        var positions = arange(ids.shape[1], ScalarType.Int64).unsqueeze(0).expand(ids.shape[0], ids.shape[1]);
        var rewards = Rows(model.PositionRewards(ids, new FullAttention(mask, positions)));
        var expectedRewards = Rows(expected.Read("per_position"));
        var expectedScores = expected.Read("scores").data<float>().ToArray();
        var (tokens, visible) = (Rows(ids.to(ScalarType.Float32)), Rows(mask.to(ScalarType.Float32)));
        for (var row = 0; row < tokens.Length; row++)
        {
            for (var t = 0; t < tokens[row].Length; t++)
            {
                if (visible[row][t] == 1) Assert.Equal(expectedRewards[row][t], rewards[row][t], Tolerance);
            }

            var position = RewardReading.BeforeFirstPadding.PositionIn(Array.ConvertAll(tokens[row], id => (int)id), model.PadId);
            Assert.Equal(expectedScores[row], rewards[row][position], Tolerance);
        }
    }

    [Fact]
    public void A_sequence_alone_scores_as_it_does_in_a_batch()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var model = RewardModel.Load(Folder, CPU);
        var alone = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "expected.json"))).RootElement.GetProperty("unpadded_alone")
            .EnumerateArray().Select(value => value.GetDouble()).ToArray();
        using var expected = Safetensors.Open(Path.Combine(Folder, "expected.safetensors"));
        var rows = Rows(expected.Read("input_ids").to(ScalarType.Float32));
        for (var row = 0; row < alone.Length; row++)
        {
            var ids = Array.ConvertAll(rows[row], id => (int)id);
            var end = RewardReading.BeforeFirstPadding.PositionIn(ids, model.PadId);
            Assert.Equal(alone[row], Rows(model.PositionRewards([ids[..(end + 1)]]))[0][end], Tolerance);
        }
    }

    [Fact]
    public void Query_and_response_are_wrapped_as_its_card_shows() => Assert.Equal(
        "<s>[INST] Hello? </s> [/INST] Hi, how can I help you?</s>",
        GoldTemplate.Starling.Wrap(new GoldItem("Hello?", "Hi, how can I help you?")));

    private static float[][] Rows(Tensor matrix) => [.. matrix.data<float>().ToArray().Chunk((int)matrix.shape[1])];
}
