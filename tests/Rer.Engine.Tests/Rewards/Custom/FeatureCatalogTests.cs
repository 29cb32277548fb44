using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;

namespace Rer.Engine.Tests.Rewards.Custom;

public sealed class FeatureCatalogTests : IDisposable
{
    private static readonly FeatureDefinition Short = Features.Expression("min(words, 3) / 3", "SHORT") with
    {
        Name = "shortness",
        Examples = [new("one two three four", 1), new("one", 0.3333)],
    };

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "rer-features-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_saved_feature_is_there_after_a_restart_whole()
    {
        new FeatureCatalog(_folder).Save(Short);
        var read = Assert.Single(new FeatureCatalog(_folder).All);
        Assert.Equal(("SHORT", "shortness", FeatureKind.Expression), (read.Symbol, read.Name, read.Kind));
        Assert.Equal(Short.Examples, read.Examples);
    }

    [Fact]
    public void Saving_again_replaces_and_removing_forgets()
    {
        var catalog = new FeatureCatalog(_folder);
        catalog.Save(Short);
        catalog.Save(Short with { Source = "min(words, 4) / 4", Examples = [new("one two", 0.5)] });
        Assert.Equal("min(words, 4) / 4", catalog.Find("SHORT")!.Source);
        Assert.Single(catalog.All);
        catalog.Remove("SHORT");
        Assert.Empty(new FeatureCatalog(_folder).All);
    }

    [Fact]
    public void A_feature_whose_examples_fail_or_are_missing_is_not_saved()
    {
        var catalog = new FeatureCatalog(_folder);
        Assert.Contains("1 of 2 examples fail", Refusal(catalog, Short with { Examples = [new("one two three", 1), new("one", 0.5)] }),
            StringComparison.Ordinal);
        Assert.Contains("no example", Refusal(catalog, Short with { Examples = [] }), StringComparison.Ordinal);
        Assert.Empty(catalog.All);
    }

    [Theory]
    [InlineData("short", "is no symbol")]
    [InlineData("", "is no symbol")]
    [InlineData("A23456789012345678", "is no symbol")]
    [InlineData("RP", "is a built-in feature")]
    [InlineData("RER", "is a preset's name")]
    [InlineData("OE", "names a row")]
    public void A_symbol_that_a_design_could_not_tell_apart_is_refused(string symbol, string why) =>
        Assert.Contains(why, Refusal(new FeatureCatalog(_folder), Short with { Symbol = symbol }), StringComparison.Ordinal);

    [Fact]
    public void A_design_keeps_its_own_meaning_of_a_symbol()
    {
        var catalog = new FeatureCatalog(_folder);
        catalog.Save(Short);
        var before = RewardDesign.Parse("LI*SHORT", [Short with { Source = "words" }]);
        Assert.Equal("words", Assert.Single(catalog.For(before)).Source);
        Assert.Equal("min(words, 3) / 3", Assert.Single(catalog.For(RewardDesign.Parse("LI"))).Source);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, FeatureCatalog.FileName), "[{");
        Assert.Contains(FeatureCatalog.FileName, Assert.Throws<InvalidDataException>(() => new FeatureCatalog(_folder)).Message,
            StringComparison.Ordinal);
    }

    private static string Refusal(FeatureCatalog catalog, FeatureDefinition feature) =>
        Assert.Throws<ArgumentException>(() => catalog.Save(feature)).Message;
}
