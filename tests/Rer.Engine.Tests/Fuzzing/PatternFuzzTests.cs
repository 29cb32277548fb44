using Rer.Engine.Tokenizers.Patterns;

namespace Rer.Engine.Tests.Fuzzing;

/// <summary>Whatever a pattern is, it compiles or says where it does not, and its matches end or are stopped.</summary>
public sealed class PatternFuzzTests
{
    private static readonly string[] _words =
    [
        "(", ")", "(?:", "(?>", "(?=", "(?!", "(?<=", "(?<!", "(?i)", "(?i:", "(?m)", "(?x)", "(?-i)", "(?#", "(?<n>", "(?P<n>", "|", "*",
        "+", "?", "*?", "+?", "??", "*+", "++", "?+", "{2}", "{2,}", "{,3}", "{1,3}", "{0}", "{1000}", "{99999999999}", "[", "]", "[^",
        "&&", "[:alpha:]", "[:^digit:]", "-", "^", "$", ".", @"\A", @"\z", @"\Z", @"\b", @"\B", @"\d", @"\D", @"\s", @"\S", @"\w", @"\W",
        @"\h", @"\H", @"\p{L}", @"\P{N}", @"\p{^Han}", @"\p{Klingon}", @"\x41", @"\x{1F600}", @"\x{FFFFFFFF}", @"\u00e9", @"\n", @"\r",
        @"\t", @"\0", @"\1", @"\", "a", "ab", "é", "😀", "'s", " ?", @"\s+(?!\S)", "\ud800",
    ];

    private static readonly string[] _texts = ["", "aaaaaaaaaaaaaaaaaaaaaaab", "It's a   test: 123 é 漢字 😀\n\nend ", "\r\n \t\u2028\u00A0",
        "ababab ABC ſſ ß"];

    [Fact]
    public void A_pattern_matches_or_says_why_it_does_not()
    {
        Reading.Run(FuzzSeeds.Texts("pattern"), TextMutations.Words(_words), pattern =>
        {
            Pattern compiled;
            try
            {
                compiled = Pattern.Compile(pattern, "file, pattern");
            }
            catch (FormatException error)
            {
                Assert.Matches("^(The regular expression '|A regular expression may have|the regular expression takes more)",
                    error.Message);
                Assert.True(error.Message.Length < 1_000);
                return;
            }
            foreach (var text in _texts)
            {
                try
                {
                    var last = 0;
                    foreach (var (start, end) in new PatternMatches(compiled, text))
                    {
                        Assert.True(start >= last && end >= start && end <= text.Length);
                        last = end;
                    }
                }
                catch (InvalidDataException error)
                {
                    Assert.StartsWith("file, pattern: the regular expression ", error.Message);
                }
            }
        });
    }
}
