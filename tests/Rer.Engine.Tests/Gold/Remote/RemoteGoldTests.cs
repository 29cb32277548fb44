using System.Text.Json;
using Rer.Engine.Gold;
using Rer.Engine.Gold.Remote;
using static Rer.Engine.Tests.Gold.Remote.LoopbackServer;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Gold.Remote;

/// <summary>Each form against a server that speaks it, over real sockets.</summary>
public sealed class RemoteGoldTests
{
    private static readonly GoldTemplate Template = new("Q: ", " A: ", "</s>");
    private static readonly GoldItem[] Items = [.. Enumerable.Range(0, 7).Select(i => new GoldItem($"query {i}", new string('x', i)))];
    private static readonly double[] Lengths = [.. Items.Select(item => (double)Template.Wrap(item).Length)];
    private static readonly EndpointOptions Quick =
        new() { BatchSize = 3, FirstDelay = TimeSpan.FromMilliseconds(1), Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>The reward of a text is its length.</summary>
    private static Answer OpenRlhf(Request request) =>
        new(JsonSerializer.Serialize(new { rewards = request.Texts("query").Select(text => text.Length) }));

    [Fact]
    public void OpenRLHF_is_asked_in_batches_and_answers_in_order()
    {
        using var server = new LoopbackServer(OpenRlhf);
        using var gold = Gold(server, Quick with { Token = "secret" });
        var scores = gold.Judge(Items);
        Assert.Equal(Lengths, scores.Select(score => score.Reward));
        // What a server cuts it does not say.
        Assert.All(scores, score => Assert.Null(score.Cut));
        Assert.Equal([3, 3, 1], server.Requests.Select(request => request.Texts("query").Length));
        var first = server.Requests.First();
        Assert.Equal(("POST", "/get_reward", "Bearer secret"), (first.Method, first.Path, first.Authorization));
        Assert.Equal("Q: query 1 A: x</s>", first.Texts("query")[1]);
        Assert.Equal("Q: query 1 A: ", first.Texts("prompts")[1]);
    }

    [Theory]
    [InlineData("/classify", true)]
    [InlineData("/pooling", false)]
    public void VLLM_is_asked_for_its_model_and_may_answer_out_of_order(string path, bool classify)
    {
        using var server = new LoopbackServer(request => request.Path == "/v1/models"
            ? new("""{"object":"list","data":[{"id":"org/rm"}]}""")
            : new(JsonSerializer.Serialize(new
            {
                data = request.Texts("input").Select((text, index) => classify
                    ? (object)new { index, label = "good", probs = new[] { -1.0, text.Length }, num_classes = 2 }
                    : new { index, data = new[] { new[] { 0.5 }, [text.Length] } }).Reverse(),
            })));
        var url = new Uri(server.Address + path);
        using RemoteGold gold =
            classify ? new VllmClassifyGold(url, null, 1, Template, Quick) : new VllmPoolingGold(url, null, Template, Quick);
        Assert.Equal(Lengths, gold.Score(Items));
        Assert.Equal(["/v1/models", path, path, path], server.Requests.Select(request => request.Path));
        var body = server.Requests.Last().Body!;
        Assert.Equal("org/rm", (string)body["model"]!);
        Assert.Equal(classify, body.ContainsKey("use_activation"));
    }

    [Theory]
    [InlineData("""{"data":[{"index":0,"data":[2.5]}]}""", 2.5)]
    [InlineData("""{"data":[{"index":0,"data":2.5}]}""", 2.5)]
    [InlineData("""{"data":[{"index":0,"data":[[1.0],[2.5]]}]}""", 2.5)]
    public void A_pooled_reward_is_a_number_or_the_last_tokens(string answer, double reward)
    {
        using var server = new LoopbackServer(_ => new(answer));
        using var gold = new VllmPoolingGold(new Uri(server.Address + "/pooling"), "rm", Template, Quick);
        Assert.Equal([reward], gold.Score(Items[..1]));
    }

    [Theory]
    [InlineData("""{"data":[{"index":0,"data":[1.0,2.5]}]}""", "an embedding, not a reward")]
    [InlineData("""{"rewards":[1.0]}""", "its answer is not what vLLM's /pooling gives")]
    [InlineData("""{"data":[]}""", "it answered 1 texts with 0 rewards.")]
    [InlineData("<html>", "its answer is no JSON")]
    public void An_answer_that_is_no_reward_is_told_as_it_is(string answer, string problem)
    {
        using var server = new LoopbackServer(_ => new(answer));
        using var gold = new VllmPoolingGold(new Uri(server.Address + "/pooling"), "rm", Template, Quick);
        var error = Assert.Throws<GoldUnavailableException>(() => gold.Score(Items[..1]));
        Assert.StartsWith($"gold reward model at {server.Address}/pooling: ", error.Message);
        Assert.Contains(problem, error.Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Several_classes_need_one_to_be_named()
    {
        using var server = new LoopbackServer(_ => new("""{"data":[{"index":0,"probs":[0.2,0.8]}]}"""));
        using var gold = new VllmClassifyGold(new Uri(server.Address + "/classify"), "rm", null, Template, Quick);
        Assert.Contains(",label=0", Assert.Throws<GoldUnavailableException>(() => gold.Score(Items[..1])).Message);
    }

    [Fact]
    public void What_may_pass_is_tried_again()
    {
        var asked = 0;
        using var server = new LoopbackServer(request => ++asked switch
        {
            1 => new("busy", 503),
            2 => new("slow down", 429) { RetryAfter = 0 },
            3 => new("half an ans") { CutShort = true },
            _ => OpenRlhf(request),
        });
        using var gold = Gold(server, Quick with { BatchSize = 100 });
        Assert.Equal(Lengths, gold.Score(Items));
        Assert.Equal(4, asked);
    }

    [Fact]
    public void What_does_not_pass_ends_with_the_last_answer_and_the_count()
    {
        using var server = new LoopbackServer(_ => new("""{"detail":"out of memory"}""", 500));
        using var gold = Gold(server, Quick with { Retries = 2 });
        var error = Assert.Throws<GoldUnavailableException>(() => gold.Score(Items));
        Assert.Contains("it answered 500", error.Message);
        Assert.EndsWith("""{"detail":"out of memory"} The last of 3 attempts.""", error.Message);
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(401, null, "It wants a token: set one in the environment.")]
    [InlineData(403, "wrong", "It refuses the token.")]
    [InlineData(404, null, "it answered 404")]
    [InlineData(307, null, "it answered 307")]
    public void What_another_attempt_would_not_mend_is_not_tried_again(int status, string? token, string problem)
    {
        using var server = new LoopbackServer(_ => new("no", status));
        using var gold = Gold(server, Quick with { Token = token });
        Assert.Contains(problem, Assert.Throws<GoldUnavailableException>(() => gold.Score(Items)).Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void A_server_that_does_not_answer_in_time_or_is_not_there_is_named()
    {
        string address;
        using (var server = new LoopbackServer(_ => new("{}") { Delay = TimeSpan.FromSeconds(1) }))
        {
            address = server.Address;
            using var slow = Gold(server, Quick with { Timeout = TimeSpan.FromMilliseconds(50), Retries = 0 });
            Assert.Contains("no answer within 0.05 seconds.", Assert.Throws<GoldUnavailableException>(() => slow.Score(Items)).Message);
        }
        using var gone = new OpenRlhfGold(new Uri(address + "/get_reward"), Template, Quick with { Retries = 1 });
        Assert.Contains("no connection", Assert.Throws<GoldUnavailableException>(() => gone.Score(Items)).Message);
    }

    [Fact]
    public void A_wait_is_called_off_with_the_run()
    {
        using var stop = new CancellationTokenSource();
        using var server = new LoopbackServer(_ =>
        {
            stop.CancelAfter(50);
            return new("busy", 503);
        });
        using var gold = Gold(server, Quick with { FirstDelay = TimeSpan.FromMinutes(10) });
        Assert.Throws<OperationCanceledException>(() => gold.Score(Items, stop.Token));
    }

    [Fact]
    public void A_plan_names_it_with_its_settings_and_its_token_by_variable()
    {
        using var server = new LoopbackServer(
            request => new(JsonSerializer.Serialize(new { rewards = request.Texts("query").Select(text => new[] { text.Length }) })));
        Environment.SetEnvironmentVariable("RER_TOKEN_TEST", "from the environment");
        using var gold = GoldRewardModels.Open($"openrlhf:{server.Address},template=llama-2,batch=2,token=RER_TOKEN_TEST", CPU);
        Assert.Equal(["[INST] query 0 [/INST]".Length, "[INST] query 1 [/INST]x".Length], gold.Score(Items[..2]));
        Assert.Equal("Bearer from the environment", server.Requests.Single().Authorization);
    }

    [Theory]
    [InlineData(null, true)] // for no host: this machine alone
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.1:PORT", true)]
    [InlineData("127.0.0.1:1", false)]
    [InlineData("gold.example.org", false)]
    [InlineData("127.0.0.1.example.org", false)]
    [InlineData("not a host", false)]
    public void The_usual_token_goes_to_the_host_that_it_was_set_for(string? host, bool sent)
    {
        using var server =
            new LoopbackServer(request => new(JsonSerializer.Serialize(new { rewards = request.Texts("query").Select(_ => 1) })));
        var variable = $"RER_TOKEN_{Guid.NewGuid():n}";
        Environment.SetEnvironmentVariable(variable, "secret");
        Environment.SetEnvironmentVariable($"{variable}_HOST",
            host?.Replace("PORT", $"{new Uri(server.Address).Port}", StringComparison.Ordinal));
        var source = $"openrlhf:{server.Address},token={variable}";
        if (!sent)
        {
            Assert.Contains($"takes its token from {variable}, which is for another host than {new Uri(server.Address).Authority}.",
                Assert.Single(GoldSource.Parse(source).Problems()));
            Assert.Null(GoldSource.Parse(source).Endpoint().Token);
            return;
        }

        using var gold = GoldRewardModels.Open(source, CPU);
        gold.Score(Items[..1]);
        Assert.Equal("Bearer secret", server.Requests.Single().Authorization);
    }

    [Fact]
    public void A_token_is_not_sent_on_to_where_a_server_redirects()
    {
        using var other = new LoopbackServer(_ => new("{}"));
        using var server = new LoopbackServer(_ => new("elsewhere", 307) { Location = other.Address });
        using var gold = Gold(server, Quick with { Token = "secret" });
        Assert.Contains("it answered 307", Assert.Throws<GoldUnavailableException>(() => gold.Score(Items)).Message);
        Assert.Empty(other.Requests);
    }

    private static OpenRlhfGold Gold(LoopbackServer server, EndpointOptions options) =>
        new(new Uri(server.Address + "/get_reward"), Template, options);
}
