using Rer.Engine.Input;
using Rer.Engine.Tokenizers.PostProcessors;

namespace Rer.Engine.Tokenizers.Json;

/// <summary>Reads <c>post_processor</c> of a tokenizer.json.</summary>
internal static class PostProcessorReader
{
    /// <summary>The post-processor.</summary>
    public static IPostProcessor Read(ConfigElement postProcessor) =>
        postProcessor.IsNull ? new PlainPostProcessor() : One(postProcessor) ?? new PlainPostProcessor();

    /// <summary>A post-processor, or null for one that leaves ids and segments alone.</summary>
    private static IPostProcessor? One(ConfigElement element)
    {
        switch (element["type"].Text())
        {
            case "ByteLevel": return null;
            case "TemplateProcessing": return Template(element);
            case "RobertaProcessing": return new RobertaPostProcessor(Id(element["cls"]), Id(element["sep"]));
            case "BertProcessing": return TemplatePostProcessor.Bert(Id(element["cls"]), Id(element["sep"]));
            case "Sequence":
                var active = element["processors"].Steps().Select(One).OfType<IPostProcessor>().ToList();
                return active.Count <= 1 ? active.FirstOrDefault()
                    : throw element.Broken("a sequence of two post-processors that both add tokens is not supported; one may");
            default:
                throw element["type"].Wrong("ByteLevel, TemplateProcessing, RobertaProcessing, BertProcessing or Sequence");
        }
    }

    private static int Id(ConfigElement tokenAndId)
    {
        var items = tokenAndId.Items().ToArray();
        return items.Length == 2 ? items[1].Id() : throw tokenAndId.Wrong("[token, id]");
    }

    private static TemplatePostProcessor Template(ConfigElement element)
    {
        var special = new Dictionary<string, int[]>();
        if (!element["special_tokens"].IsNull)
        {
            foreach (var (name, token) in element["special_tokens"].Properties())
                special[name] = [.. token["ids"].Steps().Select(id => id.Id())];
        }
        return new TemplatePostProcessor(Pieces("single"), Pieces("pair"));

        List<TemplatePiece> Pieces(string name) => element[name].Steps().Select(Piece).ToList();

        TemplatePiece Piece(ConfigElement piece)
        {
            if (!piece["Sequence"].IsNull)
                return new TemplatePiece(null, piece["Sequence"]["id"].Text() == "B", piece["Sequence"]["type_id"].NumberOr(0));
            var token = piece["SpecialToken"];
            return special.TryGetValue(token["id"].Text(), out var ids)
                ? new TemplatePiece(ids, false, token["type_id"].NumberOr(0))
                : throw token["id"].Broken($"'{Excerpt.Of(token["id"].Text())}' is not among the template's special_tokens");
        }
    }
}
