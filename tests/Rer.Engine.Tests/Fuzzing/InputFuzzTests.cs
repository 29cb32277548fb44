using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Rer.Engine.Data;
using Rer.Engine.Data.Preferences;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Input;
using Rer.Engine.Library;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Tests.Data;
using Rer.Engine.Tests.Rewards.Custom;
using Rer.Engine.Tests.Runs;

namespace Rer.Engine.Tests.Fuzzing;

/// <summary>Texts and data that people write: whatever is wrong with them is said in the parser's own words.</summary>
public sealed class InputFuzzTests
{
    private const string PlanWithFeatures = """
        {
          "design": {
            "text": "OWN*LI",
            "features": [{ "symbol": "OWN", "kind": "Expression", "source": "words", "examples": [{ "response": "a", "value": 1 }] }]
          },
          "policy": "p", "data": "d", "columns": { "query": "q" }
        }
        """;

    [Fact]
    public void Design_texts() => Reading.Run(
        Texts("LI", "RER", "OE: LI*RP*QR; CE: RP*RAR", "OE: LI; CE: RAR(0..2.5)*RP", "1", ""), ByteMutations.With(ByteMutations.Formula),
        input =>
        {
            var text = Encoding.UTF8.GetString(input);
            var read = RewardDesign.TryParse(text, out var design, out var error);
            Require(read == (error.Length == 0), "an error and a design");
            Require(error.Length < 10_000, $"an error of {error.Length} characters");
            if (read) Require(RewardDesign.Parse(design.Text) == design, "a design that is another when it is read back");
        });

    [Fact]
    public void Expressions() => Reading.Run(
        Texts("min(words, 150) / 100 * rp", "if(words > 3 and rp < 1, -2^2, 1.5)", "max(1, 2, (3)) - -words",
            "clamp(log(words + 1), 0, 1) or words == 2"),
        ByteMutations.With(ByteMutations.Formula), input =>
        {
            if (Expression.TryParse(Encoding.UTF8.GetString(input), out var expression, out var error))
                expression.Evaluate(Features.Item("a b c", reference: "d", qr: 1, rar: 1));
            else
                Require(error is { Line: > 0, Column: > 0, Message.Length: < 2000 }, "an error without a place");
        });

    [Fact]
    public void JSON_and_JSON_Lines() => Reading.Run(
        Texts(
            "{\"input\": \"a\", \"output\": \"é\", \"qtype\": \"OPENENDED\", \"relevance\": 0.5}\n{\"instruction\": \"b\", \"input\": "
                + "\"c\", \"qtype_predicted\": true}\n",
            "[{\"input\": \"a\"},\n {\"prompt\": \"p\", \"chosen\": \"c\", \"rejected\": \"r\"}]",
            "{\"chosen\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"q\"}]}, {\"role\": \"assistant\", "
                + "\"content\": \"a\"}], \"rejected\": \"\\n\\nHuman: q\\n\\nAssistant: b\"}\n",
            "[{\"input\": \"a\"},\n {\"prompt\": \"p\", \"chosen\": \"c\", \"chosen\": \"c\", \"rejected\": \"r\"}]"),
        ByteMutations.With(ByteMutations.Json), input => Read("data.jsonl", input));

    [Fact]
    public void Tables() => Reading.Run(
        Texts("input,output,qtype\r\n\"Say \"\"hi\"\", then\nbye.\",Hi.,CONSTRAINED\r\n\r\nTell.,,OPENENDED\r\n",
            "prompt,chosen,rejected\na,b,c\n"),
        ByteMutations.With(ByteMutations.Table), input => Read("data.csv", input));

    [Fact]
    public void Packed_files() => Reading.Run(
        [Pack("{\"input\": \"a\"}\n"), Pack(string.Concat(Enumerable.Repeat("{\"input\": \"abc\"}\n", 500)))], ByteMutations.With(),
        input =>
        {
            // More would be many copies of a good file, one behind the other.
            if (input.Length < 20_000) Read("data.jsonl.gz", input);
        });

    [Fact]
    public void Parquet() =>
        Reading.Run(ParquetSeeds(), ByteMutations.With("PAR1", "\0\0\0\0", "list", "element"), input => Read("data.parquet", input));

    [Fact]
    public void Plans() => Reading.Run(
        [JsonSerializer.SerializeToUtf8Bytes(Samples.Plan(), RunJson.Indented), .. Texts(PlanWithFeatures), .. FuzzSeeds.Of("plans")],
        ByteMutations.With([.. ByteMutations.Json, "\"seed\":", "\"ppo\":", "\"steps\":"]), input =>
        {
            try
            {
                var plan = JsonInput.Read<RunPlan>(input);
                Require(plan.ValidateOptions() is not null, "nothing");
                Require(JsonSerializer.Serialize(plan, RunJson.Compact).Length > 0, "nothing");
            }
            catch (JsonInputException error)
            {
                Require(error.Errors.Count > 0, "an error that says nothing");
                Require(error.Errors.All(wrong => wrong.Message.Length is > 0 and < 10_000), "an error that says too much");
            }
        });

    /// <summary>Reads a file as prompts, as pairs and for the library.</summary>
    private static void Read(string name, byte[] content)
    {
        try
        {
            var rows = DataFile.Read(name, content);
            Expect(() => DataFile.Convert(name, rows, row => PromptSet.ReadItem(row)));
            Expect(() => DataFile.Convert(name, rows, row => PreferenceSet.ReadPair(row, new PreferenceColumns())));
            PromptImport.Read(name, content).Build();
            if (IsPlainUtf8(name, content) && content.AsSpan().IndexOf("\uFFFD"u8) < 0)
                Require(rows.All(row => !row.Fields.ToString().Contains('\uFFFD', StringComparison.Ordinal)), "a replacement character");
        }
        catch (DataFileException error)
        {
            Require(error.Errors.Count > 0, "an error that says nothing");
            Require(error.Errors.All(wrong => wrong.StartsWith(name, StringComparison.Ordinal)), "an error without its file");
        }
    }

    /// <summary>Whether a text's replacement characters can only have been in the file: nothing is replaced.</summary>
    private static bool IsPlainUtf8(string name, byte[] content) =>
        name is "data.jsonl" or "data.csv" && content is not ([0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, ..]);

    private static void Expect(Action read)
    {
        try
        {
            read();
        }
        catch (DataFileException)
        {
            // Said of every row.
        }
    }

    private static void Require(bool holds, string found)
    {
        if (!holds) throw new InvalidOperationException($"found {found}.");
    }

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var writing = new GZipStream(packed, CompressionLevel.SmallestSize)) writing.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private static byte[][] ParquetSeeds() =>
    [
        ParquetFile.Of(
            new ParquetPrompt { Instruction = "a", Output = "b", Relevance = 0.5, Rank = 3 }, new ParquetPrompt { Instruction = "c" }),
        ParquetFile.Of(
            new ParquetPair { prompt = "a", chosen = [new() { role = "user", content = "q" }, new() { role = "assistant", content = "a" }],
                rejected = [], tags = ["x"] },
            new ParquetPair { prompt = "b" }),
        .. FuzzSeeds.Of("parquet"),
    ];
}
