using System.Text.Json.Nodes;
using Rer.Cli;
using Rer.Engine.Tests.Models;

namespace Rer.Engine.Tests.Cli;

/// <summary>Commands on a model folder.</summary>
public sealed class ModelCommandTests : IDisposable
{
    private readonly CommandLine _rer = new();

    private static string Stories => Fixtures.File("models", "stories260K");

    public void Dispose() => _rer.Dispose();

    [SharedFact]
    public void Lines_become_ids_and_ids_become_lines()
    {
        var (exit, ids, _) = _rer.Run(["tokenize", "--model", Stories], "Once upon a time\nTom\n");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.StartsWith("1 403 407 261 378\n1 ", ids);

        Assert.Equal("Once upon a time\nTom\n", _rer.Run(["tokenize", "--model", Stories, "--decode", "--no-special"], ids).Out);
        Assert.Equal("""["▁Once","▁upon"]""" + "\n",
            _rer.Run(["tokenize", "--model", Stories, "--tokens", "--no-special", "Once upon"]).Out);
    }

    [SharedFact]
    public void A_small_policy_is_told_of_its_preset()
    {
        var (exit, output, _) = _rer.Run(["inspect", Stories]);
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Matches("small policy +train with --preset small-policy: --detach-value-head true, --learning-rate 0.0005", output);
    }

    [SharedFact]
    public void What_is_no_id_is_named()
    {
        var (exit, _, error) = _rer.Run(["tokenize", "--model", Stories, "--decode", "1 x"]);
        Assert.Equal((ExitCode.Failed, "'x' is not a token id. --decode takes lines of whole numbers.\n"), (exit, error));
    }

    [SharedFact]
    public void Generated_rows_can_be_scored()
    {
        const string rows = """{"id":1,"query":"Once upon a time","qtype":"OPENENDED"}""";
        string[] generate = ["generate", "--model", Stories, "--in", "-", "--samples", "2", "--max-response-tokens", "12", "--seed", "5",
            "--device", "cpu"];

        var (exit, generated, error) = _rer.Run(generate, rows);

        Assert.Equal((ExitCode.Ok, ""), (exit, error));
        Assert.Equal(generated, _rer.Run(generate, rows).Out);
        var scored = _rer.Run(["score", "--design", "LI"], generated).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, scored.Length);
        Assert.All(scored, row => Assert.True((double)JsonNode.Parse(row)!["reward"]! > 0));
        Assert.NotEqual((string)JsonNode.Parse(scored[0])!["response"]!, (string)JsonNode.Parse(scored[1])!["response"]!);
    }

    [SharedFact]
    public void A_folder_is_described_without_loading_it()
    {
        var (exit, output, _) = _rer.Run(["inspect", Stories, "--tensors"]);
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Matches(@"\nparameters +260,032\n", output);
        Assert.Matches(@"\nvocabulary +512 rows, tokenizer 512\n", output);
        Assert.Matches(@"\nchat template +none\nserves as +policy\n", output);
        Assert.Matches(@"\nmemory of a run with batches of 16, .+:\n(.+\n)*at the peak +\d", output);
        Assert.Matches(@"\nmodel\.norm\.weight +F32 +\[64\]\n", output);
    }

    [Theory]
    [InlineData("tiny-starling", "gold (head v_head, read before the first padding token)")]
    [InlineData("tiny-bert", "encoder for relevance")]
    [SharedData("tiny-gptneox", "policy")]
    public void It_is_told_what_a_folder_can_serve_as(string model, string use)
    {
        var (exit, output, error) = _rer.Run(["inspect", Fixtures.File("models", model)]);
        Assert.Equal((ExitCode.Ok, ""), (exit, error));
        Assert.Contains($"serves as      {use}\n", output);
    }

    [SharedFact]
    public void A_policy_answers_under_its_own_chat_template()
    {
        var folder = Path.Combine(_rer.Folder, "chatty");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(Stories)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var config = Path.Combine(folder, "tokenizer_config.json");
        var json = JsonNode.Parse(File.ReadAllText(config))!.AsObject();
        json["bos_token"] = "<s>";
        json["chat_template"] = "{{ bos_token }}{% for m in messages %}{{ m.content | trim }}{% endfor %}";
        // What is copied from a fixture may be read-only.
        File.Delete(config);
        File.WriteAllText(config, json.ToJsonString());

        string[] generate = ["generate", "--greedy", "--max-response-tokens", "8", "--device", "cpu"];
        var plain = _rer.Run([.. generate, "--model", Stories, "Once upon a time"]);
        var chat = _rer.Run([.. generate, "--model", folder, "--template", "chat", "  Once upon a time\t"]);

        Assert.Equal((ExitCode.Ok, ""), (chat.Exit, chat.Error));
        Assert.Equal(plain.Out, chat.Out);
        var (exit, _, error) = _rer.Run([.. generate, "--model", Stories, "--template", "chat", "Hi"]);
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("has no chat template", error);
        Assert.Matches(@"\nchat template +one\n", _rer.Run(["inspect", folder]).Out);
    }

    [SharedFact]
    public void Weights_that_are_not_those_of_the_configuration_fail_the_inspection()
    {
        using var folder = new TemporaryFolder().With(Stories);
        File.WriteAllText(folder.File("config.json"),
            File.ReadAllText(folder.File("config.json"))
                .Replace("\"num_hidden_layers\": 5", "\"num_hidden_layers\": 4", StringComparison.Ordinal));
        var (exit, output, error) = _rer.Run(["inspect", folder.Path]);
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("parameters", output);
        Assert.Contains("the weights do not fit config.json.", error);
        Assert.Contains("model.layers.4.input_layernorm.weight [64]", error);
    }

    [Theory]
    [InlineData("inspect"), InlineData("tokenize"), InlineData("generate")]
    public void A_folder_that_is_not_there_is_named(string command)
    {
        var folder = Path.Combine(_rer.Folder, "none");
        string[] arguments = command == "inspect" ? ["inspect", folder] : [command, "--model", folder, "text"];
        var (exit, _, error) = _rer.Run(arguments);
        Assert.Equal(ExitCode.Failed, exit);
        Assert.StartsWith($"{folder}: there is no such ", error);
    }

    [Fact]
    public void Pairs_are_made_from_references_and_counted_by_kind()
    {
        var data = _rer.File(
            "data.jsonl",
            string.Concat(
                Enumerable.Range(0, 8)
                    .Select(
                        i => $$"""{"input":"Question {{i}}?","output":"The answer number {{i}} is long enough to cut and to shuffle."}"""
                            + "\n")));
        var pairs = Path.Combine(_rer.Folder, "pairs.jsonl");

        var (exit, output, _) = _rer.Run(["make-pairs", "--data", data, "--out", pairs]);

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Matches(@"shuffled-words +2\n", output);
        Assert.EndsWith("all                  8\n", output);
        Assert.All(File.ReadAllLines(pairs),
            line => Assert.NotEqual((string)JsonNode.Parse(line)!["chosen"]!, (string)JsonNode.Parse(line)!["rejected"]!));
    }
}
