using Rer.Web.Rollouts;

namespace Rer.Web.Tests.Components;

public sealed class TextDiffTests
{
    [Fact]
    public void Added_and_removed_words_are_told_apart_and_the_rest_is_kept()
    {
        var parts = TextDiff.Words("There are 210 minutes in 3.5 hours.", "There are 210 minutes in three hours. Yes.");
        Assert.Equal(
            [(DiffKind.Kept, "There are 210 minutes in "), (DiffKind.Removed, "3.5 "), (DiffKind.Added, "three "),
                (DiffKind.Kept, "hours. "), (DiffKind.Added, "Yes.")],
            parts.Select(p => (p.Kind, p.Text)));
    }

    [Theory]
    [InlineData("", "new words here")]
    [InlineData("a b c", "")]
    [InlineData("a b c", "a b c")]
    [InlineData("x y", "y x")]
    public void Kept_and_added_parts_spell_the_later_text(string before, string after) =>
        Assert.Equal(after, string.Concat(TextDiff.Words(before, after).Where(p => p.Kind != DiffKind.Removed).Select(p => p.Text)));

    [Fact]
    public void A_long_text_is_compared_up_to_its_bound()
    {
        var same = string.Concat(Enumerable.Repeat("word ", TextDiff.MostWords));
        var parts = TextDiff.Words(same + "old", same + "new");
        Assert.Equal([(DiffKind.Kept, same), (DiffKind.Removed, "old"), (DiffKind.Added, "new")], parts.Select(p => (p.Kind, p.Text)));
    }
}
