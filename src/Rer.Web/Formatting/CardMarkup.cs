using System.Net;
using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace Rer.Web.Formatting;

/// <summary>
/// A model's card as HTML that neither runs nor fetches anything: HTML in it is text, pictures are links, and links are web links.
/// </summary>
internal static class CardMarkup
{
    private static readonly MarkdownPipeline _pipeline =
        new MarkdownPipelineBuilder().UseYamlFrontMatter().UsePipeTables().UseEmphasisExtras().DisableHtml().Build();

    /// <summary>The card's Markdown (CommonMark with tables) as HTML; its front matter, which speaks to the Hub, is left out.</summary>
    public static MarkupString Html(string card)
    {
        try
        {
            var document = Markdown.Parse(card.ReplaceLineEndings("\n").TrimStart(), _pipeline);
            // Below the page's own headings, whatever the card's levels are.
            foreach (var heading in document.Descendants<HeadingBlock>()) heading.Level = 4;
            foreach (var link in document.Descendants<LinkInline>().ToArray()) Tame(link);
            foreach (var link in document.Descendants<AutolinkInline>().ToArray()) Tame(link);
            return new(document.ToHtml(_pipeline));
        }
        catch (ArgumentException)
        {
            // Nested deeper than Markdig follows.
            return new($"<pre>{WebUtility.HtmlEncode(card)}</pre>");
        }
    }

    private static void Tame(LinkInline link)
    {
        if (!IsWeb(link.Url))
        {
            // Its text takes its place.
            link.ReplaceBy(new LiteralInline());
            return;
        }

        // A picture would be fetched from wherever the card says.
        if (link.IsImage && link.FirstChild is null) link.AppendChild(new LiteralInline("picture"));
        link.IsImage = false;
        Open(link);
    }

    private static void Tame(AutolinkInline link)
    {
        if (link.IsEmail || !IsWeb(link.Url)) link.ReplaceBy(new LiteralInline(link.Url));
        else Open(link);
    }

    private static void Open(MarkdownObject link)
    {
        link.GetAttributes().AddPropertyIfNotExist("target", "_blank");
        link.GetAttributes().AddPropertyIfNotExist("rel", "noopener noreferrer nofollow");
    }

    private static bool IsWeb(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https");
}
