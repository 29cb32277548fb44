using System.Xml.Linq;
using Rer.Engine.Playground;

namespace Rer.Engine.Tests.Playground;

public sealed class FigureWriterTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_missing_value_breaks_the_line_and_names_are_escaped()
    {
        var line = new FigureLine("a<b & c", [0, 1, 2, 3], [1, double.NaN, 3, 4], "#000");
        var figure = XDocument.Parse(FigureWriter.Render([new FigurePanel("One", "step", "gold", [line])]));
        var path = figure.Descendants(Svg + "path").Single().Attribute("d")!.Value;
        Assert.Equal(2, path.Count(c => c == 'M'));
        Assert.Equal(1, path.Count(c => c == 'L'));
        Assert.Contains(figure.Descendants(Svg + "text"), text => text.Value == "a<b & c");
    }

    [Fact]
    public void A_higher_value_stands_higher_and_ticks_are_round()
    {
        var line = new FigureLine("gold", [0, 100], [-0.3, 1.9], "#000");
        var figure = XDocument.Parse(FigureWriter.Render([new FigurePanel("One", "step", "gold", [line])]));
        var points = figure.Descendants(Svg + "path").Single().Attribute("d")!.Value[1..].Split('L').Select(point => double.Parse(point.Split(' ')[1])).ToArray();
        Assert.True(points[1] < points[0]);
        var labels = figure.Descendants(Svg + "text").Select(text => text.Value).ToArray();
        Assert.Contains("-1", labels);
        Assert.Contains("2", labels);
    }

    [Fact]
    public void A_constant_series_is_drawn_all_the_same()
    {
        var figure = FigureWriter.Render([new FigurePanel("One", "step", "gold", [new FigureLine(null, [0, 1], [2, 2], "#000")])]);
        Assert.DoesNotContain("NaN", figure);
    }
}
