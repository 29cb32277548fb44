using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Rer.Engine.Options;

/// <summary>Doc comments at run time, from the XML file the compiler writes beside the assembly.</summary>
internal static partial class OptionDocumentation
{
    private static readonly Lazy<Dictionary<string, string>> _summaries = new(Load);

    /// <summary>A property's summary as plain text; empty where the file was not shipped.</summary>
    public static string SummaryOf(PropertyInfo property) =>
        _summaries.Value.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}", "");

    private static Dictionary<string, string> Load()
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{typeof(OptionDocumentation).Assembly.GetName().Name}.xml");
        if (!File.Exists(file)) return [];
        return XDocument.Load(file).Descendants("member")
            .Where(m => m.Element("summary") is not null)
            .ToDictionary(m => m.Attribute("name")!.Value, m => Plain(m.Element("summary")!));
    }

    private static string Plain(XElement summary)
    {
        var text = string.Concat(summary.Nodes().Select(node => node switch
        {
            // A reference to another option reads as that option's name.
            XElement { Name.LocalName: "see" } see when see.Attribute("cref") is { } target =>
                "--" + OptionNames.Kebab(target.Value.Split('.')[^1]),
            XElement element => element.Value,
            _ => node.ToString(),
        }));
        return WhiteSpace().Replace(System.Net.WebUtility.HtmlDecode(text), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
