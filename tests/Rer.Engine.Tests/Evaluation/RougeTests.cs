using System.Text.Json;
using Rer.Engine.Evaluation.TextOverlap;

namespace Rer.Engine.Tests.Evaluation;

public sealed class RougeTests
{
    [SharedFact]
    public void Overlaps_are_those_of_the_reference_library()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Fixtures.File("stats", "rouge.json")));
        foreach (var pair in file.RootElement.GetProperty("pairs").EnumerateArray())
        {
            var (target, prediction) = (pair.GetProperty("target").GetString()!, pair.GetProperty("prediction").GetString()!);
            var longest = Rouge.L(target, prediction);
            Assert.Equal(pair.GetProperty("rougeL_stem").GetProperty("precision").GetDouble(), longest.Precision, 1e-9);
            Assert.Equal(pair.GetProperty("rougeL_stem").GetProperty("recall").GetDouble(), longest.Recall, 1e-9);
            Assert.Equal(pair.GetProperty("rougeL_stem").GetProperty("fmeasure").GetDouble(), longest.F, 1e-9);
            Assert.Equal(pair.GetProperty("rougeL_nostem_f").GetDouble(), Rouge.L(target, prediction, stem: false).F, 1e-9);
            Assert.Equal(pair.GetProperty("rouge1_stem_f").GetDouble(), Rouge.N(1, target, prediction).F, 1e-9);
            Assert.Equal(pair.GetProperty("rouge2_stem_f").GetDouble(), Rouge.N(2, target, prediction).F, 1e-9);
        }
    }

    [Fact]
    public void Stems_are_those_of_the_reference_stemmer()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Fixtures.File("stats", "porter_stems.json")));
        var words = file.RootElement.EnumerateObject().ToArray();
        Assert.NotEmpty(words);
        Assert.Equal([], words.Where(word => PorterStemmer.Stem(word.Name) != word.Value.GetString())
            .Select(word => $"{word.Name}: {PorterStemmer.Stem(word.Name)}, expected {word.Value.GetString()}"));
    }

    [Theory]
    [InlineData("\u212Aelvin", "kelvin", 1)]
    [InlineData("\u0130a", "i a", 1)]
    [InlineData("", "", 0)]
    [InlineData("the cat", "cat the", 0.5)]
    public void Letters_fall_to_lower_case_as_Unicode_has_it(string target, string prediction, double expected) =>
        Assert.Equal(expected, Rouge.L(target, prediction).F, 1e-12);
}
