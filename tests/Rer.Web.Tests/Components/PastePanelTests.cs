using Bunit;
using Rer.Engine.Data.Prompts;
using Rer.Web.Components.Design;
using Rer.Web.Preview;

namespace Rer.Web.Tests.Components;

public sealed class PastePanelTests
{
    [Fact]
    public async Task A_new_item_is_added_and_there_is_nothing_to_remove()
    {
        var html = await Html.Of<PastePanel>();
        Assert.Contains("Add to the preview", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Remove", html, StringComparison.Ordinal);
        Assert.Matches("<input[^>]*checked[^>]*><span>none</span>", html);
    }

    [Fact]
    public async Task An_item_that_is_edited_comes_with_its_texts_and_its_type()
    {
        var item = new PastedItem("Where does the frog live?", "By the pond.", "In the mill.", QueryType.ClosedEnded);
        var html = await Html.Of<PastePanel>(("Item", item));
        Assert.Contains("value=\"Where does the frog live?\"", html, StringComparison.Ordinal);
        Assert.Contains("value=\"By the pond.\"", html, StringComparison.Ordinal);
        Assert.Contains("value=\"In the mill.\"", html, StringComparison.Ordinal);
        Assert.Matches("<input[^>]*checked[^>]*><span>closed-ended</span>", html);
        Assert.Contains("Take over", html, StringComparison.Ordinal);
        Assert.Contains("Remove", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_field_takes_more_than_an_address_can_carry()
    {
        var html = await Html.Of<PastePanel>();
        Assert.Equal(3, System.Text.RegularExpressions.Regex.Count(html, $"<textarea[^>]*maxlength=\"{PastedItem.MostCharacters}\""));
    }

    [Fact]
    public void What_is_typed_is_handed_on_when_it_is_added()
    {
        using var context = new BunitContext();
        PastedItem? taken = null;
        var panel = context.Render<PastePanel>(parameters => parameters.Add(p => p.Taken, item => taken = item));
        panel.FindAll("textarea")[0].Change("Why is the sky blue?");
        panel.FindAll("textarea")[1].Change("Air scatters blue light most.");

        panel.Find("form").Submit();

        Assert.Equal(("Why is the sky blue?", "Air scatters blue light most."), (taken?.Query, taken?.Response));
    }
}
