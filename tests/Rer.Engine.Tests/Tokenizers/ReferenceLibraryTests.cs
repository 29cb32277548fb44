using System.Runtime.InteropServices;
using Rer.Engine.Tokenizers;

namespace Rer.Engine.Tests.Tokenizers;

/// <summary>Random texts, through our tokenizers and through Hugging Face's own library.</summary>
public sealed class ReferenceLibraryTests
{
    private const int Texts = 5_000;

    /// <summary>Sets that have a tokenizer.json; one name that says so where the fixtures are not there.</summary>
    public static IEnumerable<object[]> Sets => Fixtures.WhyNot is not null ? [["none"]]
        : Directory.GetFiles(Fixtures.File("tokenizers"), "tokenizer.json", SearchOption.AllDirectories).Order()
            .Select(file => new object[] { Path.GetFileName(Path.GetDirectoryName(file))! });

    [ReferenceLibraryTheory]
    [MemberData(nameof(Sets))]
    public void Random_texts_have_the_ids_that_the_reference_library_gives(string set)
    {
        var seed = Random.Shared.Next();
        var texts = new RandomTexts(seed);
        var file = Fixtures.File("tokenizers", set, "tokenizer.json");
        using var reference = new global::Tokenizers.DotNet.Tokenizer(file);
        var tokenizer = TokenizerLoader.Load(Path.GetDirectoryName(file)!);
        for (var i = 0; i < Texts; i++)
        {
            var text = texts.Next();
            var expected = Array.ConvertAll(reference.Encode(text), id => (int)id);
            var found = tokenizer.Encode(text);
            if (expected.SequenceEqual(found)) continue;
            var at = expected.Zip(found).TakeWhile(pair => pair.First == pair.Second).Count();
            Assert.Fail($"seed {seed}, text {i}: token {at} is {Shown(found, at)}, the reference's {Shown(expected, at)}, in {text}");
        }

        string Shown(int[] ids, int at) => at < ids.Length ? $"{ids[at]} '{tokenizer.IdToToken(ids[at])}'" : "none";
    }
}

/// <summary>A theory that needs Hugging Face's library and the fixtures; skipped, with the reason, where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReferenceLibraryTheoryAttribute : TheoryAttribute
{
    public ReferenceLibraryTheoryAttribute() => Skip = Fixtures.WhyNot
        ?? (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 ? null
            : "Hugging Face's tokenizers come as a package for Linux on x64 alone.");
}
