using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml.Linq;
using Rer.Engine.Figures;

namespace Rer.Engine.Tests.Figures;

public sealed class FigureWriterTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_missing_value_breaks_the_line_and_names_are_escaped()
    {
        var figure = Draw(new FigureLine("a<b & c", [0, 1, 2, 3, 4], [1, 2, double.NaN, 3, 4], "#000001"));
        // Two pieces and the legend's mark.
        Assert.Equal(3, figure.Descendants(Svg + "path").Count(path => path.Attribute("stroke")!.Value == "#000001"));
        Assert.Contains(figure.Descendants(Svg + "text"), text => text.Value == "a<b & c");
    }

    [Fact]
    public void A_higher_value_stands_higher_and_ticks_are_round()
    {
        var figure = Draw(new FigureLine(null, [0, 100], [-0.3, 1.9], "#000001"));
        var path = figure.Descendants(Svg + "path").Single(path => path.Attribute("stroke")!.Value == "#000001").Attribute("d")!.Value;
        var points = path[1..].Split('L')
            .Select(point => double.Parse(point.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.True(points[1] < points[0]);
        var labels = figure.Descendants(Svg + "text").Select(text => text.Value).ToArray();
        Assert.Contains("-1", labels);
        Assert.Contains("2", labels);
    }

    [Fact]
    public void A_constant_series_is_drawn_all_the_same() =>
        Assert.DoesNotContain("NaN", Draw(new FigureLine(null, [0, 1], [2, 2], "#000001")).ToString());

    [Fact]
    public void The_png_has_the_svgs_shape_at_twice_its_density_and_the_lines_colour()
    {
        FigurePanel[] panels = [new("One", "step", "gold", [new FigureLine("gold", [0, 1], [2, 2], "#d55e00")])];
        var view = XDocument.Parse(FigureWriter.Svg(panels)).Root!;
        var (width, height, pixels) = Decode(FigureWriter.Png(panels));
        Assert.Equal(((int)view.Attribute("width")! * 2, (int)view.Attribute("height")! * 2), (width, height));
        Assert.Contains((0xd5, 0x5e, 0x00), pixels);
        Assert.Contains((0xff, 0xff, 0xff), pixels);
    }

    [Fact]
    public void A_dashed_line_is_cut_into_dashes_that_follow_its_bends()
    {
        var dashes = Dash.Cut([(0, 0), (3, 0), (3, 20)]).ToArray();
        Assert.Equal([(0.0, 0.0), (3.0, 0.0), (3.0, 2.0)], dashes[0]);
        Assert.Equal((3.0, 6.0), dashes[1][0]);
        Assert.Equal((3.0, 11.0), dashes[1][^1]);
    }

    private static XDocument Draw(FigureLine line) => XDocument.Parse(FigureWriter.Svg([new FigurePanel("One", "step", "gold", [line])]));

    private static (int Width, int Height, HashSet<(int, int, int)> Pixels) Decode(byte[] png)
    {
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        // Signature, header chunk (25 bytes), then the data chunk's length and type.
        var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(33));
        using var zlib = new ZLibStream(new MemoryStream(png, 41, length), CompressionMode.Decompress);
        using var data = new MemoryStream();
        zlib.CopyTo(data);
        var rows = data.ToArray();
        var pixels = new HashSet<(int, int, int)>();
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var at = (row * ((width * 3) + 1)) + 1 + (column * 3);
                pixels.Add((rows[at], rows[at + 1], rows[at + 2]));
            }
        }

        return (width, height, pixels);
    }
}
