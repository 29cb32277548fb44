namespace Rer.Engine.Figures;

/// <summary>
/// A font of strokes for figures' labels: ASCII letters, digits and the marks that numbers and designs need. A glyph is drawn on a grid
/// of columns 0 to 4 and rows 0, the foot of a `g`, over 2, the baseline, to 8, the head of an `A`.
/// </summary>
internal static class StrokeFont
{
    private const int Baseline = 2;
    private const int Head = 8;

    /// <summary>Height of an `A` as a share of the font's size.</summary>
    private const double CapHeight = 0.72;

    /// <summary>Columns between glyphs.</summary>
    private const double Gap = 1.5;

    /// <summary>Columns of a space.</summary>
    private const double Space = 2;

    /// <summary>What stands for a character the font has not.</summary>
    private const string Box = "02083832 0232";

    /// <summary>A glyph's strokes, divided by spaces; a stroke is a run of column and row digits.</summary>
    private static readonly Dictionary<char, string> Glyphs = new()
    {
        ['0'] = "120307183847433212",
        ['1'] = "072822 1232",
        ['2'] = "07183847460242",
        ['3'] = "07183847463515 354443321203",
        ['4'] = "32380444",
        ['5'] = "480805354443321203",
        ['6'] = "38180703123243443505",
        ['7'] = "084812",
        ['8'] = "15060718384746351504031232434435",
        ['9'] = "12324347381807061545",
        ['A'] = "022842 1434",
        ['B'] = "02083847463505 3544433202",
        ['C'] = "4738180703123243",
        ['D'] = "02083847433202",
        ['E'] = "48080242 0535",
        ['F'] = "480802 0535",
        ['G'] = "473818070312324345 4525",
        ['H'] = "0208 4248 0545",
        ['I'] = "0208",
        ['J'] = "3833221203",
        ['K'] = "0208 480542",
        ['L'] = "080242",
        ['M'] = "0208244842",
        ['N'] = "02084248",
        ['O'] = "120307183847433212",
        ['P'] = "02083847463505",
        ['Q'] = "120307183847433212 3442",
        ['R'] = "02083847463505 2542",
        ['S'] = "473818070615354443321203",
        ['T'] = "0848 2822",
        ['U'] = "080312324348",
        ['V'] = "082248",
        ['W'] = "0812263248",
        ['X'] = "0248 0842",
        ['Y'] = "082548 2522",
        ['Z'] = "08480242",
        ['a'] = "3632 3526160503122233",
        ['b'] = "0802 0516263533221203",
        ['c'] = "3526160503122233",
        ['d'] = "3832 3526160503122233",
        ['e'] = "04343526160503122233",
        ['f'] = "281712 0626",
        ['g'] = "3631201001 3526160503122233",
        ['h'] = "0802 0516263532",
        ['i'] = "0602 0808",
        ['j'] = "161100 1818",
        ['k'] = "0802 360432",
        ['l'] = "0802",
        ['m'] = "0602 05162522 25364542",
        ['n'] = "0602 0516263532",
        ['o'] = "120305162635332212",
        ['p'] = "0600 0516263533221203",
        ['q'] = "3630 3526160503122233",
        ['r'] = "0602 051626",
        ['s'] = "35261605142433221203",
        ['t'] = "181322 0626",
        ['u'] = "0603122233 3632",
        ['v'] = "062246",
        ['w'] = "0612253246",
        ['x'] = "0632 0236",
        ['y'] = "0622 461000",
        ['z'] = "06360232",
        ['-'] = "0424",
        ['.'] = "0202",
        [','] = "1201",
        ['*'] = "2824 0745 0547",
        [':'] = "0202 0505",
        ['/'] = "0238",
        ['('] = "18070312",
        [')'] = "08171302",
        ['+'] = "0444 2622",
        ['='] = "0333 0535",
        ['%'] = "0248 0808 4242",
        ['?'] = "0718384746252423 2222",
        ['<'] = "360432",
        ['>'] = "063402",
        ['|'] = "0208",
        ['_'] = "0141",
        ['\''] = "0807",
    };

    /// <summary>How wide a text is, in the unit of <paramref name="size"/>.</summary>
    public static double Width(string text, double size) => (text.Sum(Advance) - Gap) * Unit(size);

    /// <summary>A text's strokes: x from its beginning, y from its baseline, downwards.</summary>
    public static IEnumerable<(double X, double Y)[]> Strokes(string text, double size)
    {
        var (unit, left) = (Unit(size), 0.0);
        foreach (var character in text)
        {
            if (character != ' ')
            {
                foreach (var stroke in Glyph(character).Split(' '))
                {
                    yield return [.. Enumerable.Range(0, stroke.Length / 2)
                        .Select(i => ((left + stroke[2 * i] - '0') * unit, (Baseline - (stroke[(2 * i) + 1] - '0')) * unit))];
                }
            }

            left += Advance(character);
        }
    }

    private static string Glyph(char character) => Glyphs.GetValueOrDefault(character, Box);

    private static double Advance(char character) =>
        Gap + (character == ' ' ? Space
            : Glyph(character).Split(' ').Max(stroke => Enumerable.Range(0, stroke.Length / 2).Max(i => stroke[2 * i] - '0')));

    private static double Unit(double size) => size * CapHeight / (Head - Baseline);
}
