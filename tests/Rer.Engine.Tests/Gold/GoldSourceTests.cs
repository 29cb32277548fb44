using Rer.Engine.Gold;
using Rer.Engine.Models;
using Rer.Engine.Models.Weights;
using Rer.Engine.Tests.Runs;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Gold;

public sealed class GoldSourceTests
{
    [Theory]
    [InlineData("/models/rm", GoldKind.Folder, "/models/rm")]
    [InlineData("/models/rm,v2,label=good", GoldKind.Folder, "/models/rm,v2")]
    [InlineData("dpo:/models/dpo,reference=/models/sft,beta=0.2", GoldKind.Dpo, "/models/dpo")]
    [InlineData("openrlhf:http://host:5000/get_reward,batch=8", GoldKind.OpenRlhf, "http://host:5000/get_reward")]
    [InlineData("vllm-classify:https://host/classify?a=1,b,label=1,model=org/rm", GoldKind.VllmClassify, "https://host/classify?a=1,b")]
    public void What_a_plan_writes_is_read_and_written_again(string text, GoldKind kind, string location)
    {
        var source = GoldSource.Parse(text);
        Assert.Equal((kind, location), (source.Kind, source.Location));
        Assert.Equal(text, source.ToString());
        Assert.Equal(text, source.WithFullPaths().ToString());
        Assert.Empty(source.Problems());
    }

    [Theory]
    [InlineData("openrlhf:http://host:5000", "http://host:5000/get_reward")]
    [InlineData("vllm-classify:http://host:8000/", "http://host:8000/classify")]
    [InlineData("vllm-pooling:http://host:8000", "http://host:8000/pooling")]
    [InlineData("vllm-pooling:http://host/v1/rm/pooling", "http://host/v1/rm/pooling")]
    public void A_server_has_the_path_of_its_kind_where_the_plan_writes_none(string text, string url) =>
        Assert.Equal(url, GoldSource.Parse(text).Url.ToString());

    [Theory]
    [InlineData("openrlhf:host:5000", "needs a URL that begins with http:// or https://, not 'host:5000'.")]
    [InlineData("dpo:/models/dpo", "needs the model that the policy was trained from: dpo:FOLDER,reference=FOLDER.")]
    [InlineData("dpo:/a,reference=/b,beta=0", "beta '0' is outside (0, 1000].")]
    [InlineData("/models/rm,beta=1", "has no setting 'beta'. It takes template, label, normalize.")]
    [InlineData("openrlhf:http://h,batch=0", "batch '0' is outside [1, 10000].")]
    [InlineData("openrlhf:http://h,timeout=soon", "timeout 'soon' is outside (0, 86400] seconds.")]
    [InlineData("openrlhf:http://h,retries=-1", "retries '-1' is outside [0, 100].")]
    [InlineData("openrlhf:http://h,token=RER_TOKEN_NO_SUCH",
        "takes its token from the environment variable RER_TOKEN_NO_SUCH, which is not set.")]
    [InlineData("openrlhf:http://h,token=PATH",
        "token 'PATH' is no variable that may be sent to a server. Such a one is named RER_TOKEN_ and more, for example RER_TOKEN_GOLD,")]
    [InlineData("openrlhf:http://h,token=HF_TOKEN", "token 'HF_TOKEN' is no variable that may be sent to a server.")]
    [InlineData("openrlhf:http://h,token=RER_SERVER_TOKEN", "token 'RER_SERVER_TOKEN' is no variable that may be sent to a server.")]
    [InlineData("openrlhf:http://h,token=RER_TOKEN_", "token 'RER_TOKEN_' is no variable that may be sent to a server.")]
    [InlineData("openrlhf:http://h,token=RER_TOKEN_GOLD_HOST", "token 'RER_TOKEN_GOLD_HOST' is no variable that may be sent to a server.")]
    [InlineData("openrlhf:http://h,template=chat",
        "a server's chat template is not known here. Name the folder that has it: template=FOLDER.")]
    [InlineData("vllm-classify:http://h,label=good", "label 'good' is no class number; the server names only the likeliest class.")]
    [InlineData("/models/rm,template=alpacca", "template 'alpacca' is not known. Known ones: alpaca,")]
    public void What_is_wrong_is_said_with_what_would_be_right(string text, string problem) =>
        Assert.StartsWith(problem, Assert.Single(GoldSource.Parse(text).Problems()));

    [Fact]
    public void Paths_are_made_full_and_a_url_stays()
    {
        Assert.Equal($"dpo:{Path.GetFullPath("a")},reference={Path.GetFullPath("b")}",
            GoldSource.Parse("dpo:a,reference=b").WithFullPaths().ToString());
        Assert.Equal("openrlhf:http://h/x,template=llama-2",
            GoldSource.Parse("openrlhf:http://h/x,template=llama-2").WithFullPaths().ToString());
    }

    [Fact]
    public void Folders_are_opened_with_the_template_that_is_theirs()
    {
        using var study = new TinyStudy();
        using var dpo = GoldRewardModels.Open($"dpo:{study.Policy},reference={study.Policy},beta=2,template=newline", CPU);
        Assert.Equal([0, 0], dpo.Score([new("a query", "an answer"), new("b", "c")]));

        // Without a template of its own a classifier reads query and response as they are; a chat template in the folder wraps them.
        using (var model = CausalLm.Load(study.Policy)) RewriteHead(study.Gold, model);
        using var plain = GoldRewardModels.Open(study.Gold, CPU);
        File.WriteAllText(Path.Combine(study.Gold, "chat_template.jinja"),
            "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}");
        using var chat = GoldRewardModels.Open(study.Gold, CPU);
        var named = GoldRewardModels.Open($"{study.Gold},template=plain", CPU);
        using (named)
        {
            GoldItem[] items = [new("a query", "an answer")];
            Assert.Equal(plain.Score(items), named.Score(items));
            Assert.NotEqual(plain.Score(items), chat.Score(items));
            // The chat template's text is encoded as it is: no token is put before it, which the plain one has.
            Assert.Equal("<user>a query<assistant>an answer".Length, ((CheckpointGold)chat).PrefixRewards(items[0]).Count);
        }
    }

    /// <summary>A head that is not zero, so that texts differ in their rewards.</summary>
    private static void RewriteHead(string folder, CausalLm model)
    {
        using var scope = NewDisposeScope();
        var file = Path.Combine(folder, "model.safetensors");
        Dictionary<string, Tensor> weights;
        using (var source = Safetensors.Open(file)) weights = source.Entries.Keys.ToDictionary(name => name, source.Read);
        using var generator = new Generator(1);
        weights["score.weight"] = randn([1, model.Config.HiddenSize], generator: generator);
        SafetensorsWriter.Write(file, weights);
    }
}
